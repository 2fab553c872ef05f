// The ASSISTments 2009 answers through the front door. The data lie beside the repository and are never part of it.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { place, removeFolders, serving, type Place } from '../src/testing.js';

afterAll(removeFolders);

const ROOT = join(import.meta.dirname, '..', '..', '..');
const DATA = join(process.env['TRELLIS_TEST_DATA'] ?? join(ROOT, '..', 'shared', 'data'), 'gervet_assistments09');
const isThere = existsSync(join(DATA, 'test.tsv.gz'));
if (!isThere) console.warn(`Skipped: ${DATA} is absent, so nothing is said about real data. TRELLIS_TEST_DATA names the folder that holds gervet_assistments09.`);
const withData = isThere ? describe : describe.skip;

const ROWS = 58_266;
const MAP = ['--map', 'learner=user_id,item=item_id,correct=correct,time=timestamp'];

interface Golden {
  readonly learners: {
    readonly rows: readonly { readonly learner: string; readonly answers: number; readonly skills: readonly { readonly skill: string; readonly answers: number; readonly known: number }[] }[];
  };
}

// Made by golden/pybkt.py from these very answers. A cast: the file is ours.
const golden = JSON.parse(readFileSync(join(ROOT, 'libs', 'mastery', 'golden', 'pybkt.json'), 'utf8')) as Golden;

async function published(at: Place, target: readonly string[] = []): Promise<void> {
  const ran = await at.trellis(['course', 'publish', '--q-matrix', join(DATA, 'q_matrix.tsv.gz'), '--id', 'assist09', '--json', ...target]);
  expect(ran.json()).toMatchObject({ course: 'assist09', version: 1, skills: 123, items: 17_708 });
}

/** The golden learners' mastery is what pyBKT makes of the same answers. */
async function agrees(at: Place, target: readonly string[] = []): Promise<void> {
  for (const { learner, answers, skills } of golden.learners.rows) {
    const { basedOn, skills: ours } = (await at.trellis(['mastery', learner, '--json', ...target])).json<{ basedOn: { revision: number }; skills: readonly { skill: string; mastery: number; answers: number }[] }>();
    expect(basedOn.revision).toBe(answers - 1);
    expect(ours.map(({ skill, answers: times }) => [skill, times]).sort()).toEqual(skills.map(({ skill, answers: times }) => [skill, times]).sort());
    for (const { skill, known } of skills) expect(Math.abs((ours.find((one) => one.skill === skill)?.mastery ?? NaN) - known)).toBeLessThanOrEqual(1e-9);
  }
}

withData('the ASSISTments 2009 answers', () => {
  it('go in once, agree with pyBKT, and fold to the same rows again', async () => {
    const at = place();
    await published(at);
    const words = ['import', join(DATA, 'test.tsv.gz'), ...MAP, '--json'];
    expect((await at.trellis(words)).json()).toMatchObject({ read: ROWS, accepted: ROWS, duplicates: 0, rejected: 0, rejectsFile: null });
    expect((await at.trellis(words)).json()).toMatchObject({ read: ROWS, accepted: 0, duplicates: ROWS, rejected: 0 });
    const verified = await at.trellis(['replay', '--verify', '--json']);
    expect(verified).toMatchObject({ code: 0 });
    expect(verified.json()).toMatchObject({ events: ROWS, rows: 623, equal: true });
    await agrees(at);
    // What next is chosen among the course's own items.
    const { items } = (await at.trellis(['recommend', '14', '--count', '3', '--json'])).json<{ items: readonly { item: string; probability: number }[] }>();
    expect(items.length).toBeGreaterThan(0);
    for (const { item } of items) expect(Number(item)).toBeLessThan(17_751);
  }, 60_000);

  // The file has no times, so the edge gives each answer its own: the rows of two imports differ in when, and only in that.
  it('go in over HTTP with the same mastery to the last bit', async () => {
    const at = place();
    const service = await serving(join(at.cwd, 'served'));
    const there = ['--url', service.url];
    try {
      await published(at, there);
      const words = ['import', join(DATA, 'test.tsv.gz'), ...MAP, '--json', ...there];
      expect((await at.trellis(words)).json()).toMatchObject({ read: ROWS, accepted: ROWS, duplicates: 0, rejected: 0 });
      expect((await at.trellis(words)).json()).toMatchObject({ read: ROWS, accepted: 0, duplicates: ROWS });
      await agrees(at, there);
    } finally {
      await service.stop();
    }
    expect((await at.trellis(['replay', '--verify', '--json', '--data', 'served'])).json()).toMatchObject({ events: ROWS, rows: 623, equal: true });
  }, 60_000);
});
