// What a baseline keeps of one student: P(known) of each skill by Bayesian knowledge tracing, how often and when each was practised.
import { trace, type BktParameters } from '@trellis/mastery';
import type { Setting } from '../world.js';

/** Textbook parameters, the same for every skill. */
export const GENERIC_BKT: BktParameters = { prior: 0.3, learn: 0.12, guess: 0.2, slip: 0.15 };
/** Those of the recipe: it takes its students to learn faster. */
export const RECIPE_BKT: BktParameters = { prior: 0.3, learn: 0.2, guess: 0.3, slip: 0.2 };

/** One entry a skill. */
export interface Practice {
  readonly bkt: BktParameters;
  readonly known: Float64Array;
  readonly answers: Int32Array;
  /** Step of the last answer; -1 before the first. */
  readonly lastStep: Int32Array;
  /** The skill answered last; -1 before the first. */
  current: number;
}

export function newPractice({ skills }: Setting, bkt: BktParameters): Practice {
  return { bkt, known: new Float64Array(skills).fill(bkt.prior), answers: new Int32Array(skills), lastStep: new Int32Array(skills).fill(-1), current: -1 };
}

export function practised(practice: Practice, step: number, skill: number, right: boolean): void {
  practice.known[skill] = trace(practice.known[skill] as number, right, practice.bkt);
  practice.answers[skill] = (practice.answers[skill] as number) + 1;
  practice.lastStep[skill] = step;
  practice.current = skill;
}

/** The first of those with the least value; of no skills, -1. */
export function leastOf(skills: Iterable<number>, value: (skill: number) => number): number {
  let best = -1;
  let least = Infinity;
  for (const skill of skills) {
    const its = value(skill);
    if (best !== -1 && its >= least) continue;
    [best, least] = [skill, its];
  }
  return best;
}
