// Stage 5: drawing skills by their score. What is logged is the probability of each draw given the earlier ones.
import type { SkillId } from '@trellis/learning';
import type { CourseMap } from '../course-map.js';
import { draw, drawProbabilities, type Exploration } from '../drawing.js';
import type { Scored } from './value.js';

/** Nearly free in all simulated worlds, and enough to judge another strategy from the log. */
export const EXPLORATION: Exploration = { temperature: 0.05, share: 0.05, plausibleFrom: 0.1 };
/** Another item of a skill that is already among the chosen, in a row; of several to choose from, only where nothing else is left. */
const SAME_SKILL_AGAIN = 0.7;

export interface Drawn {
  readonly scored: Scored;
  readonly probability: number;
}

export interface Drawing {
  readonly count: number;
  /** Options that the learner chooses from differ in their skill as long as there is another. */
  readonly areOptions: boolean;
  readonly exploration: Exploration | null;
  /** 0..1 exclusive of 1, another at each call. */
  readonly random: () => number;
  /** What `firstDraw` gives, where it is known already. */
  readonly first?: readonly number[];
}

/** `take` is called with each skill that was drawn and says whether it had an item; one without leaves, and what is left is drawn from anew. */
export function drawSkills(scored: readonly Scored[], { count, areOptions, exploration, random, first }: Drawing, take: (drawn: Drawn) => boolean): void {
  const values = scored.map(({ value }) => value);
  const isTaken = new Uint8Array(scored.length);
  let left = values.map((_, place) => place);
  let known = first;
  for (let taken = 0; taken < count && left.length > 0; known = undefined) {
    const fresh = areOptions && taken > 0 ? left.filter((place) => isTaken[place] === 0) : left;
    const pool = fresh.length > 0 ? fresh : left;
    const probabilities = known ?? probabilitiesOf(pool.map((place) => values[place] as number), exploration);
    const at = exploration === null ? probabilities.indexOf(1) : draw(probabilities, random());
    const place = pool[at];
    if (place === undefined) return;
    if (take({ scored: scored[place] as Scored, probability: probabilities[at] ?? 0 })) {
      taken++;
      values[place] = (values[place] as number) * SAME_SKILL_AGAIN;
      isTaken[place] = 1;
    } else {
      left = left.filter((each) => each !== place);
    }
  }
}

/** What a first draw would give each skill. */
export function firstDraw(scored: readonly Scored[], exploration: Exploration | null): readonly number[] {
  return probabilitiesOf(scored.map(({ value }) => value), exploration);
}

function probabilitiesOf(values: readonly number[], exploration: Exploration | null): readonly number[] {
  if (values.length === 0) return [];
  return exploration === null ? certain(values) : drawProbabilities(values, exploration);
}

/** All on the best, ties to the first. */
function certain(values: readonly number[]): readonly number[] {
  let best = 0;
  for (let at = 1; at < values.length; at++) if ((values[at] as number) > (values[best] as number)) best = at;
  return values.map((_, at) => (at === best ? 1 : 0));
}

export interface SkillChance {
  readonly skill: SkillId;
  readonly probability: number;
}

export function chances(map: CourseMap, scored: readonly Scored[], exploration: Exploration | null): readonly SkillChance[] {
  const probabilities = firstDraw(scored, exploration);
  return scored.flatMap(({ number }, at) => {
    const skill = map.skills[number]?.skill.id;
    return skill === undefined ? [] : [{ skill, probability: probabilities[at] ?? 0 }];
  });
}
