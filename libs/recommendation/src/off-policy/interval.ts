// Intervals with the learner as the unit: choices of one learner hang together, learners do not.
import { studentQuantile } from '@trellis/mastery';
import type { Estimate } from './types.js';

/** Student's quantiles start here. */
export const LEARNERS_MIN = 4;
/** Skewness under which the correction is smaller than rounding. */
const SKEWNESS_MIN = 1e-9;

/**
 * The interval of an estimate from how far it would move without each learner: the jackknife's standard error (Efron & Stein, 1981; for
 * groups: Bell & McCaffrey, 2002), Student's t with learners - 1 degrees of freedom, and Hall's (1992) transformation for skewness. The
 * plain sum of squares is too small where one learner carries much of the weight, and a symmetric interval misses the truth almost only
 * from below, since heavy weights are rare. In simulations this covers like the studentised bootstrap over learners at a hundredth of its
 * cost and without a seed; the percentile bootstrap is too narrow with few learners.
 */
export function learnerInterval(value: number, moves: Float64Array, level: number): Estimate {
  const learners = moves.length;
  if (learners < LEARNERS_MIN) throw new RangeError(`log: ${learners} learners with enough choices; an interval needs at least ${LEARNERS_MIN}`);
  const middle = moves.reduce((sum, one) => sum + one, 0) / learners;
  // All weight stands with one learner: nothing is known of the spread.
  if (!Number.isFinite(middle)) return { value, low: -Infinity, high: Infinity, standardError: Infinity };
  let squares = 0;
  let cubes = 0;
  for (const one of moves) {
    squares += (one - middle) ** 2;
    cubes += (one - middle) ** 3;
  }
  const standardError = Math.sqrt((squares * (learners - 1)) / learners);
  if (standardError === 0) return { value, low: value, high: value, standardError };
  const skewness = cubes / learners / (squares / learners) ** 1.5 / Math.sqrt(learners);
  const t = studentQuantile((1 + level) / 2, learners - 1);
  return { value, low: value - standardError * unskewed(t, skewness), high: value - standardError * unskewed(-t, skewness), standardError };
}

/** The t at which Hall's t + s t^2 / 3 + s^2 t^3 / 27 + s / 6 is as given: it rises with t, so there is one. */
function unskewed(given: number, skewness: number): number {
  if (Math.abs(skewness) < SKEWNESS_MIN) return given;
  return (3 * (Math.cbrt(1 + skewness * (given - skewness / 6)) - 1)) / skewness;
}
