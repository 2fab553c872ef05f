// Where the parameters of knowledge tracing may lie.
import type { ForgettingBktParameters } from '../bkt.js';

/** Lowest and highest value. */
export type Range = readonly [min: number, max: number];

export interface BktBounds {
  readonly prior: Range;
  readonly learn: Range;
  readonly guess: Range;
  readonly slip: Range;
  readonly forget: Range;
  /** Most that guess and slip may be together: below 1, or a right answer would speak against knowing. */
  readonly guessAndSlipMax: number;
}

/**
 * Guess and slip at most 0.5: beyond, somebody who knows is more likely wrong than right or the reverse, which Baker,
 * Corbett & Aleven (2008, "More accurate student modeling through contextual estimation of slip and guess probabilities",
 * ITS) call degenerate. Together below 1 (van de Sande, 2013, "Properties of the Bayesian knowledge tracing model", JEDM
 * 5(2)). Nothing at 0 or 1, from where no answer could move an estimate.
 */
export const BKT_BOUNDS: BktBounds = {
  prior: [0.01, 0.99],
  learn: [0.001, 0.9],
  guess: [0.01, 0.5],
  slip: [0.01, 0.5],
  forget: [0.0001, 0.5],
  guessAndSlipMax: 0.95,
};

/**
 * For predicting answers and nothing else: a guess above one half cannot be read as guessing, but says that an easy skill is
 * easy. Chosen on learners held out of two public sets (AUC .6817 instead of .6755 where 77 % of the answers are right).
 */
export const BKT_PREDICTION_BOUNDS: BktBounds = { ...BKT_BOUNDS, guess: [0.01, 0.7] };

/**
 * For skills whose fit is degenerate within `BKT_BOUNDS`. Guess at most 0.3, as Corbett & Anderson (1995) set it; slip too, for
 * their 0.1 predicts worse (on learners held out of two public sets AUC .7188 and .6361 instead of .7189 and .6666).
 */
export const BKT_STRICT_BOUNDS: BktBounds = { ...BKT_BOUNDS, guess: [0.01, 0.3], slip: [0.01, 0.3] };

/** For comparing with implementations that have none. */
export const BKT_UNBOUNDED: BktBounds = {
  prior: [0, 1],
  learn: [0, 1],
  guess: [0, 1],
  slip: [0, 1],
  forget: [0, 1],
  guessAndSlipMax: 2,
};

/** The same bounds for a model without forgetting. */
export function withoutForgetting(bounds: BktBounds): BktBounds {
  return { ...bounds, forget: [0, 0] };
}

/** The same bounds for a model that only forgets. */
export function declining(bounds: BktBounds): BktBounds {
  return { ...bounds, learn: [0, 0] };
}

/** The nearest parameters within the bounds; too much of guess and slip together is taken from both in proportion. */
export function bounded(p: ForgettingBktParameters, bounds: BktBounds): ForgettingBktParameters {
  const guess = clamped(p.guess, bounds.guess);
  const slip = clamped(p.slip, bounds.slip);
  const scale = Math.min(1, bounds.guessAndSlipMax / (guess + slip));
  return {
    prior: clamped(p.prior, bounds.prior),
    learn: clamped(p.learn, bounds.learn),
    guess: guess * scale,
    slip: slip * scale,
    forget: clamped(p.forget, bounds.forget),
  };
}

export function clamped(value: number, [min, max]: Range): number {
  return Math.min(max, Math.max(min, value));
}
