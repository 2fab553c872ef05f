// Whether 70 % means 70 %: predictions in bins beside what happened.

export interface ReliabilityBin {
  /** Predictions from here, inclusive, to there, exclusive (the last bin holds 1 too). */
  readonly from: number;
  readonly to: number;
  readonly n: number;
  /** NaN in an empty bin, like all that follow. */
  readonly meanPredicted: number;
  readonly shareRight: number;
  /** 95 % interval of the share: Wilson (1927). Rows count as independent, so with many rows a learner it is too narrow. */
  readonly low: number;
  readonly high: number;
}

export const CALIBRATION_BINS = 10;
/** Of the normal distribution: 95 % lie within. */
export const Z_95 = 1.959963984540054;

export function reliability(right: Uint8Array, predicted: Float64Array): readonly ReliabilityBin[] {
  const counts = new Float64Array(CALIBRATION_BINS);
  const rights = new Float64Array(CALIBRATION_BINS);
  const sums = new Float64Array(CALIBRATION_BINS);
  for (let row = 0; row < right.length; row++) {
    const p = predicted[row] ?? 0;
    const bin = binOf(p);
    counts[bin] = (counts[bin] ?? 0) + 1;
    rights[bin] = (rights[bin] ?? 0) + (right[row] ?? 0);
    sums[bin] = (sums[bin] ?? 0) + p;
  }
  return Array.from(counts, (n, bin) => {
    const [low, high] = wilson(rights[bin] ?? 0, n);
    return { from: bin / CALIBRATION_BINS, to: (bin + 1) / CALIBRATION_BINS, n, meanPredicted: (sums[bin] ?? 0) / n, shareRight: (rights[bin] ?? 0) / n, low, high };
  });
}

export function binOf(p: number): number {
  const bin = Math.floor(p * CALIBRATION_BINS);
  return bin < CALIBRATION_BINS ? bin : CALIBRATION_BINS - 1;
}

/** 95 % interval of a share of `hits` in `n`. */
export function wilson(hits: number, n: number): readonly [low: number, high: number] {
  if (n === 0) return [NaN, NaN];
  const share = hits / n;
  const square = Z_95 * Z_95;
  const middle = (share + square / (2 * n)) / (1 + square / n);
  const half = (Z_95 / (1 + square / n)) * Math.sqrt((share * (1 - share)) / n + square / (4 * n * n));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
