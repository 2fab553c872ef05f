// Stage 5: drawing skills by their score. What is logged is the probability of each draw given the earlier ones.
import type { SkillId } from '@trellis/learning';
import type { CourseMap } from '../course-map.js';
import { draw, drawProbabilities, type Exploration } from '../drawing.js';
import type { Scores } from './value.js';

/** Nearly free in all simulated worlds, and enough to judge another strategy from the log. */
export const EXPLORATION: Exploration = { temperature: 0.05, share: 0.05, plausibleFrom: 0.1 };
/** Another item of a skill that is already among the chosen, in a row; of several to choose from, only where nothing else is left. */
const SAME_SKILL_AGAIN = 0.7;

export interface Drawn {
  /** The place among the scored. */
  readonly at: number;
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
export function drawSkills(scored: Pick<Scores, 'values'>, { count, areOptions, exploration, random, first }: Drawing, take: (drawn: Drawn) => boolean): void {
  const values = scored.values.slice();
  const isTaken = new Uint8Array(values.length);
  let left: readonly number[] = placesOf(values);
  let known = first;
  for (let taken = 0; taken < count && left.length > 0; known = undefined) {
    const fresh = areOptions && taken > 0 ? left.filter((place) => isTaken[place] === 0) : left;
    const pool = fresh.length > 0 ? fresh : left;
    const probabilities = known ?? probabilitiesOf(pool.map((place) => values[place] as number), exploration);
    const drawn = exploration === null ? probabilities.indexOf(1) : draw(probabilities, random());
    const at = pool[drawn];
    if (at === undefined) return;
    if (take({ at, probability: probabilities[drawn] ?? 0 })) {
      taken++;
      values[at] = (values[at] as number) * SAME_SKILL_AGAIN;
      isTaken[at] = 1;
    } else {
      left = left.filter((each) => each !== at);
    }
  }
}

function placesOf(values: readonly number[]): readonly number[] {
  const places = new Array<number>(values.length);
  for (let at = 0; at < places.length; at++) places[at] = at;
  return places;
}

/** What a first draw would give each skill. */
export function firstDraw({ values }: Pick<Scores, 'values'>, exploration: Exploration | null): readonly number[] {
  return probabilitiesOf(values, exploration);
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

export function chances(map: CourseMap, scored: Scores, exploration: Exploration | null): readonly SkillChance[] {
  const probabilities = firstDraw(scored, exploration);
  return scored.numbers.flatMap((number, at) => {
    const skill = map.skills[number]?.skill.id;
    return skill === undefined ? [] : [{ skill, probability: probabilities[at] ?? 0 }];
  });
}
