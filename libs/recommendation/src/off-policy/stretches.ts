// Stretches of a log, summed by learner and step: the weight of a step is the product of the ratios up to it (per-decision importance
// sampling: Precup, Sutton & Singh, 2000), so that a reward is not weighted by what was chosen after it.
import type { Columns } from './columns.js';
import { LEARNERS_MIN } from './interval.js';

export interface StretchOptions {
  readonly horizon: number;
  readonly stretches: 'every' | 'first';
  readonly weightMax: number;
}

/** By learner with a whole stretch; `[learner * horizon + step]` where there is a value for each step. */
export interface Sums {
  readonly horizon: number;
  readonly count: Float64Array;
  readonly reward: Float64Array;
  readonly weight: Float64Array;
  readonly weightedReward: Float64Array;
  /** All steps of all stretches, doubly robust; null without a model. */
  readonly robust: Float64Array | null;
  /** Weights of the last step before they were cut, and after. */
  readonly fullWeight: Float64Array;
  readonly lastWeight: Float64Array;
  readonly all: {
    readonly stretches: number;
    readonly leftOut: number;
    readonly squaredWeight: number;
    readonly largestWeight: number;
    readonly largestKept: number;
    readonly clipped: number;
  };
}

/** Its square, summed over any log, is still a number. */
export const WEIGHT_MAX = 1e100;

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { max, min } = Math;

export function sumsOf({ starts, weight, reward, model }: Columns, { horizon, stretches, weightMax }: StretchOptions): Sums {
  const long = [...starts.subarray(1)].flatMap((end, learner) => (end - (starts[learner] ?? 0) >= horizon ? [learner] : []));
  const leftOut = starts.length - 1 - long.length;
  if (long.length < LEARNERS_MIN) {
    throw new RangeError(`log: ${long.length} learners with ${horizon} choices or more (horizon); an interval needs at least ${LEARNERS_MIN}`);
  }
  const byStep = (): Float64Array => new Float64Array(long.length * horizon);
  const sums = { count: new Float64Array(long.length), reward: new Float64Array(long.length), weight: byStep(), weightedReward: byStep(), fullWeight: new Float64Array(long.length), lastWeight: new Float64Array(long.length) };
  const robust = model === null ? null : new Float64Array(long.length);
  const all = { stretches: 0, leftOut, squaredWeight: 0, largestWeight: 0, largestKept: 0, clipped: 0 };
  for (const [n, learner] of long.entries()) {
    const from = starts[learner] as number;
    const last = stretches === 'first' ? from : (starts[learner + 1] as number) - horizon;
    for (let start = from; start <= last; start++) {
      let full = 1;
      let kept = 1;
      for (let step = 0; step < horizon; step++) {
        const row = start + step;
        const earned = reward[row] as number;
        const place = n * horizon + step;
        const before = kept;
        full *= weight[row] as number;
        if (full > WEIGHT_MAX) throw new RangeError(`log[${learner}][${row - from}]: weight ${full} of ${step + 1} choices in a row is above ${WEIGHT_MAX}; judge a shorter horizon, or restrict by propensityMin`);
        kept = min(full, weightMax);
        if (kept < full) all.clipped++;
        sums.reward[n] = (sums.reward[n] as number) + earned;
        sums.weight[place] = (sums.weight[place] as number) + kept;
        sums.weightedReward[place] = (sums.weightedReward[place] as number) + kept * earned;
        if (model !== null && robust !== null) robust[n] = (robust[n] as number) + before * (model.target[row] as number) + kept * (earned - (model.chosen[row] as number));
      }
      sums.fullWeight[n] = (sums.fullWeight[n] as number) + full;
      sums.lastWeight[n] = (sums.lastWeight[n] as number) + kept;
      all.squaredWeight += kept * kept;
      all.largestWeight = max(all.largestWeight, full);
      all.largestKept = max(all.largestKept, kept);
    }
    sums.count[n] = last - from + 1;
    all.stretches += last - from + 1;
  }
  return { ...sums, horizon, robust, all };
}
