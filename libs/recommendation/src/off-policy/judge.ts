// The off-policy judge: what another strategy would have earned, from the choices of this one and their probabilities.
import { columnsOf } from './columns.js';
import { inversePropensity, mean, selfNormalised, total } from './estimates.js';
import { sumsOf } from './stretches.js';
import { supportOf, warningsOf } from './support.js';
import type { JudgeOptions, Log, Verdict } from './types.js';

/** Further ahead the product of ratios leaves hardly any weight to judge by. */
export const HORIZON_MAX = 50;
const LEVEL = 0.9;

/** Throws a RangeError that names the place where the log or an option makes no sense. */
export function judge(log: Log, options: JudgeOptions = {}): Verdict {
  const { level = LEVEL, horizon = 1, stretches = 'every', weightMax = Infinity, propensityMin } = options;
  if (!(level > 0.5 && level < 1)) throw new RangeError(`level: ${level} is not between 0.5 and 1`);
  if (!(Number.isInteger(horizon) && horizon >= 1 && horizon <= HORIZON_MAX)) throw new RangeError(`horizon: ${horizon} is not a whole number from 1 to ${HORIZON_MAX}`);
  if (!(weightMax > 0)) throw new RangeError(`weightMax: ${weightMax} is not above 0`);
  if (propensityMin !== undefined && !(propensityMin > 0 && propensityMin <= 1)) throw new RangeError(`propensityMin: ${propensityMin} is not above 0 and at most 1`);
  const columns = columnsOf(log, propensityMin);
  const sums = sumsOf(columns, { horizon, stretches, weightMax });
  const support = supportOf(columns, sums);
  const isThere = total(sums.lastWeight) > 0;
  return {
    logged: mean(sums.reward, sums.count, { steps: horizon, level }),
    ips: isThere ? inversePropensity(sums, level) : null,
    snips: isThere ? selfNormalised(sums, level) : null,
    dr: isThere && sums.robust !== null ? mean(sums.robust, sums.count, { steps: horizon, level }) : null,
    support,
    warnings: warningsOf(support),
  };
}
