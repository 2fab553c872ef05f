// Against the protocol double of KurrentDB: the real client, a server in this process.
import { openKurrentDouble, type KurrentDouble } from '@trellis/engine/testing';
import { algebra, place, removeFolders, type Place } from './testing.js';

let double: KurrentDouble;
let at: Place;

beforeAll(async () => {
  double = await openKurrentDouble();
  at = await algebra();
  at.file('a.csv', 'learner,item,correct\nana,q1,1\nana,q2,1\nben,q3,0\n');
  await at.trellis(['import', 'a.csv']);
});
afterAll(async () => {
  await double.close();
  removeFolders();
});

const WORDS = ['copy', '--from', 'embedded', '--to', 'kurrent'];
const withUrl = () => ({ env: { TRELLIS_KURRENT_URL: double.connectionString.replace('://', '://ann:hush@') } });

it('copies the log of a data folder, and finds it there the second time', async () => {
  const first = await at.trellis([...WORDS, '--json'], withUrl());
  expect(first).toMatchObject({ code: 0, err: '' });
  expect(first.json()).toEqual({
    events: 4, copied: 4, already: 0, verified: 4, goesOn: false,
    position: { from: '4', to: expect.stringMatching(/^\d+$/) as unknown },
    target: double.connectionString.replace('://', '://***@'),
    positions: `${at.cwd}/.trellis/copies/kurrent-127.0.0.1-${double.endPoint.port}.positions`,
    seconds: expect.any(Number) as unknown,
  });
  const second = await at.trellis([...WORDS, '--kurrent-url', double.connectionString]);
  expect(second.out).toMatch(/^0 events copied to kurrentdb:\/\/127.*, 4 there already, [\d.]+ s\n {2}4 events read again and equal, up to position 4, there \d+\n {2}which position became which: .*\.positions\n$/);
});

it('copies into the namespace that is asked for', async () => {
  const ran = await at.trellis([...WORDS, '--namespace', 'north', '--json'], withUrl());
  expect(ran.json()).toMatchObject({ copied: 4, positions: `${at.cwd}/.trellis/copies/kurrent-127.0.0.1-${double.endPoint.port}-north.positions` });
  const { env } = withUrl();
  const again = await at.trellis([...WORDS, '--json'], { env: { ...env, TRELLIS_NAMESPACE: 'north' } });
  expect(again.json()).toMatchObject({ copied: 0, already: 4 });
});

it('ends with 130 when it is broken off', async () => {
  expect(await at.trellis(WORDS, { ...withUrl(), signal: AbortSignal.abort() })).toMatchObject({ code: 130, err: 'trellis: interrupted; run it again to go on from there\n' });
});

it.each([
  [2, ['--from', 'embedded', '--to', 'kurrent'], '--kurrent-url or TRELLIS_KURRENT_URL must name the database'],
  [2, ['--from', 'embedded'], "required option '--to <store>' not specified"],
  [2, ['--from', 'kurrent', '--to', 'kurrent'], "option '--from <store>' argument 'kurrent' is invalid"],
  [1, ['--from', 'embedded', '--to', 'kurrent', '--kurrent-url', 'kurrentdb://ann:hush@127.0.0.1:1?tls=maybe&wrong=1'], 'unknown option "wrong"'],
  [1, ['--from', 'embedded', '--to', 'kurrent', '--kurrent-url', 'kurrentdb://127.0.0.1:1?tls=false', '--data', 'nowhere'], 'there is no data in'],
  [1, ['--from', 'embedded', '--to', 'kurrent', '--kurrent-url', 'kurrentdb://ann:hush@127.0.0.1:1?tls=false'], 'KurrentDB at kurrentdb://***@127.0.0.1:1?tls=false): check that the server runs'],
  [2, ['--from', 'embedded', '--to', 'kurrent', '--kurrent-url', 'kurrentdb://127.0.0.1:1?tls=false', '--namespace', 'North'], '--namespace must be 1 to 32 lower-case letters, digits or hyphens, not "North"'],
])('exits with %i at %j, and says nothing secret', async (code, words, why) => {
  const ran = await at.trellis(['copy', ...words]);
  expect(ran).toMatchObject({ code, out: '' });
  expect(ran.err).toContain(why);
  expect(ran.err).not.toContain('hush');
});

it('explains itself', async () => {
  const { code, out } = await place().trellis(['copy', '--help']);
  expect(code).toBe(0);
  expect(out).toContain('Examples:');
});
