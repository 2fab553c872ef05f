import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Edge, Intake } from '@trellis/ingest';
import type { Engine } from '@trellis/engine';
import type { KeyedRow } from '@trellis/event-sourcing';
import { DEFAULT_TENANT } from '@trellis/service';
import { algebra, all, removeFolders, type Place } from './testing.js';

afterAll(removeFolders);

const LEARNERS = 15;
const VIEW = { name: 'learner' };

async function withAnswers(): Promise<Place> {
  const at = await algebra();
  at.file('a.csv', `learner,item,correct\n${Array.from({ length: 150 }, (_, n) => `l${n % LEARNERS},q${1 + (n % 4)},${n % 2}`).join('\n')}`);
  await at.trellis(['import', 'a.csv']);
  return at;
}

async function rowsOf({ sources }: Engine): Promise<KeyedRow[]> {
  return (await all(sources.views.scan(VIEW))).flat();
}

/** Writes the rows anew, so that the guard has nothing to say. */
async function rewrite(engine: Engine, change: (row: KeyedRow) => readonly KeyedRow[]): Promise<void> {
  const { views } = engine.sources;
  const rows = (await rowsOf(engine)).flatMap(change);
  const checkpoint = await views.checkpoint(VIEW);
  await views.drop(VIEW);
  await views.write(VIEW, rows, checkpoint ?? undefined);
}

/** A byte of the state is another: whose row it is tells `keys`. */
function tampered(keys: (key: string) => boolean): (row: KeyedRow) => readonly KeyedRow[] {
  return ({ key, row }) => {
    const bytes = row.bytes.slice();
    if (keys(key)) bytes[bytes.length - 8] = (bytes[bytes.length - 8] ?? 0) ^ 1;
    return [{ key, row: { ...row, bytes } }];
  };
}

async function answer(engine: Engine, learner: string, times: number): Promise<void> {
  const intake = new Intake(engine.sources.store, new Edge(engine.catalogue, engine.sources.codec), Date.now);
  const rows = Array.from({ length: times }, (_, n) => ({ id: `later-${learner}-${n}`, type: 'AnswerGiven', learner, data: { item: 'q1', correct: true } }));
  await intake.take(DEFAULT_TENANT, rows);
}

