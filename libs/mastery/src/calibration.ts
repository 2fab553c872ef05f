// A calibration: every number that folds and predictions rest on, under one name. Frozen between activations, so that
// nothing one learner does changes another learner's fold.
import type { AbilityParameters } from './ability.js';
import type { BktParameters } from './bkt.js';
import type { Logistic } from './logistic.js';
import type { Easiness } from './placement.js';
import { DEFAULT_RECALL, type RecallParameters } from './recall/fsrs.js';

export interface Calibration {
  /** Named by every fold and decision that used it. */
  readonly id: string;
  /** Of skills that have none of their own. */
  readonly bkt: BktParameters;
  /** By id. */
  readonly skills: ReadonlyMap<string, BktParameters>;
  readonly ability: AbilityParameters;
  /** Logits above `ability.base`: by item id, and by `combinationKey`. Positive is easier. */
  readonly itemEasiness: ReadonlyMap<string, number>;
  readonly skillsEasiness: ReadonlyMap<string, number>;
  /** Over `PLACEMENT_FEATURES`; null: the running ability alone says what to expect. */
  readonly placement: Logistic | null;
  readonly recall: RecallParameters;
  /** P(known) from which a skill counts as mastered, where the course names no mark of its own; at the calibration's, recall begins. */
  readonly masteredAt: number;
  /** P(remembered) below which what was mastered is due for review. */
  readonly reviewBelow: number;
  readonly wheelSpin: WheelSpin;
}

/** When practice on a skill is going nowhere (Beck & Gong, 2013, "Wheel-spinning"): leave it, come back later. */
export interface WheelSpin {
  /** Wrong answers in a row on the skill. */
  readonly wrongInARow: number;
  /** Answers on other skills before it returns; doubles with each time, at most `doublings` times. */
  readonly pauseAnswers: number;
  readonly doublings: number;
  /** From so many pauses on, a person should look. */
  readonly stuckAfter: number;
}

/**
 * For a tenant without a calibration of its own.
 * - bkt: guess at the upper bound of 0.3 that Corbett & Anderson (1995) set; prior, learn and slip are the middle of a
 *   range over which simulated learners of four kinds gained within 0.06 of what fitted parameters gave them.
 * - ability: variances and drifts chosen on two public sets of answers (ASSISTments 2009, OLI Statics); base: 65 % right,
 *   about the share of the first.
 * - recall: the published weights of FSRS-6.
 * - masteredAt: the criterion of Corbett & Anderson (1995). reviewBelow: the retention that FSRS schedules for unless told otherwise.
 */
export const DEFAULT_CALIBRATION: Calibration = {
  id: 'default-1',
  bkt: { prior: 0.3, learn: 0.2, guess: 0.3, slip: 0.2 },
  skills: new Map(),
  ability: { base: Math.log(0.65 / 0.35), variance: 0.7, drift: 0.005, skillVariance: 0.5, skillDrift: 0.01 },
  itemEasiness: new Map(),
  skillsEasiness: new Map(),
  placement: null,
  recall: DEFAULT_RECALL,
  masteredAt: 0.95,
  reviewBelow: 0.9,
  wheelSpin: { wrongInARow: 4, pauseAnswers: 8, doublings: 4, stuckAfter: 3 },
};

export function bktOf({ bkt, skills }: Calibration, skill: string): BktParameters {
  return skills.size === 0 ? bkt : (skills.get(skill) ?? bkt);
}

/** A set of skills has one key, whatever their order. Ids hold no space. */
export function combinationKey(skills: readonly string[]): string {
  return skills.length === 1 ? (skills[0] ?? '') : [...skills].sort().join(' ');
}

/** Logits of a right answer by an average learner. What was never seen is average. */
export function easinessOf({ ability, itemEasiness, skillsEasiness }: Calibration, item: string, skills: readonly string[]): Easiness {
  const ofSkills = skillsEasiness.size === 0 ? ability.base : ability.base + (skillsEasiness.get(combinationKey(skills)) ?? 0);
  return { item: itemEasiness.size === 0 ? ofSkills : ofSkills + (itemEasiness.get(item) ?? 0), skills: ofSkills };
}
