// Parameters as somebody would fit them who had let students of a world practise at random: one set for all skills.
import { fitSoundBkt, type AnswerLog, type BktParameters } from '@trellis/mastery';
import { randomNeeded } from './baselines/random.js';
import type { CourseGraph } from './course-graph.js';
import { runPolicy } from './run.js';
import type { World } from './world.js';

const FIT_STUDENTS = 1_000;
/** Skills are not fitted one by one. */
const NO_SKILL_ALONE = { answersMin: Infinity, learnersMin: Infinity };

/** On students of another split than those that are judged. */
export function fittedBkt(world: World, course: CourseGraph, judged: number): BktParameters {
  const split = judged === 1 ? 2 : 1;
  const [skills, starts] = [new Map<number, number>(), [0]];
  const [combination, right]: [number[], number[]] = [[], []];
  for (let number = 0; number < FIT_STUDENTS; number++) {
    runPolicy({
      course, world, policy: randomNeeded('random'), split, from: number, to: number + 1,
      onAnswer: (answer) => {
        const skill = skills.get(answer.id) ?? skills.size;
        skills.set(answer.id, skill);
        combination.push(skill);
        right.push(answer.right ? 1 : 0);
      },
    });
    starts.push(right.length);
  }
  const log: AnswerLog = {
    vocabulary: { items: [], skills: Array.from(skills.keys(), String), combinations: Array.from(skills.values(), (skill) => Int32Array.of(skill)) },
    learners: Array.from({ length: FIT_STUDENTS }, (_, number) => String(number)),
    starts: Int32Array.from(starts),
    item: new Int32Array(right.length).fill(-1),
    combination: Int32Array.from(combination),
    right: Uint8Array.from(right),
    at: null,
  };
  const { prior, learn, guess, slip } = fitSoundBkt(log, { seed: split, ...NO_SKILL_ALONE }).pooled.parameters;
  return { prior, learn, guess, slip };
}
