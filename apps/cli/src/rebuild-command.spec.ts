import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { KeyedRow } from '@trellis/event-sourcing';
import { algebra, all, place, removeFolders, type Place } from './testing.js';

afterAll(removeFolders);

const LEARNERS = 5;
const ANSWERS = 60;

async function withAnswers(): Promise<Place> {
  const at = await algebra();
  at.file('a.csv', `learner,item,correct\n${Array.from({ length: ANSWERS }, (_, n) => `l${n % LEARNERS},q${1 + (n % 4)},${n % 2}`).join('\n')}`);
  await at.trellis(['import', 'a.csv']);
  return at;
}

const rowsOf = (at: Place, name: string): Promise<readonly KeyedRow[]> => at.look(async ({ views }) => (await all(views.scan({ name }))).flat());

interface Rebuilt {
  readonly views: readonly { readonly view: string; readonly events: number; readonly rows: number; readonly seconds: number }[];
}

it('makes rows that were deleted again, byte for byte', async () => {
  const at = await withAnswers();
  const before = { learner: await rowsOf(at, 'learner'), course: await rowsOf(at, 'course') };
  expect([before.learner.length, before.course.length]).toEqual([LEARNERS, 1]);
  rmSync(join(at.cwd, '.trellis', 'rows'), { recursive: true });
  const ran = await at.trellis(['rebuild', '--json']);
  expect(ran.code).toBe(0);
  expect(ran.json<Rebuilt>().views).toEqual([
    { view: 'learner', events: ANSWERS, rows: LEARNERS, seconds: expect.any(Number) },
    { view: 'course', events: 1, rows: 1, seconds: expect.any(Number) },
    { view: 'classroom', events: 0, rows: 0, seconds: expect.any(Number) },
    { view: 'calibration', events: 0, rows: 0, seconds: expect.any(Number) },
  ]);
  expect({ learner: await rowsOf(at, 'learner'), course: await rowsOf(at, 'course') }).toEqual(before);
});

it('replaces rows that have lost part of what they held, of the view that is named only', async () => {
  const at = await withAnswers();
  const before = await rowsOf(at, 'learner');
  await at.look(async ({ views }) => {
    const checkpoint = await views.checkpoint({ name: 'learner' });
    await views.drop({ name: 'learner' });
    await views.write({ name: 'learner' }, before.slice(1), checkpoint ?? undefined);
  });
  expect(await rowsOf(at, 'learner')).toHaveLength(LEARNERS - 1);
  const ran = await at.trellis(['rebuild', 'learner']);
  expect(ran.code).toBe(0);
  expect(ran.out).toMatch(/^rebuilt from the first event of the log; readers have switched\n {2}view +events +rows +seconds\n {2}learner +60 +5 +[0-9.]+\n$/);
  expect(await rowsOf(at, 'learner')).toEqual(before);
});

it('switches nothing when it is interrupted', async () => {
  const at = await withAnswers();
  const before = await rowsOf(at, 'learner');
  const generation = (): Promise<number> => at.look(({ views }) => views.liveGeneration('learner'));
  const live = await generation();
  const ran = await at.trellis(['rebuild'], { signal: AbortSignal.abort() });
  expect([ran.code, ran.out]).toEqual([130, '']);
  expect(ran.err).toContain('trellis: interrupted: readers were not switched to the rows of learner; run it again.\n');
  expect(await generation()).toBe(live);
  expect(await rowsOf(at, 'learner')).toEqual(before);
});

describe('wrong usage', () => {
  it('of a view that there is none of names those that there are, and rebuilds nothing', async () => {
    const at = await withAnswers();
    const ran = await at.trellis(['rebuild', 'learner', 'lerner']);
    expect([ran.code, ran.out, ran.err]).toEqual([2, '', 'trellis: there is no view "lerner"; name some of learner, course, classroom, calibration.\n']);
  });

  it('of a folder without data makes none', async () => {
    const at = place();
    const ran = await at.trellis(['rebuild', '--json']);
    expect(ran.code).toBe(1);
    expect(ran.json<{ error: string }>().error).toContain('there is no data in ');
    expect(existsSync(join(at.cwd, '.trellis'))).toBe(false);
  });
});
