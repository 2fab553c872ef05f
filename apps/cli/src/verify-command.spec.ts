import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Engine, Problem } from '@trellis/engine';
import type { KeyedRow } from '@trellis/event-sourcing';
import { algebra, all, place, removeFolders, type Place, type Ran } from './testing.js';

afterAll(removeFolders);

const LEARNERS = 5;

/** A course, and 60 answers whose rows are kept. */
async function withAnswers(): Promise<Place> {
  const at = await algebra();
  at.file('a.csv', `learner,item,correct\n${Array.from({ length: 60 }, (_, n) => `l${n % LEARNERS},q${1 + (n % 4)},${n % 2}`).join('\n')}`);
  await at.trellis(['import', 'a.csv']);
  return at;
}

const data = (at: Place): string => join(at.cwd, '.trellis');
const segment = (at: Place): string => join(data(at), 'log', '000000000000001.log');

/** One bit of a file is another. */
function flip(path: string, at: number): void {
  const bytes = readFileSync(path);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(path, bytes);
}

/** Writes the rows of a view anew, so that the guard has nothing to say. */
async function rewrite({ sources: { views } }: Engine, name: string, change: (row: KeyedRow) => readonly KeyedRow[]): Promise<void> {
  const rows = (await all(views.scan({ name }))).flat().flatMap(change);
  const checkpoint = await views.checkpoint({ name });
  await views.drop({ name });
  await views.write({ name }, rows, checkpoint ?? undefined);
}

function tampered({ key, row }: KeyedRow): KeyedRow {
  const bytes = row.bytes.slice();
  bytes[bytes.length - 8] = (bytes[bytes.length - 8] ?? 0) ^ 1;
  return { key, row: { ...row, bytes } };
}

const problems = (ran: Ran): readonly (readonly [string, string | null])[] => ran.json<{ problems: readonly Problem[] }>().problems.map(({ kind, position }) => [kind, position]);

describe('verify', () => {
  it('says what it looked at where all is well, and changes nothing', async () => {
    const at = await withAnswers();
    const before = readFileSync(segment(at));
    const ran = await at.trellis(['verify', '--json']);
    expect(ran.code).toBe(0);
    expect(ran.json()).toMatchObject({ ok: true, problems: [], problemsTotal: 0, position: '61', events: 61, erased: 0, lost: 0, streams: 6, segments: 1, rows: LEARNERS + 1, rowsNotCompared: null, seconds: expect.any(Number) });
    expect(readFileSync(segment(at))).toEqual(before);
    const { out, err } = await at.trellis(['verify']);
    expect(out).toMatch(/^ok, .* s\n {2}log {4}61 events of 6 streams up to position 61, 2 batches, 1 segment\n {2}index {2}[0-9]+ entries\n {2}rows {3}6 folded from the first event and compared\n$/);
    expect(err).toBe('');
  });

  it('names a damaged event by its position, and leaves with 1', async () => {
    const at = await withAnswers();
    flip(segment(at), 4_000);
    const ran = await at.trellis(['verify', '--json']);
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ ok: false, problemsTotal: 1, lost: 1, rows: null, rowsNotCompared: 'the log is damaged' });
    expect(problems(ran)).toEqual([['frame', expect.stringMatching(/^\d+$/)]]);
    const { code, out } = await at.trellis(['verify']);
    expect(code).toBe(1);
    expect(out).toMatch(/^NOT ok, [^]*rows {3}not compared: the log is damaged\n\nkind {3}position {2}detail\nframe {2}\d+ +the event is lost: the checksum of the batch does not match/);
  });

  it.each(['learner', 'course'])('names a row of the view %s that its events do not make', async (view) => {
    const at = await withAnswers();
    const key = view === 'learner' ? 'default.l3' : 'default.algebra';
    await at.look((engine) => rewrite(engine, view, (row) => [row.key === key ? tampered(row) : row]));
    const ran = await at.trellis(['verify', '--json']);
    expect(ran.code).toBe(1);
    expect(ran.json()).toMatchObject({ ok: false, problems: [{ kind: 'rows', position: null, detail: `the row of ${view}-${key} is not what its events make of it` }] });
  });

  it('finds a row that is missing, one too many, and one that is ahead of the log', async () => {
    const at = await withAnswers();
    await at.look((engine) =>
      rewrite(engine, 'learner', ({ key, row }) => {
        if (key === 'default.l1') return [];
        if (key === 'default.l2') return [{ key, row }, { key: 'default.nobody', row }];
        return [{ key, row: key === 'default.l4' ? { ...row, revision: row.revision + 1 } : row }];
      }),
    );
    const { problems: found } = (await at.trellis(['verify', '--json'])).json<{ problems: readonly Problem[] }>();
    expect(found.map(({ detail }) => detail)).toEqual(['l4', 'nobody', 'l1'].map((name) => `the row of learner-default.${name} is not what its events make of it`));
  });

  it('takes rows for sound that are behind the log, or were made by another version of the fold', async () => {
    const at = await withAnswers();
    await at.look((engine) => rewrite(engine, 'learner', ({ key, row }) => [key === 'default.l2' ? { key, row: { ...row, version: '0' } } : { key, row }]));
    const kept = join(at.cwd, 'rows-of-before');
    cpSync(join(data(at), 'rows'), kept, { recursive: true });
    at.file('b.csv', 'learner,item,correct\nl1,q1,1\nl9,q2,0');
    await at.trellis(['import', 'b.csv']);
    rmSync(join(data(at), 'rows'), { recursive: true });
    cpSync(kept, join(data(at), 'rows'), { recursive: true });
    expect((await at.trellis(['verify', '--json'])).json()).toMatchObject({ ok: true, events: 63 });
  });

  it('finds rows and an index that cannot be opened, and does not break off', async () => {
    const at = await withAnswers();
    for (const name of ['index', 'rows']) writeFileSync(join(data(at), name, 'data.mdb'), 'nothing of LMDB'.repeat(900));
    const ran = await at.trellis(['verify', '--json']);
    expect([ran.code, problems(ran)]).toEqual([1, [['index', null], ['rows', null]]]);
  });

  it('looks at a folder beside the process that writes it', async () => {
    const at = await withAnswers();
    await at.look(async () => {
      expect((await at.trellis(['verify', '--json'])).json()).toMatchObject({ ok: true, events: 61, rows: 6 });
      expect(await at.trellis(['repair'])).toMatchObject({ code: 1, err: `trellis: ${data(at)} is held by another process; stop it, or name another folder with --data.\n` });
    });
  });

  it('says that there is nothing where there is nothing', async () => {
    const at = place();
    expect(await at.trellis(['verify'])).toMatchObject({ code: 1, err: `trellis: there is no data in ${data(at)}: name another folder with --data.\n` });
  });

  it('ends with 130 after Ctrl-C', async () => {
    const at = await withAnswers();
    const ran = await at.trellis(['verify'], { signal: AbortSignal.abort() });
    expect(ran).toMatchObject({ code: 130, err: 'trellis: interrupted; nothing was changed\n' });
  });
});

