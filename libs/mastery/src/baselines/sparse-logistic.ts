// Logistic regression with a ridge penalty on sparse rows: limited-memory BFGS (Nocedal & Wright, 2006, "Numerical Optimization",
// algorithm 7.4) on variables scaled by the bound of their curvature, so that counts and rare items move alike. No randomness.
import type { SparseRows } from './sparse-rows.js';

export interface RidgeOptions {
  /** The penalty is half of this times the squared weights, on the summed loss. Column 0 is the intercept and free of it. */
  readonly l2: number;
  /** Ends where a step gains less than this share of the loss. */
  readonly gainMin: number;
  /** Weights to begin from: those of a near penalty save half of the steps. Zeros where absent. */
  readonly from?: Float64Array;
  /** Called with the share of the steps that may come; may throw to cancel. */
  readonly progress?: (share: number) => void;
}

export const STEPS_MAX = 300;
const MEMORY = 10;
const HALVINGS_MAX = 20;
const SUFFICIENT_DECREASE = 1e-4;

/** Fits `right` of the rows that are listed. */
export function ridge(x: SparseRows, right: Uint8Array, rows: Int32Array, { l2, gainMin, from, progress }: RidgeOptions): Float64Array {
  const scale = scales(x, rows, l2);
  const gradient = new Float64Array(x.columns);
  const weights = new Float64Array(x.columns);
  // The search runs on weights divided by their scale.
  let at: Float64Array = Float64Array.from(scale, (one, n) => (from?.[n] ?? 0) / one);
  const loss = (point: Float64Array) => lossAt(x, right, rows, { point, scale, l2, weights, gradient });
  let value = loss(at);
  let slope = gradient.slice();
  const memory: { readonly step: Float64Array; readonly change: Float64Array; readonly product: number }[] = [];
  for (let n = 0; n < STEPS_MAX; n++) {
    progress?.(n / STEPS_MAX);
    let direction = downhill(slope, memory);
    let fall = dot(direction, slope);
    if (!(fall < 0)) {
      memory.length = 0;
      direction = slope.map((one) => -one);
      fall = dot(direction, slope);
      if (fall === 0) break;
    }
    const before = value;
    let size = memory.length === 0 ? Math.min(1, 1 / Math.sqrt(-fall)) : 1;
    let next = moved(at, direction, size);
    value = loss(next);
    for (let halved = 0; value > before + SUFFICIENT_DECREASE * size * fall && halved < HALVINGS_MAX; halved++) {
      size /= 2;
      next = moved(at, direction, size);
      value = loss(next);
    }
    if (value > before) break;
    const step = next.map((one, i) => one - (at[i] as number));
    const change = gradient.map((one, i) => one - (slope[i] as number));
    const product = dot(step, change);
    if (product > 0) memory.push({ step, change, product });
    if (memory.length > MEMORY) memory.shift();
    at = next;
    slope = gradient.slice();
    if (before - value < gainMin * value) break;
  }
  progress?.(1);
  return at.map((one, n) => one * (scale[n] as number));
}

/** Logit of a row. */
export function logitOfRow({ starts, column, value }: SparseRows, row: number, weights: Float64Array): number {
  let sum = 0;
  for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) sum += (weights[column[at] as number] as number) * (value[at] as number);
  return sum;
}

/** 1 / sqrt(bound of the second derivative): w(1 - w) is a quarter at most. */
function scales({ columns, starts, column, value }: SparseRows, rows: Int32Array, l2: number): Float64Array {
  const bound = new Float64Array(columns).fill(l2);
  bound[0] = 0;
  for (const row of rows) {
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) {
      const j = column[at] as number;
      bound[j] = (bound[j] as number) + ((value[at] as number) * (value[at] as number)) / 4;
    }
  }
  return bound.map((one) => (one > 0 ? 1 / Math.sqrt(one) : 1));
}

interface Work {
  readonly point: Float64Array;
  readonly scale: Float64Array;
  readonly l2: number;
  /** Both are overwritten: the weights at the point, and the slope there. */
  readonly weights: Float64Array;
  readonly gradient: Float64Array;
}

function lossAt(x: SparseRows, right: Uint8Array, rows: Int32Array, { point, scale, l2, weights, gradient }: Work): number {
  const { starts, column, value } = x;
  let loss = 0;
  for (let n = 0; n < point.length; n++) {
    const weight = (point[n] as number) * (scale[n] as number);
    const penalty = n === 0 ? 0 : l2;
    weights[n] = weight;
    gradient[n] = penalty * weight;
    loss += (penalty * weight * weight) / 2;
  }
  for (let n = 0; n < rows.length; n++) {
    const row = rows[n] as number;
    const logit = logitOfRow(x, row, weights);
    const small = Math.exp(-Math.abs(logit));
    const isRight = right[row] === 1;
    loss += Math.log1p(small) + (logit > 0 === isRight ? 0 : Math.abs(logit));
    const slope = (logit > 0 ? 1 : small) / (1 + small) - (isRight ? 1 : 0);
    for (let at = starts[row] as number; at < (starts[row + 1] as number); at++) {
      const j = column[at] as number;
      gradient[j] = (gradient[j] as number) + slope * (value[at] as number);
    }
  }
  for (let n = 0; n < gradient.length; n++) gradient[n] = (gradient[n] as number) * (scale[n] as number);
  return loss;
}

/** The two loops over what was remembered. */
function downhill(slope: Float64Array, memory: readonly { readonly step: Float64Array; readonly change: Float64Array; readonly product: number }[]): Float64Array {
  const direction = slope.map((one) => -one);
  const shares = new Float64Array(memory.length);
  for (let n = memory.length - 1; n >= 0; n--) {
    const { step, change, product } = memory[n] as (typeof memory)[number];
    const share = dot(step, direction) / product;
    shares[n] = share;
    add(direction, change, -share);
  }
  const last = memory.at(-1);
  if (last !== undefined) {
    const scale = last.product / dot(last.change, last.change);
    for (let n = 0; n < direction.length; n++) direction[n] = (direction[n] as number) * scale;
  }
  for (const [n, { step, change, product }] of memory.entries()) add(direction, step, (shares[n] as number) - dot(change, direction) / product);
  return direction;
}

function moved(from: Float64Array, direction: Float64Array, size: number): Float64Array {
  return from.map((one, n) => one + size * (direction[n] as number));
}

function add(to: Float64Array, what: Float64Array, times: number): void {
  for (let n = 0; n < to.length; n++) to[n] = (to[n] as number) + times * (what[n] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += (a[n] as number) * (b[n] as number);
  return sum;
}
