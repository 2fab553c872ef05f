// The three estimates, each with how far it would move without one of the learners.
import { learnerInterval } from './interval.js';
import type { Sums } from './stretches.js';
import type { Estimate } from './types.js';

/** Sums by learner over the number of choices of all stretches: for rewards, weighted rewards and the doubly robust terms alike. */
export function mean(sums: Float64Array, count: Float64Array, { steps, level }: { readonly steps: number; readonly level: number }): Estimate {
  const choices = total(count) * steps;
  const value = total(sums) / choices;
  return learnerInterval(value, sums.map((sum, n) => (sum - value * steps * (count[n] as number)) / (choices - steps * (count[n] as number))), level);
}

export function inversePropensity({ weightedReward, count, horizon }: Sums, level: number): Estimate {
  const sums = count.map((_, n) => total(weightedReward.subarray(n * horizon, (n + 1) * horizon)));
  return mean(sums, count, { steps: horizon, level });
}

/** Each step is normalised by its own weights, and the steps' means averaged. */
export function selfNormalised({ weight, weightedReward, count, horizon }: Sums, level: number): Estimate {
  const moves = new Float64Array(count.length);
  let value = 0;
  for (let step = 0; step < horizon; step++) {
    let weights = 0;
    let rewards = 0;
    for (let place = step; place < weight.length; place += horizon) {
      weights += weight[place] as number;
      rewards += weightedReward[place] as number;
    }
    const ratio = rewards / weights;
    value += ratio / horizon;
    for (let n = 0; n < moves.length; n++) {
      const place = n * horizon + step;
      const residual = (weightedReward[place] as number) - ratio * (weight[place] as number);
      moves[n] = (moves[n] as number) + (weights === weight[place] ? NaN : residual / (weights - (weight[place] as number)) / horizon);
    }
  }
  return learnerInterval(value, moves, level);
}

export function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
