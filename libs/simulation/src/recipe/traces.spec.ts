// The traces and gains published with the worlds and the recipe: split 31, student 0.
import { readFileSync } from 'node:fs';
import type { CourseContent } from '@trellis/learning';
import { courseGraph } from '../course-graph.js';
import { runPolicy } from '../run.js';
import { bktWorld } from '../worlds/b.js';
import { memoryWorld } from '../worlds/f.js';
import { conceptWorld } from '../worlds/k.js';
import { logisticWorld } from '../worlds/l.js';
import { EXPLORATION, GRAPH_FREE, RECOMMENDED } from './constants.js';
import { recipe } from './recipe.js';
import { RECIPES, ablations } from './variants.js';

const course = courseGraph(JSON.parse(readFileSync(new URL('../../../../samples/elementary-algebra/course.json', import.meta.url), 'utf8')) as CourseContent);

const TRACES = [
  ['recommended', RECOMMENDED, conceptWorld, '5- 5- 9- 2- 0+ 1- 0+ 1+ 0+ 1+ 3- 3-', 5, 6],
  ['recommended', RECOMMENDED, bktWorld, '3- 3- 3+ 3+ 3+ 66- 13+ 52+ 50+ 66- 57- 57+', -1, 5],
  ['recommended', RECOMMENDED, logisticWorld, '3+ 3+ 3+ 66- 57+ 57+ 66+ 13+ 50- 52- 50+ 67+', 0.849, 4.585],
  ['recommended', RECOMMENDED, memoryWorld, '26+ 26- 26+ 26+ 72- 28+ 28+ 72+ 73- 74- 73- 74+', 4.176, 7.18],
  ['graph-free', GRAPH_FREE, conceptWorld, '5- 5- 9- 2- 0+ 1- 1+ 0+ 1+ 3- 1+ 3-', 5, 6],
  ['graph-free', GRAPH_FREE, bktWorld, '3- 3- 3+ 3+ 3+ 66- 13+ 52+ 50+ 66- 57- 57+', -1, 5],
  ['graph-free', GRAPH_FREE, logisticWorld, '3+ 3+ 3+ 66- 13+ 50- 52- 13+ 50+ 52- 17- 52-', 0.892, 4.585],
  ['graph-free', GRAPH_FREE, memoryWorld, '26+ 26- 26+ 26+ 72- 28+ 28+ 72+ 73- 74- 73- 74+', 3.713, 7.18],
] as const;

describe('the traces published with the worlds', () => {
  it.each(TRACES.map((row) => [row[0], row[2].id, row] as const))('%s in world %s', (name, _world, [, constants, world, trace, gain, room]) => {
    const answers: string[] = [];
    const columns = runPolicy({ course, world, policy: recipe(name, constants), split: 31, from: 0, to: 1, onAnswer: ({ id, right }) => answers.push(`${id}${right ? '+' : '-'}`) });
    expect(answers.slice(0, 12).join(' ')).toBe(trace);
    expect(columns.gain[0]).toBeCloseTo(gain, 3);
    expect(columns.room[0]).toBeCloseTo(room, 3);
  });
});

describe('logged exploration', () => {
  it('says how likely the choice was, and all probabilities add up to one', () => {
    const exploring = recipe('exploring', { ...GRAPH_FREE, exploration: EXPLORATION });
    const { setting } = bktWorld.student(course, 31, 0);
    const { skill, probability, probabilities } = exploring.begin(setting, () => 0.5).choose(0);
    expect(probabilities?.[skill]).toBe(probability);
    expect(probabilities?.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 12);
  });

  it('takes a skill as often as it says', () => {
    const exploring = recipe('exploring', { ...GRAPH_FREE, exploration: { temperature: 0.5, share: 0.2, plausible: 0.1 } });
    const { setting } = bktWorld.student(course, 31, 0);
    const draws = 1000;
    const taken = new Float64Array(setting.skills);
    let said = new Float64Array(setting.skills);
    for (let n = 0; n < draws; n++) {
      const { skill, probabilities } = exploring.begin(setting, () => (n + 0.5) / draws).choose(0);
      taken[skill] = (taken[skill] ?? 0) + 1 / draws;
      if (probabilities !== null) said = probabilities.slice();
    }
    for (const [skill, share] of taken.entries()) expect(Math.abs(share - (said[skill] ?? 0))).toBeLessThan(2 / draws);
  });
});

describe('variants of the recipe', () => {
  it.each(RECIPES.flatMap((base) => [base, ...ablations(base)]).map(({ name, constants }) => [name, constants] as const))('%s spends its budget or stops', (name, constants) => {
    for (const world of [conceptWorld, memoryWorld]) {
      const { answers } = runPolicy({ course, world, policy: recipe(name, constants), split: 1, from: 0, to: 3 });
      const { budget } = world.student(course, 1, 0).setting;
      for (const count of answers) expect(constants.stops ? count <= budget : count === budget).toBe(true);
    }
  });
});
