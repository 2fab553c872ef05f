// How good predictions are: one row of a report.
import { CALIBRATION_BINS, binOf } from './reliability.js';
import { aucOf, ranked } from './ranks.js';

export interface Metrics {
  /** Rows. */
  readonly n: number;
  /** Share of pairs (right, wrong) in the right order, ties half. NaN where all answers are alike. */
  readonly auc: number;
  /** Mean of -ln of the probability given to what happened, probabilities clamped to `LOG_LOSS_CLAMP` from 0 and 1. */
  readonly logLoss: number;
  readonly brier: number;
  /** Expected calibration error over ten bins of equal width. */
  readonly ece: number;
  readonly rmse: number;
  readonly meanPredicted: number;
  readonly shareRight: number;
}

/** A certain prediction that was wrong costs -ln of this, 34.5, and not infinity. */
export const LOG_LOSS_CLAMP = 1e-15;

/** `right` is 1 or 0 by row, `predicted` P(right) of the same row. Without rows every figure is NaN. */
export function metrics(right: Uint8Array, predicted: Float64Array): Metrics {
  check(right, predicted);
  const n = right.length;
  let loss = 0;
  let squares = 0;
  let rights = 0;
  let sum = 0;
  const gap = new Float64Array(CALIBRATION_BINS);
  for (let row = 0; row < n; row++) {
    const y = right[row] as number;
    const p = predicted[row] as number;
    loss -= Math.log(clamped(y === 1 ? p : 1 - p));
    squares += (y - p) * (y - p);
    rights += y;
    sum += p;
    const bin = binOf(p);
    gap[bin] = (gap[bin] as number) + p - y;
  }
  const ece = gap.reduce((all, one) => all + Math.abs(one), 0) / n;
  return { n, auc: aucOf(ranked(right, predicted)), logLoss: loss / n, brier: squares / n, ece, rmse: Math.sqrt(squares / n), meanPredicted: sum / n, shareRight: rights / n };
}

/** The metrics of some of the rows. */
export function metricsOf(rows: Int32Array, right: Uint8Array, predicted: Float64Array): Metrics {
  return metrics(
    Uint8Array.from(rows, (row) => right[row] ?? 0),
    Float64Array.from(rows, (row) => predicted[row] ?? NaN),
  );
}

/** Throws where predictions are no probabilities: NaN would spread silently through every figure. */
function check(right: Uint8Array, predicted: Float64Array): void {
  if (right.length !== predicted.length) throw new Error(`${predicted.length} predictions for ${right.length} answers`);
  for (let row = 0; row < predicted.length; row++) {
    const p = predicted[row] as number;
    if (!(p >= 0 && p <= 1)) throw new Error(`row ${row}: ${p} is not a probability`);
  }
}

function clamped(p: number): number {
  return p < LOG_LOSS_CLAMP ? LOG_LOSS_CLAMP : p;
}
