import { EventEmitter } from 'node:events';
import type { EventId, StreamName } from '@trellis/event-sourcing';
import { algebra, place, removeFolders, type Place } from './testing.js';

afterAll(removeFolders);

interface Line {
  readonly position: string;
  readonly recordedAt: string;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly bytes?: string;
}

/** A course at position 1, then answers of two learners by turns. */
async function withAnswers(): Promise<Place> {
  const at = await algebra();
  at.file('a.csv', `learner,item,correct,time\n${Array.from({ length: 10 }, (_, n) => `${n % 2 === 0 ? 'ana' : 'ben'},q1,1,2026-03-02T08:00:0${n}Z`).join('\n')}`);
  await at.trellis(['import', 'a.csv']);
  return at;
}

const lines = (out: string): readonly Line[] => out.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Line); // what the command writes
const positions = (out: string): readonly string[] => lines(out).map(({ position }) => position);

it('shows every event in the order of the log, decoded', async () => {
  const at = await withAnswers();
  const { code, out, err } = await at.trellis(['log']);
  expect([code, err]).toEqual([0, '']);
  expect(positions(out)).toEqual(Array.from({ length: 11 }, (_, n) => String(n + 1)));
  expect(lines(out)[1]).toEqual({
    position: '2',
    recordedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    stream: 'learner-default.ana',
    revision: 0,
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    type: 'AnswerGiven',
    meta: expect.objectContaining({ occurredAt: '2026-03-02T08:00:00.000Z', sequence: 2, schema: 1 }),
    data: expect.objectContaining({ item: 'q1', score: 1 }),
  });
});

it.each([
  [['--after', '8'], ['9', '10', '11']],
  [['--limit', '2'], ['1', '2']],
  [['--stream', 'learner-default.ben'], ['3', '5', '7', '9', '11']],
  [['--stream', 'learner-default.ben', '--after', '7', '--limit', '1'], ['9']],
  [['--stream', 'learner-default.b'], []],
  [['--stream', 'learner-default.b', '--after', '1'], []],
  [['--prefix', 'learner-', '--limit', '3'], ['2', '3', '4']],
  [['--prefix', 'course-'], ['1']],
  [['--after', '11'], []],
  [['--after', '900'], []],
])('with %j shows the positions %j', async (words, expected) => {
  const at = await withAnswers();
  expect(positions((await at.trellis(['log', ...words])).out)).toEqual(expected);
});

it('shows events that this program does not know with their bytes, and those that were erased', async () => {
  const at = await algebra();
  await at.look(async ({ sources: { store, codec } }) => {
    const stream = 'learner-default.ana' as StreamName; // a name of this test
    const id = (n: number): EventId => `00000000-0000-5000-8000-00000000000${n}` as EventId; // a UUID by construction
    const known = codec.encode(id(1), '0'.repeat(16), { type: 'AnswerGiven', data: {} }, { source: 'spec', occurredAt: 0, claimedAt: 5, schema: 1 });
    await store.append(stream, [{ ...known, id: id(2), type: 'RocketLaunched' }, { ...known, id: id(3), bytes: Uint8Array.of(1, 255, 255) }, { ...known, id: id(4), bytes: new Uint8Array(0) }, known], 'any');
  });
  const ran = await at.trellis(['log', '--prefix', 'learner-']);
  expect(ran.err).toBe('');
  const shown = lines(ran.out);
  const [unknown, unreadable, erased, readable] = shown;
  expect(unknown).toMatchObject({ type: 'RocketLaunched', bytes: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/) });
  expect(unknown).not.toHaveProperty('data');
  expect(unreadable).toMatchObject({ bytes: 'Af//', unreadable: true });
  expect(erased).toMatchObject({ bytes: '', erased: true });
  expect(readable?.meta).toEqual({ source: 'spec', schema: 1, occurredAt: '1970-01-01T00:00:00.000Z', claimedAt: '1970-01-01T00:00:00.005Z' });
});

it('ends by itself after as many as were asked for, though it follows', async () => {
  const at = await withAnswers();
  expect(positions((await at.trellis(['log', '--follow', '--limit', '3'])).out)).toEqual(['1', '2', '3']);
});

it('writes no faster than its reader takes it', async () => {
  const at = await withAnswers();
  const output = Object.assign(new EventEmitter(), {
    taken: 0,
    write() {
      this.taken++;
      setImmediate(() => output.emit('drain'));
      return false;
    },
  });
  expect((await at.trellis(['log'], { stdout: output })).code).toBe(0);
  expect(output.taken).toBe(1);
  const stuck = Object.assign(new EventEmitter(), { write: () => false });
  const ending = new AbortController();
  const waiting = at.trellis(['log', '--follow'], { stdout: stuck, signal: ending.signal });
  while (stuck.listenerCount('drain') === 0) await new Promise(setImmediate);
  ending.abort();
  expect((await waiting).code).toBe(130);
});

it.each([
  [['--stream', 'a', '--prefix', 'b'], 2, '--stream and --prefix exclude each other: name one stream, or what the names of several begin with'],
  [['--after', 'x'], 2, '--after "x" is not a position; take one that a command or a service gave out'],
  [['--limit', '0'], 2, "option '--limit <events>' argument '0' is invalid. It must be a whole number from 1"],
])('refuses %j', async (words, code, sentence) => {
  expect(await place().trellis(['log', ...words])).toMatchObject({ code, out: '', err: `trellis: ${sentence}.\n` });
});

it('says that there is nothing where there is nothing', async () => {
  const at = place();
  expect(await at.trellis(['log'])).toMatchObject({ code: 1, err: `trellis: there is no data in ${at.cwd}/.trellis: name another folder with --data.\n` });
});

it.each([['log'], ['verify'], ['repair']])('explains %s on demand', async (command) => {
  const { code, out } = await place().trellis([command, '--help']);
  expect(code).toBe(0);
  expect(out).toContain(`Usage: trellis ${command} [options]`);
  expect(out).toContain('Examples:');
});