describe('repair', () => {
  it('changes nothing where nothing is wrong', async () => {
    const at = await withAnswers();
    const ran = await at.trellis(['repair', '--json']);
    expect(ran.json()).toMatchObject({ repaired: false, kept: 61, lost: [], files: [], problems: [] });
    expect((await at.trellis(['repair'])).out).toMatch(/^nothing is wrong and nothing was changed, /);
  });

  it('says first what it would do, does it, and leaves a folder that services go on with', async () => {
    const at = await withAnswers();
    flip(segment(at), 4_000);
    const refused = await at.trellis(['replay']);
    expect(refused.err).toMatch(/^trellis: the log is damaged at position \d+ /);
    const dry = await at.trellis(['repair', '--dry-run', '--json']);
    expect(dry.json()).toMatchObject({ repaired: false, kept: 60, lostTotal: 1, files: [], problemsTotal: 1 });
    const ran = await at.trellis(['repair', '--json']);
    expect(ran.code).toBe(0);
    expect(ran.json()).toMatchObject({ repaired: true, kept: 60, lost: dry.json()['lost'], lostTotal: 1, files: [`${segment(at)}.damaged`], problems: [], seconds: expect.any(Number) });
    expect(existsSync(`${segment(at)}.damaged`)).toBe(true);
    expect((await at.trellis(['verify', '--json'])).json()).toMatchObject({ ok: true, events: 61, erased: 1 });
    at.file('b.csv', 'learner,item,correct\nl1,q1,1');
    expect((await at.trellis(['import', 'b.csv', '--json'])).json()).toMatchObject({ accepted: 1, position: '62' });
    expect((await at.trellis(['replay', '--verify', '--json'])).json()).toMatchObject({ equal: true });
  });

  it('lists what is lost for people, too', async () => {
    const at = await withAnswers();
    flip(segment(at), 4_000);
    expect((await at.trellis(['repair', '--dry-run'])).out).toMatch(/^would be kept: 60 events, .*\n {2}lost, each with an erased event in its place: 1\n {4}position {2}stream +revision {2}id\n {4}\d+ +learner-default\.l\d +\d+ +[0-9a-f-]{36}\n\nfound:\nkind /);
    expect((await at.trellis(['repair'])).out).toMatch(/^repaired; all else was kept: 60 events, .*\n {2}index and rows are built anew from them\n {2}put aside: .*\.damaged\n/);
  });

  it('builds rows and index anew where only they are wrong', async () => {
    const at = await withAnswers();
    await at.look((engine) => rewrite(engine, 'learner', (row) => [tampered(row)]));
    for (const name of ['index']) writeFileSync(join(data(at), name, 'data.mdb'), 'nothing of LMDB'.repeat(900));
    const ran = await at.trellis(['repair', '--json']);
    expect(ran.json()).toMatchObject({ repaired: true, kept: 61, lost: [], files: [join(data(at), 'index.unreadable')], problems: [] });
    expect(readdirSync(data(at))).toContain('index.unreadable');
    expect((await at.trellis(['replay', '--verify', '--json'])).json()).toMatchObject({ equal: true });
  });
});
