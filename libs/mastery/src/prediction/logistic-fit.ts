// Fits a logistic regression by Newton's method (iteratively reweighted least squares), drawn to 0 by a ridge.
import type { Standards } from './standards.js';
import type { Logistic } from '../logistic.js';

/** Some columns of a matrix whose features are standardised already. */
export interface LogisticRows {
  readonly features: Float32Array;
  readonly width: number;
  /** Which columns the regression takes, and the names they have in it. */
  readonly columns: readonly number[];
  readonly names: readonly string[];
  readonly right: Uint8Array;
  /** Of all columns of the matrix. */
  readonly standards: Standards;
}

/** Times the squared length of the weights, beside the summed loss. The intercept is free. */
export const PENALTY = 5;
export const STEPS_MAX = 10;
/** The fit ends when no weight moves more than this. */
const STEP_MIN = 1e-9;

/** `onStep` is called before each step; what it throws ends the fit. */
export function fitLogistic({ features, width, columns, names, right, standards }: LogisticRows, onStep?: () => void): Logistic {
  const size = columns.length + 1;
  const weights = new Float64Array(size);
  const gradient = new Float64Array(size);
  const curvature = new Float64Array(size * size);
  const x = new Float64Array(size).fill(1);
  for (let step = 0; step < STEPS_MAX; step++) {
    onStep?.();
    for (let a = 0; a < size; a++) {
      const penalty = a < columns.length ? 2 * PENALTY : 0;
      gradient[a] = -penalty * (weights[a] as number);
      for (let b = 0; b < size; b++) curvature[a * size + b] = a === b ? penalty : 0;
    }
    for (let row = 0; row < right.length; row++) {
      let logit = weights[size - 1] as number;
      for (let a = 0; a + 1 < size; a++) {
        const value = features[row * width + (columns[a] as number)] as number;
        x[a] = value;
        logit += value * (weights[a] as number);
      }
      const p = 1 / (1 + Math.exp(-logit));
      const surprise = (right[row] as number) - p;
      const variance = p * (1 - p);
      for (let a = 0; a < size; a++) {
        const value = x[a] as number;
        gradient[a] = (gradient[a] as number) + surprise * value;
        const scaled = variance * value;
        for (let b = 0; b <= a; b++) curvature[a * size + b] = (curvature[a * size + b] as number) + scaled * (x[b] as number);
      }
    }
    const move = solved(curvature, gradient);
    let largest = 0;
    for (let a = 0; a < size; a++) {
      weights[a] = (weights[a] as number) + (move[a] as number);
      largest = Math.max(largest, Math.abs(move[a] as number));
    }
    if (largest < STEP_MIN) break;
  }
  return {
    features: names,
    mean: Float64Array.from(columns, (column) => standards.mean[column] ?? 0),
    sd: Float64Array.from(columns, (column) => standards.sd[column] ?? 1),
    weights: weights.slice(0, columns.length),
    intercept: weights[columns.length] ?? 0,
  };
}

/** Solves a symmetric positive system, of which the lower half counts, by Cholesky's factors; changes it. */
function solved(matrix: Float64Array, right: Float64Array): Float64Array {
  const size = right.length;
  for (let a = 0; a < size; a++) {
    for (let b = 0; b <= a; b++) {
      let sum = matrix[a * size + b] as number;
      for (let c = 0; c < b; c++) sum -= (matrix[a * size + c] as number) * (matrix[b * size + c] as number);
      if (a === b && !(sum > 0)) throw new Error(`the logistic regression has no solution: pivot ${a} of ${size} is ${sum}`);
      matrix[a * size + b] = a === b ? Math.sqrt(sum) : sum / (matrix[b * size + b] as number);
    }
  }
  const out = right.slice();
  for (let a = 0; a < size; a++) {
    for (let b = 0; b < a; b++) out[a] = (out[a] as number) - (matrix[a * size + b] as number) * (out[b] as number);
    out[a] = (out[a] as number) / (matrix[a * size + a] as number);
  }
  for (let a = size - 1; a >= 0; a--) {
    for (let b = a + 1; b < size; b++) out[a] = (out[a] as number) - (matrix[b * size + a] as number) * (out[b] as number);
    out[a] = (out[a] as number) / (matrix[a * size + a] as number);
  }
  return out;
}
