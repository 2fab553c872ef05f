// Whether the log can speak of the strategy at all.
import type { Columns } from './columns.js';
import { mean, total } from './estimates.js';
import type { Sums } from './stretches.js';
import { EFFECTIVE_LEARNERS_MIN, MEAN_WEIGHT_LEVEL, ONE_SHARE_MAX, OUT_OF_REACH_MAX } from './thresholds.js';
import type { Support, Warning, WarningCode } from './types.js';

/** Rounding of a mean of weights that are all 1. */
const ROUNDING = 1e-9;

export function supportOf({ weight, neverChosen, outOfReach, restricted }: Columns, { horizon, count, fullWeight, lastWeight, all }: Sums): Support {
  const weights = total(lastWeight);
  const orNone = (figure: number): number => (weights === 0 ? 0 : figure);
  return {
    learners: count.length,
    leftOut: all.leftOut,
    choices: weight.length,
    stretches: all.stretches,
    effectiveStretches: orNone((weights * weights) / all.squaredWeight),
    effectiveLearners: orNone((weights * weights) / total(lastWeight.map((one) => one * one))),
    largestWeight: all.largestWeight,
    largestShare: orNone(all.largestKept / weights),
    meanWeight: mean(fullWeight, count, { steps: 1, level: MEAN_WEIGHT_LEVEL }),
    neverChosen,
    outOfReach,
    restricted,
    clipped: all.clipped / (all.stretches * horizon),
  };
}

export function warningsOf(support: Support): readonly Warning[] {
  const { learners, effectiveLearners, largestWeight, largestShare, meanWeight, outOfReach } = support;
  if (largestWeight === 0) return [warning('nothing-in-common', `the strategy would have made none of the ${support.stretches} logged choices or runs of choices: the log says nothing of it`)];
  const found: Warning[] = [];
  if (effectiveLearners < EFFECTIVE_LEARNERS_MIN) {
    found.push(warning('few-effective-learners', `the weights leave ${figure(effectiveLearners)} effective learners of ${learners}; under ${EFFECTIVE_LEARNERS_MIN} the intervals are too narrow`));
  }
  if (largestShare > ONE_SHARE_MAX) {
    found.push(warning('one-stretch-decides', `one logged choice or run of choices carries ${percent(largestShare)} of all weight (largest weight ${figure(largestWeight)}); up to ${percent(ONE_SHARE_MAX)} is sound`));
  }
  if (outOfReach !== null && outOfReach > OUT_OF_REACH_MAX) {
    found.push(warning('out-of-reach', `the strategy makes ${percent(outOfReach)} of its choices where the log has next to none; what these earn is not in the figures (up to ${percent(OUT_OF_REACH_MAX)} is sound)`));
  }
  if (meanWeight.low > 1 + ROUNDING || meanWeight.high < 1 - ROUNDING) {
    found.push(warning('mean-weight-off', `the weights average ${figure(meanWeight.value)} (${percent(MEAN_WEIGHT_LEVEL)} interval ${figure(meanWeight.low)} to ${figure(meanWeight.high)}) and should average 1: choices of the strategy are missing in the log, or the probabilities are not those of these draws`));
  }
  return found;
}

function warning(code: WarningCode, text: string): Warning {
  return { code, text };
}

function figure(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function percent(share: number): string {
  return `${figure(share * 100)} %`;
}
