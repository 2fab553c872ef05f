// World K: ten concepts whose learning moves along the graph (the simulator KSS of Liu et al., 2019, "Exploiting cognitive structure for adaptive
// learning", KDD, in its version 0). Only concepts near the last one are learned; tests are certain.
import { courseSeed, studentSeed, uniform } from '../random.js';
import { settingOf, type Timetable } from '../setting.js';
import type { Lookahead, Student, World } from '../world.js';

const { exp, floor, min } = Math;
const NUMBER = 0;
const ABILITY_MAX = 5;
const WARM_UP = 20;
const BUDGET = 20;
/** Concepts in topological order, and what each rests on, as the source numbers them. */
const ORDER = [0, 1, 2, 3, 5, 4, 6, 7, 8, 9];
const EDGES = [[0, 1], [0, 2], [1, 3], [2, 4], [2, 8], [3, 4], [4, 8], [5, 4], [5, 9], [6, 7], [7, 8], [8, 9]] as const;
/** From the easiest. */
const BY_DIFFICULTY = [5, 0, 1, 2, 3, 4, 6, 7, 8, 9];

const TIMETABLE: Timetable = { warmUp: WARM_UP, budget: BUDGET, day: new Float64Array(WARM_UP + BUDGET), session: new Int32Array(WARM_UP + BUDGET) };
const PREREQUISITES = ORDER.map((concept) => Int32Array.from(EDGES.filter(([, to]) => to === concept).map(([from]) => ORDER.indexOf(from))).sort());

export const conceptWorld: World = {
  id: 'K',
  number: NUMBER,
  title: 'Ten concepts, learned only near the last one',
  valueFlow: 0.3,
  judgedOnDay: null,
  student: (_course, split, number) => student(studentSeed(split, NUMBER, number), courseSeed(split, NUMBER, number)),
};

function student(seed: number, shared: number): Student {
  const skills = ORDER.length;
  const setting = settingOf({
    world: conceptWorld.id,
    ids: Int32Array.from(ORDER),
    target: targetsOf(seed),
    prerequisites: PREREQUISITES,
    items: new Int32Array(skills).fill(1),
    difficulties: ORDER.map(() => new Float64Array(1)),
    wearsOut: false,
    learnsNearOnly: true,
    timetable: TIMETABLE,
  });
  const ability = Float64Array.from(ORDER, (concept) => -3 + floor(4 * uniform(seed, 2, concept, 0)) - 0.1 * concept);
  const difficulty = difficultiesOf(shared);
  let effective = -1;

  const learn = (skill: number): void => {
    if (effective >= 0 && !setting.near[effective]?.includes(skill)) return;
    let missing = 0;
    for (const before of setting.prerequisites[skill] ?? []) missing += ABILITY_MAX - (ability[before] as number);
    raise(skill, ((ABILITY_MAX - (ability[skill] as number)) / 2) * exp(-missing));
    effective = skill;
  };
  const raise = (skill: number, gain: number): void => {
    ability[skill] = min(ABILITY_MAX, (ability[skill] as number) + gain);
    const after = setting.successors[skill] as Int32Array;
    for (let n = 0; n < after.length; n++) raise(after[n] as number, gain / 2);
  };
  const passes = (skill: number): boolean => 0.25 + 0.75 / (1 + exp(-8.5 * ((ability[skill] as number) - (difficulty[skill] as number)))) >= 0.5;
  const score = (skill: number): number => (passes(skill) ? 1 : 0);

  const undone: { ability: Float64Array; effective: number }[] = [];
  const lookahead: Lookahead = {
    take(skill) {
      undone.push({ ability: ability.slice(), effective });
      learn(skill);
    },
    undo() {
      const before = undone.pop();
      if (before === undefined) throw new Error('undo: nothing was tried out');
      ability.set(before.ability);
      effective = before.effective;
    },
    worth() {
      let worth = 0;
      for (const skill of setting.targets) worth += score(skill) + 0.05 * min(0, (ability[skill] as number) - (difficulty[skill] as number));
      for (const skill of setting.neededSkills) worth += 0.01 * (ability[skill] as number);
      return worth;
    },
  };

  return {
    seed,
    setting,
    lookahead,
    scoreOn: null,
    /** Drawn by place in the order, not by the number of the concept. */
    warmUpSkill: (step) => floor(skills * uniform(seed, 50, step, 0)),
    reach: () => undefined,
    answer(skill) {
      learn(skill);
      return passes(skill);
    },
    score,
    mastered: passes,
    fresh: passes,
    expectedGain(skill) {
      const before = score(skill);
      lookahead.take(skill);
      const after = score(skill);
      lookahead.undo();
      return after - before;
    },
  };
}

function targetsOf(seed: number): Uint8Array {
  const chance = (concept: number): number => uniform(seed, 4, concept, 0);
  const drawn = ORDER.toSorted((a, b) => chance(a) - chance(b)).slice(0, 3 + floor(8 * uniform(seed, 3, 0, 0)));
  return Uint8Array.from(ORDER, (concept) => (drawn.includes(concept) ? 1 : 0));
}

function difficultiesOf(shared: number): Float64Array {
  const sorted = Float64Array.from(ORDER, (_, place) => floor(6 * uniform(shared, 1, place, 0))).sort();
  return Float64Array.from(ORDER, (concept) => sorted[BY_DIFFICULTY.indexOf(concept)] ?? 0);
}