describe('replay', () => {
  it('folds everything from the first event and leaves nothing behind', async () => {
    const at = await withAnswers();
    const before = readdirSync(tmpdir()).filter((name) => name.startsWith('trellis-replay-')).length;
    const ran = await at.trellis(['replay', '--json']);
    expect(ran.code).toBe(0);
    expect(ran.json()).toEqual({ events: 150, rows: LEARNERS, equal: null, liveHash: null, rebuiltHash: expect.stringMatching(/^[0-9a-f]{64}$/), seconds: expect.any(Number) });
    expect(ran.err).toMatch(/^trellis: folded 150 events in .* s \(.*\/s\)\n$/);
    expect(readdirSync(tmpdir()).filter((name) => name.startsWith('trellis-replay-')).length).toBeLessThanOrEqual(before);
  });

  it('with --verify finds the live rows equal, and gives the same hash twice', async () => {
    const at = await withAnswers();
    const first = (await at.trellis(['replay', '--verify', '--json'])).json();
    expect(first).toMatchObject({ equal: true, liveHash: first['rebuiltHash'], rows: LEARNERS });
    const { code, out } = await at.trellis(['replay', '--verify']);
    expect(code).toBe(0);
    expect(out).toContain(`live     ${String(first['rebuiltHash'])}\n  equal`);
  });

  it('brings rows that lag up to the log before it compares', async () => {
    const at = await withAnswers();
    await at.look((engine) => answer(engine, 'l1', 20));
    expect((await at.trellis(['replay', '--verify', '--json'])).json()).toMatchObject({ events: 170, equal: true });
  });

  it('names a row that was tampered with, and up to ten of many', async () => {
    const at = await withAnswers();
    await at.look((engine) => rewrite(engine, tampered((key) => key === 'default.l3')));
    const one = await at.trellis(['replay', '--verify', '--json']);
    expect(one.code).toBe(1);
    expect(one.json()).toMatchObject({ equal: false });
    expect(one.err).toContain('1 of the rows differ: default.l3\n');
    await at.look((engine) => rewrite(engine, tampered((key) => key !== 'default.l3')));
    const many = await at.trellis(['replay', '--verify']);
    expect(many.out).toContain('NOT equal');
    expect(many.err).toMatch(/15 of the rows differ: (default\.l\d+, ){9}default\.l\d+ and 5 more\n/);
  });

  it('names a row that is missing, and one of a learner whom the log does not know', async () => {
    const at = await withAnswers();
    await at.look((engine) => rewrite(engine, (row) => (row.key === 'default.l3' ? [] : row.key === 'default.l4' ? [row, { ...row, key: 'default.nobody' }] : [row])));
    const ran = await at.trellis(['replay', '--verify', '--json']);
    expect(ran.json()).toMatchObject({ equal: false });
    expect(ran.err).toContain('2 of the rows differ: default.l3, default.nobody\n');
  });

  it('as of a moment folds what was recorded up to then', async () => {
    const at = await withAnswers();
    const then = await at.look(async ({ sources }) => {
      const records = (await all(sources.store.readAll({ prefix: 'learner-' }))).flat();
      return Math.max(...records.map(({ recordedAt }) => recordedAt));
    });
    const full = (await at.trellis(['replay', '--json'])).json();
    await at.look(async (engine) => {
      while (Date.now() <= then) await new Promise(setImmediate);
      await answer(engine, 'l1', 5);
    });
    const past = (await at.trellis(['replay', '--as-of', new Date(then).toISOString(), '--json'])).json();
    expect(past).toMatchObject({ events: 150, equal: null, liveHash: null, rebuiltHash: full['rebuiltHash'] });
    expect((await at.trellis(['replay', '--as-of', '1970-01-01T00:00:00Z', '--json'])).json()).toMatchObject({ events: 0, rows: 0 });
    expect((await at.trellis(['replay', '--json'])).json()).toMatchObject({ events: 155 });
  });

  it('ends when it is told to, without a word about rows', async () => {
    const at = await withAnswers();
    const ran = await at.trellis(['replay', '--verify', '--json'], { signal: AbortSignal.abort() });
    expect(ran.code).toBe(130);
    expect(ran.json()).toEqual({ interrupted: true });
  });

  it.each([
    [1, ['--data', 'none'], 'there is no data in'],
    [2, ['--as-of', 'yesterday'], '--as-of is "yesterday"; it must be an RFC 3339 time'],
    [2, ['--verify', '--as-of', '2026-01-01T00:00:00Z'], '--verify and --as-of exclude each other'],
  ])('exits with %i: %j: %s', async (code, words, why) => {
    const at = await algebra();
    const ran = await at.trellis(['replay', ...words]);
    expect(ran).toMatchObject({ code, out: '' });
    expect(ran.err).toContain(why);
  });
});

describe('replay --verify beside the process that writes', () => {
  it('compares each row with the history that it covers, however far the rows lag', async () => {
    const at = await withAnswers();
    await at.look(async (engine) => {
      await answer(engine, 'l1', 20);
      await answer(engine, 'newcomer', 3);
      await at.published(engine);
      const ran = await at.trellis(['replay', '--verify', '--json']);
      expect(ran.json()).toMatchObject({ events: 173, rows: LEARNERS + 1, equal: true });
      expect(ran.err).toContain('its rows lag 23 events behind the log');
    });
  });

  it('names rows that were tampered with, and rows that should be there', async () => {
    const at = await withAnswers();
    await at.look(async (engine) => {
      await rewrite(engine, (row) => (row.key === 'default.l5' ? [] : tampered((key) => key === 'default.l3')(row)));
      await answer(engine, 'l3', 2);
      await at.published(engine);
      const ran = await at.trellis(['replay', '--verify', '--json']);
      expect(ran.code).toBe(1);
      expect(ran.json()).toMatchObject({ equal: false });
      expect(ran.err).toContain('2 of the rows differ: default.l3, default.l5\n');
    });
  });
});
