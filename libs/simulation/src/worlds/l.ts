// World L: skills grow by degrees, faster at the right difficulty and on firm ground, each student at a pace of his own; items differ, and how
// hard they are is known only roughly. Nothing is forgotten.
import type { CourseGraph } from '../course-graph.js';
import { coursePart } from '../course-part.js';
import { courseSeed, normal, sigmoid, studentSeed, uniform } from '../random.js';
import { settingOf, timetable } from '../setting.js';
import type { Student, World } from '../world.js';

const { exp, min } = Math;
const NUMBER = 2;
const SESSIONS = timetable([0, 2, 4, 6, 8, 10, 12, 14], 15);
const SLOPE = 1.3;
const SKILL_MAX = 3;
const MASTERED_AT = 0.8;

/** An item teaches as much when it comes again. */
export const logisticWorld: World = logistic({ id: 'L', title: 'Skills that grow by degrees, students of many kinds', wearsOut: false });
/** The same students where an item teaches half as much when it comes again. */
export const wornItemsWorld: World = logistic({ id: 'LW', title: 'Skills that grow by degrees, with items that wear out', wearsOut: true });

interface Reading {
  readonly id: string;
  readonly title: string;
  readonly wearsOut: boolean;
}

function logistic(reading: Reading): World {
  return {
    id: reading.id,
    number: NUMBER,
    title: reading.title,
    valueFlow: 0.6,
    judgedOnDay: null,
    student: (course, split, number) => student(course, { seed: studentSeed(split, NUMBER, number), shared: courseSeed(split, NUMBER, number), reading }),
  };
}

function student(course: CourseGraph, { seed, shared, reading: { id, wearsOut } }: { seed: number; shared: number; reading: Reading }): Student {
  const part = coursePart(course, seed);
  const difficulties = Array.from(part.ids, (g, skill) => Float64Array.from({ length: part.items[skill] ?? 0 }, (_, item) => 0.7 * normal(shared, 20, g, item)));
  const setting = settingOf({
    ...part,
    world: id,
    difficulties: difficulties.map((own, skill) => own.map((difficulty, item) => difficulty + 0.5 * normal(shared, 21, part.ids[skill] as number, item))),
    wearsOut,
    learnsNearOnly: false,
    timetable: SESSIONS,
  });
  const { ids, prerequisites, skills } = setting;
  const [ability, pace] = [-0.3 + 0.8 * normal(seed, 1, 0, 0), normal(seed, 1, 1, 0)];
  const [theta, speed] = [new Float64Array(skills), new Float64Array(skills)];
  const answers = new Int32Array(skills);
  const used = Array.from(part.items, (items) => new Uint8Array(items));

  for (let skill = 0; skill < skills; skill++) {
    const g = ids[skill] as number;
    const before = prerequisites[skill] as Int32Array;
    const weak = before.reduce((count, other) => count + ((theta[other] as number) < 0 ? 1 : 0), 0);
    const share = before.length === 0 ? 0 : weak / before.length;
    theta[skill] = min(SKILL_MAX, ability + 0.7 * normal(seed, 2, g, 0) - 0.6 * normal(shared, 3, g, 0) - 0.6 * share);
    speed[skill] = 0.55 * exp(0.45 * pace + 0.3 * normal(shared, 4, g, 0));
  }

  /** What an answer that is right adds; a wrong one adds .7 of it. */
  const gainWhenRight = (skill: number, item: number, q: number): number => {
    const before = prerequisites[skill] as Int32Array;
    let ground = 1;
    for (let n = 0; n < before.length; n++) ground *= 0.25 + 0.75 * sigmoid(1.5 * (theta[before[n] as number] as number));
    const again = wearsOut && used[skill]?.[item] === 1 ? 0.5 : 1;
    return ((speed[skill] as number) * ground * (0.4 + 2.4 * q * (1 - q)) * again) / (1 + 0.08 * (answers[skill] as number));
  };
  const ease = (skill: number, item: number): number => sigmoid(SLOPE * ((theta[skill] as number) - (difficulties[skill]?.[item] as number)));
  const score = (skill: number): number => sigmoid(SLOPE * (theta[skill] as number));
  const raise = (skill: number, gain: number): void => {
    theta[skill] = min(SKILL_MAX, (theta[skill] as number) + gain);
  };

  return {
    seed,
    setting,
    lookahead: null,
    scoreOn: null,
    warmUpSkill: () => 0,
    reach: () => undefined,
    answer(skill, item) {
      const q = ease(skill, item);
      const right = uniform(seed, 40, ids[skill] as number, answers[skill] as number) < 0.12 + 0.85 * q;
      const gain = gainWhenRight(skill, item, q) * (right ? 1 : 0.7);
      raise(skill, gain);
      const before = prerequisites[skill] as Int32Array;
      for (let n = 0; n < before.length; n++) raise(before[n] as number, 0.1 * gain);
      answers[skill] = (answers[skill] as number) + 1;
      (used[skill] as Uint8Array)[item] = 1;
      return right;
    },
    score,
    mastered: (skill) => score(skill) >= MASTERED_AT,
    fresh: (skill) => score(skill) >= MASTERED_AT,
    expectedGain(skill, item) {
      const q = ease(skill, item);
      const right = 0.12 + 0.85 * q;
      const gain = gainWhenRight(skill, item, q);
      const after = (added: number): number => sigmoid(SLOPE * min(SKILL_MAX, (theta[skill] as number) + added));
      return right * after(gain) + (1 - right) * after(0.7 * gain) - score(skill);
    },
  };
}
