// A calibration: every number that folds and predictions rest on, under one name. Frozen between activations, so that
// nothing one learner does changes another learner's fold.
import type { AbilityParameters } from './ability.js';
import type { BktParameters } from './bkt.js';

export interface Calibration {
  /** Named by every fold and decision that used it. */
  readonly id: string;
  readonly bkt: BktParameters;
  readonly ability: AbilityParameters;
  /** P(known) from which a skill counts as mastered, where the course names no mark of its own. */
  readonly masteredAt: number;
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
 * - masteredAt: the criterion of Corbett & Anderson (1995).
 */
export const DEFAULT_CALIBRATION: Calibration = {
  id: 'default-1',
  bkt: { prior: 0.3, learn: 0.2, guess: 0.3, slip: 0.2 },
  ability: { base: Math.log(0.65 / 0.35), variance: 0.7, drift: 0.005, skillVariance: 0.5, skillDrift: 0.01 },
  masteredAt: 0.95,
  wheelSpin: { wrongInARow: 4, pauseAnswers: 8, doublings: 4, stuckAfter: 3 },
};
