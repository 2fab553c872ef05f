// What `trellis parked` says before it has asked any broker; what it does with one is in the specs of ingest.
import { place, removeFolders, type Ran } from './testing.js';

afterAll(removeFolders);

const WHICH = 'trellis: say which: name places as "trellis parked list" shows them, or give --code or --all.\n';

const ran = (words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> => place().trellis(['parked', ...words], { env });

describe.each(['retry', 'discard'])('%s', (what) => {
  it.each([
    ['nothing is named',             []],
    ['all and a code are given',     ['--all', '--code', 'unknown-item']],
    ['all and a place are given',    ['trellis.ingress/3/41', '--all']],
    ['a code and a place are given', ['trellis.ingress/3/41', '--code', 'unknown-item']],
  ])('asks which when %s', async (_, words) => {
    // Brokers that are not there: it asks before it looks for them.
    const { code, out, err } = await ran([what, ...words], { TRELLIS_KAFKA_BROKERS: '127.0.0.1:1' });
    expect([code, out, err]).toEqual([2, '', WHICH]);
  });

  it('gives the sentence as JSON too', async () => {
    const told = await ran([what, '--json']);
    expect(told.code).toBe(2);
    expect(`trellis: ${told.json<{ error: string }>().error}.\n`).toBe(WHICH);
  });
});

it.each([[['list']], [['retry', '--all']], [['discard', '--code', 'unknown-item']], [['retry', 'trellis.ingress/3/41']]])('says which variable is missing: parked %p', async (words) => {
  const { code, out, err } = await ran(words);
  expect([code, out, err]).toEqual([1, '', 'trellis: TRELLIS_KAFKA_BROKERS is missing: it says where the brokers are, as host:port,host:port.\n']);
});

it('says which brokers cannot be reached', async () => {
  const { code, out, err } = await ran(['list'], { TRELLIS_KAFKA_BROKERS: '127.0.0.1:1' });
  expect([code, out]).toEqual([1, '']);
  expect(err).toMatch(/^trellis: .*127\.0\.0\.1:1\b.*\.\n$/);
});

it('knows no other thing to do with them', async () => {
  const { code, err } = await ran(['forget']);
  expect(code).toBe(2);
  expect(err).toContain("unknown command 'forget'");
});
