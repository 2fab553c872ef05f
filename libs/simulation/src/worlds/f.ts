// World F: memory over four weeks. What was learned fades by half-lives that answers prolong, more so when nearly forgotten; what counts is what
// is left two weeks after the last session.
import type { CourseGraph } from '../course-graph.js';
import { coursePart } from '../course-part.js';
import { courseSeed, normal, sigmoid, studentSeed, uniform } from '../random.js';
import { settingOf, timetable } from '../setting.js';
import type { Student, World } from '../world.js';

const { exp, min } = Math;
const NUMBER = 3;
const SESSIONS = timetable([0, 2, 4, 7, 9, 11, 14, 16, 18, 21, 23, 25], 12);
const JUDGED_ON_DAY = 39;
const HALF_LIFE_MAX_DAYS = 120;
const MASTERED_AT = 0.75;
const FRESH_AT = 0.9;

export const memoryWorld: World = {
  id: 'F',
  number: NUMBER,
  title: 'Memory over four weeks',
  valueFlow: 0.3,
  judgedOnDay: JUDGED_ON_DAY,
  student: (course, split, number) => student(course, studentSeed(split, NUMBER, number), courseSeed(split, NUMBER, number)),
};

function student(course: CourseGraph, seed: number, shared: number): Student {
  const part = coursePart(course, seed);
  const setting = settingOf({
    ...part,
    world: memoryWorld.id,
    difficulties: Array.from(part.items, (items) => new Float64Array(items)),
    wearsOut: false,
    learnsNearOnly: false,
    timetable: SESSIONS,
  });
  const { ids, prerequisites, skills } = setting;
  const [preparation, pace] = [normal(seed, 1, 0, 0), normal(seed, 1, 1, 0)];
  const [strength, halfLife, last, speed] = [new Float64Array(skills), new Float64Array(skills), new Float64Array(skills), new Float64Array(skills)];
  const answers = new Int32Array(skills);
  let now = 0;

  for (let skill = 0; skill < skills; skill++) {
    const g = ids[skill] as number;
    const ready = (prerequisites[skill] as Int32Array).every((before) => (strength[before] as number) >= 0.5);
    const atStart = sigmoid(0.3 + 0.9 * normal(shared, 2, g, 0) + 0.8 * preparation) * (ready ? 1 : 0.35);
    const knows = uniform(seed, 7, g, 0) < atStart;
    strength[skill] = knows ? 0.85 : 0.1 * uniform(seed, 10, g, 0);
    halfLife[skill] = knows ? 40 * exp(0.5 * normal(seed, 8, g, 0)) : 4 * exp(0.4 * normal(seed, 8, g, 0));
    last[skill] = knows ? -20 * uniform(seed, 9, g, 0) : 0;
    speed[skill] = min(0.6, 0.3 * exp(0.4 * pace + 0.3 * normal(shared, 3, g, 0)));
  }

  const recallOn = (skill: number, day: number): number => 2 ** (-(day - (last[skill] as number)) / (halfLife[skill] as number));
  const scoreOn = (skill: number, day: number): number => (strength[skill] as number) * recallOn(skill, day);
  const score = (skill: number): number => scoreOn(skill, now);
  const strengthAfter = (skill: number): number => {
    const before = prerequisites[skill] as Int32Array;
    let ground = 1;
    for (let n = 0; n < before.length; n++) ground *= 0.3 + 0.7 * score(before[n] as number);
    const x = strength[skill] as number;
    return x + (speed[skill] as number) * ground * (1 - x);
  };
  const halfLifeAfter = (skill: number, right: boolean, recall: number): number => min(HALF_LIFE_MAX_DAYS, (halfLife[skill] as number) * (right ? 1.2 + 4 * (1 - recall) : 1.05));

  return {
    seed,
    setting,
    lookahead: null,
    scoreOn,
    warmUpSkill: () => 0,
    reach(step) {
      now = SESSIONS.day[step] as number;
    },
    answer(skill) {
      const recall = recallOn(skill, now);
      const right = uniform(seed, 40, ids[skill] as number, answers[skill] as number) < 0.15 + 0.77 * (strength[skill] as number) * recall;
      strength[skill] = strengthAfter(skill);
      halfLife[skill] = halfLifeAfter(skill, right, recall);
      last[skill] = now;
      answers[skill] = (answers[skill] as number) + 1;
      return right;
    },
    score,
    mastered: (skill) => score(skill) >= MASTERED_AT,
    fresh: (skill) => score(skill) >= MASTERED_AT && recallOn(skill, now) >= FRESH_AT,
    // In strength, whatever is left of it in the end. Chosen step by step for its trace on the last day a policy comes out far lower: first
    // answers leave next to none, however much the later ones rest on them.
    expectedGain: (skill) => strengthAfter(skill) - (strength[skill] as number),
  };
}
