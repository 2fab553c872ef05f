import { readFileSync } from 'node:fs';
import type { CourseContent } from '@trellis/learning';
import { courseGraph } from './course-graph.js';
import { newChoice, type Policy } from './policy.js';
import { runPolicy } from './run.js';
import { trueState } from './true-state.js';
import { wornItemsWorld } from './worlds/l.js';
import { WORLDS } from './worlds/worlds.js';

const course = courseGraph(JSON.parse(readFileSync(new URL('../../../samples/elementary-algebra/course.json', import.meta.url), 'utf8')) as CourseContent);

/** The first needed skill, always. */
const first: Policy = {
  name: 'first',
  begin: ({ neededSkills }) => ({ choose: () => ({ ...newChoice(), skill: neededSkills[0] ?? 0 }), observe: () => undefined }),
};

const gainOf = (policy: Policy, world: (typeof WORLDS)[number], students = 20): number =>
  runPolicy({ course, world, policy, split: 2, from: 0, to: students }).gain.reduce((sum, gain) => sum + gain, 0);

it.each([...WORLDS, wornItemsWorld].map((world) => [world.id, world] as const))('gains far more than a policy that sees nothing, in world %s', (_id, world) => {
  expect(gainOf(trueState('truth'), world)).toBeGreaterThan(3 * Math.max(0.1, gainOf(first, world)));
});

it('leaves the student as it was when it has tried out what would come', () => {
  const world = WORLDS[0];
  if (world === undefined) throw new Error('no world');
  const student = world.student(course, 2, 0);
  const { setting } = student;
  const before = Array.from(setting.neededSkills, (skill) => student.score(skill));
  const run = trueState('truth').begin(setting, () => 0, student, world.valueFlow);
  const { skill } = run.choose(setting.warmUp);
  expect(setting.neededSkills.includes(skill) || skill < setting.skills).toBe(true);
  expect(Array.from(setting.neededSkills, (each) => student.score(each))).toEqual(before);
  expect(run.choose(setting.warmUp).skill).toBe(skill);
});
