import { readFileSync } from 'node:fs';
import type { CourseContent } from '@trellis/learning';
import { courseGraph } from './course-graph.js';
import { GRAPH_FREE } from './recipe/constants.js';
import { recipe } from './recipe/recipe.js';
import { COLUMNS, joined, runPolicy } from './run.js';
import { logisticWorld, wornItemsWorld } from './worlds/l.js';
import { WORLDS } from './worlds/worlds.js';

const course = courseGraph(JSON.parse(readFileSync(new URL('../../../samples/elementary-algebra/course.json', import.meta.url), 'utf8')) as CourseContent);
const policy = recipe('graph-free', GRAPH_FREE);

describe('a run', () => {
  it.each(WORLDS.map((world) => [world.id, world] as const))('comes to the same numbers in pieces as in one, in world %s', (_id, world) => {
    const piece = (from: number, to: number): ReturnType<typeof runPolicy> => runPolicy({ course, world, policy, split: 2, from, to });
    const whole = piece(0, 8);
    const pieces = joined([piece(0, 3), piece(3, 8)]);
    for (const name of COLUMNS) expect(pieces[name]).toEqual(whole[name]);
  });

  it.each(WORLDS.map((world) => [world.id, world] as const))('keeps every count within its bounds, in world %s', (_id, world) => {
    const run = runPolicy({ course, world, policy, split: 2, from: 0, to: 40 });
    for (const [n, answers] of run.answers.entries()) {
      const at = (name: keyof typeof run): number => run[name][n] ?? NaN;
      for (const name of ['overPractised', 'wheelSpinning', 'violating'] as const) expect(at(name)).toBeLessThanOrEqual(answers);
      for (const name of ['mastered', 'newlyMastered', 'declared', 'told'] as const) expect(at(name)).toBeLessThanOrEqual(at('targets'));
      expect(at('falselyDeclared')).toBeLessThanOrEqual(at('declared'));
      expect(at('falselyTold')).toBeLessThanOrEqual(at('told'));
      expect(at('gain')).toBeLessThanOrEqual(at('room'));
    }
  });

  it('is about recall after weeks only where days alone change something', () => {
    for (const world of WORLDS) {
      const { recallAfter4Weeks } = runPolicy({ course, world, policy, split: 2, from: 0, to: 1 });
      expect(Number.isNaN(recallAfter4Weeks[0])).toBe(world.judgedOnDay === null);
    }
  });
});

describe('items that wear out', () => {
  it('teach less, and are taken in turn', () => {
    const gainOf = (world: typeof logisticWorld): number => runPolicy({ course, world, policy, split: 31, from: 0, to: 100 }).gain.reduce((sum, gain) => sum + gain, 0);
    expect(gainOf(wornItemsWorld)).toBeLessThan(0.95 * gainOf(logisticWorld));
    const uses = new Map<string, number>();
    runPolicy({ course, world: wornItemsWorld, policy, split: 31, from: 0, to: 1, onAnswer: ({ id, item }) => uses.set(`${id}/${item}`, (uses.get(`${id}/${item}`) ?? 0) + 1) });
    const { setting } = wornItemsWorld.student(course, 31, 0);
    for (const [skill, id] of setting.ids.entries()) {
      const ofSkill = Array.from({ length: setting.items[skill] ?? 0 }, (_, item) => uses.get(`${id}/${item}`) ?? 0);
      expect(Math.max(...ofSkill) - Math.min(...ofSkill)).toBeLessThanOrEqual(1);
    }
  });
});
