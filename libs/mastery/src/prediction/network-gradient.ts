// Which way a network's loss over a batch of rows falls, by back-propagation (Rumelhart, Hinton & Williams, 1986). Rows are taken in
// tiles that stay in the cache; units that say nothing are passed over.
import { combinationSlotOf, inputWidth, itemSlotOf, type NetworkWeights } from './network.js';
import type { TrainingRows } from './training-rows.js';

/** What is learned. */
export const NETWORK_PARTS = [
  ...(['itemVectors', 'combinationVectors', 'firstWeights', 'firstBias', 'secondWeights', 'secondBias'] as const),
  ...(['lastWeights', 'lastBias', 'direct'] as const),
] as const;
export type NetworkPart = (typeof NETWORK_PARTS)[number];
export type NetworkGradient = Readonly<Record<NetworkPart, Float64Array>>;

/** 32 rows of 120 inputs are 30 KiB. */
const TILE_ROWS = 32;

/** Named once: where tests run, each look at a global costs more than the exponential. */
const { exp, log } = Math;

export function newGradient(weights: NetworkWeights): NetworkGradient {
  const zeros = (part: NetworkPart) => new Float64Array(weights[part].length);
  return {
    itemVectors: zeros('itemVectors'),
    combinationVectors: zeros('combinationVectors'),
    firstWeights: zeros('firstWeights'),
    firstBias: zeros('firstBias'),
    secondWeights: zeros('secondWeights'),
    secondBias: zeros('secondBias'),
    lastWeights: zeros('lastWeights'),
    lastBias: zeros('lastBias'),
    direct: zeros('direct'),
  };
}

export interface Dropout {
  /** 0..1: the share of hidden units that a row goes without; those left count for more (inverted dropout). */
  readonly share: number;
  readonly random: () => number;
}

export class BackPropagation {
  /** Of the last batch. */
  readonly gradient: NetworkGradient;
  private readonly input: Float64Array;
  private readonly first: Float64Array;
  private readonly second: Float64Array;
  /** By row and unit: what a change of its sum changes of its value. 0 for units that are off. */
  private readonly firstSlope: Float64Array;
  private readonly secondSlope: Float64Array;
  private readonly surprise = new Float64Array(TILE_ROWS);
  private readonly vectors: Float64Array;
  private readonly terms: Terms;

  constructor(
    private readonly weights: NetworkWeights,
    private readonly rows: TrainingRows,
    private readonly dropout: Dropout,
  ) {
    const { shape } = weights;
    this.gradient = newGradient(weights);
    this.input = new Float64Array(TILE_ROWS * inputWidth(shape));
    this.first = new Float64Array(TILE_ROWS * shape.first);
    this.second = new Float64Array(TILE_ROWS * shape.second);
    this.firstSlope = new Float64Array(TILE_ROWS * shape.first);
    this.secondSlope = new Float64Array(TILE_ROWS * shape.second);
    this.vectors = new Float64Array(shape.itemVector + shape.combinationVector);
    this.terms = newTerms(Math.max(TILE_ROWS, shape.first, shape.second));
  }

  /** Mean loss over the rows `order[from]` to `order[to]`, the latter exclusive; leaves its gradient in `gradient`. */
  batch(order: Int32Array, from: number, to: number): number {
    for (const part of NETWORK_PARTS) this.gradient[part].fill(0);
    let loss = 0;
    for (let at = from; at < to; at += TILE_ROWS) {
      const count = Math.min(TILE_ROWS, to - at);
      this.gather(order, at, count);
      loss += this.forward(order, at, count, to - from);
      this.backward(order, at, count);
    }
    return loss / (to - from);
  }

  private gather(order: Int32Array, at: number, count: number): void {
    const { weights, input, rows } = this;
    const { features, itemVector, combinationVector } = weights.shape;
    let to = 0;
    for (let n = 0; n < count; n++) {
      const row = order[at + n] as number;
      for (let k = row * features; k < (row + 1) * features; k++) input[to++] = rows.features[k] as number;
      const item = itemSlotOf(weights, rows.item[row] as number) * itemVector;
      for (let k = item; k < item + itemVector; k++) input[to++] = weights.itemVectors[k] as number;
      const combination = combinationSlotOf(weights, rows.combination[row] as number) * combinationVector;
      for (let k = combination; k < combination + combinationVector; k++) input[to++] = weights.combinationVectors[k] as number;
    }
    // Rows go by fours; the gap holds nothing of the tile before.
    input.fill(0, to, input.length);
  }

  private forward(order: Int32Array, at: number, count: number, of: number): number {
    const { weights, input, first, second, surprise, rows } = this;
    const { shape, lastWeights, direct } = weights;
    const width = inputWidth(shape);
    sums(weights.firstWeights, weights.firstBias, input, width, first, shape.first, count);
    this.activate(first, this.firstSlope, shape.first * count);
    sums(weights.secondWeights, weights.secondBias, first, shape.first, second, shape.second, count);
    this.activate(second, this.secondSlope, shape.second * count);
    let loss = 0;
    for (let n = 0; n < count; n++) {
      let logit = weights.lastBias[0] as number;
      for (let k = 0; k < shape.second; k++) logit += (lastWeights[k] as number) * (second[n * shape.second + k] as number);
      for (let k = 0; k < shape.features; k++) logit += (direct[k] as number) * (input[n * width + k] as number);
      const right = rows.right[order[at + n] as number] as number;
      // ln(1 + e^-|logit|) does not overflow.
      const away = exp(logit < 0 ? logit : -logit);
      loss += log(1 + away) + (logit > 0 ? logit : 0) - right * logit;
      surprise[n] = ((logit < 0 ? away : 1) / (1 + away) - right) / of;
    }
    return loss;
  }

  /** Turns sums into values of units, in place. */
  private activate(values: Float64Array, slopes: Float64Array, length: number): void {
    const { share, random } = this.dropout;
    const kept = 1 / (1 - share);
    for (let n = 0; n < length; n++) {
      const sum = values[n] as number;
      const slope = sum > 0 && (share === 0 || random() >= share) ? kept : 0;
      slopes[n] = slope;
      values[n] = slope === 0 ? 0 : sum * slope;
    }
  }

  private backward(order: Int32Array, at: number, count: number): void {
    const { weights, gradient, input, first, second, firstSlope, secondSlope, surprise, terms } = this;
    const { shape, lastWeights } = weights;
    const width = inputWidth(shape);
    for (let n = 0; n < count; n++) {
      const one = surprise[n] as number;
      gradient.lastBias[0] = (gradient.lastBias[0] as number) + one;
      for (let k = 0; k < shape.second; k++) {
        const place = n * shape.second + k;
        gradient.lastWeights[k] = (gradient.lastWeights[k] as number) + one * (second[place] as number);
        secondSlope[place] = one * (lastWeights[k] as number) * (secondSlope[place] as number);
      }
    }
    // Slopes of sums are now slopes of the loss.
    addScaled(gradient.direct, 0, shape.features, input, termsOf(terms, surprise, 0, 1, count, width));
    layerBack(gradient.secondWeights, gradient.secondBias, secondSlope, shape.second, first, shape.first, count, terms);
    this.throughSecond(count);
    layerBack(gradient.firstWeights, gradient.firstBias, firstSlope, shape.first, input, width, count, terms);
    this.intoVectors(order, at, count);
  }

  private throughSecond(count: number): void {
    const { weights, first, firstSlope, secondSlope, terms } = this;
    const { shape } = weights;
    // The values of the first layer are no longer needed: their place takes the slopes.
    first.fill(0, 0, count * shape.first);
    for (let n = 0; n < count; n++) {
      addScaled(first, n * shape.first, shape.first, weights.secondWeights, termsOf(terms, secondSlope, n * shape.second, 1, shape.second, shape.first));
    }
    for (let k = 0; k < count * shape.first; k++) firstSlope[k] = (firstSlope[k] as number) * (first[k] as number);
  }

  private intoVectors(order: Int32Array, at: number, count: number): void {
    const { weights, gradient, rows, firstSlope, vectors, terms } = this;
    const { shape, firstWeights } = weights;
    for (let n = 0; n < count; n++) {
      const row = order[at + n] as number;
      vectors.fill(0);
      const ofUnits = termsOf(terms, firstSlope, n * shape.first, 1, shape.first, inputWidth(shape), shape.features);
      addScaled(vectors, 0, vectors.length, firstWeights, ofUnits);
      const item = itemSlotOf(weights, rows.item[row] as number) * shape.itemVector;
      for (let k = 0; k < shape.itemVector; k++) gradient.itemVectors[item + k] = (gradient.itemVectors[item + k] as number) + (vectors[k] as number);
      const combination = combinationSlotOf(weights, rows.combination[row] as number) * shape.combinationVector;
      for (let k = 0; k < shape.combinationVector; k++) {
        gradient.combinationVectors[combination + k] = (gradient.combinationVectors[combination + k] as number) + (vectors[shape.itemVector + k] as number);
      }
    }
  }
}

/** Sums of `units` units for the first `count` rows of `input`: four rows at once, so each weight is read once for them. */
function sums(weights: Float64Array, bias: Float64Array, input: Float64Array, width: number, out: Float64Array, units: number, count: number): void {
  for (let row = 0; row < count; row += 4) {
    const [x0, x1, x2, x3] = [row * width, (row + 1) * width, (row + 2) * width, (row + 3) * width];
    for (let unit = 0; unit < units; unit++) {
      let a = bias[unit] as number;
      let [b, c, d] = [a, a, a];
      const at = unit * width;
      for (let k = 0; k < width; k++) {
        const weight = weights[at + k] as number;
        a += weight * (input[x0 + k] as number);
        b += weight * (input[x1 + k] as number);
        c += weight * (input[x2 + k] as number);
        d += weight * (input[x3 + k] as number);
      }
      const to = row * units + unit;
      out[to] = a;
      out[to + units] = b;
      out[to + 2 * units] = c;
      out[to + 3 * units] = d;
    }
  }
}

/** Adds to the gradient of a layer what the slopes of its sums and its inputs say. */
function layerBack(
  weights: Float64Array,
  bias: Float64Array,
  slopes: Float64Array,
  units: number,
  input: Float64Array,
  width: number,
  count: number,
  terms: Terms,
): void {
  for (let unit = 0; unit < units; unit++) {
    const ofRows = termsOf(terms, slopes, unit, units, count, width);
    addScaled(weights, unit * width, width, input, ofRows);
    let sum = bias[unit] as number;
    for (let n = 0; n < ofRows.count; n++) sum += ofRows.factor[n] as number;
    bias[unit] = sum;
  }
}

/** Rows of a matrix, by where they begin, and what each is multiplied by. */
interface Terms {
  readonly at: Int32Array;
  readonly factor: Float64Array;
  count: number;
}

function newTerms(most: number): Terms {
  return { at: new Int32Array(most), factor: new Float64Array(most), count: 0 };
}

/** Those of the `count` factors, from `from` in steps of `step`, that are not 0; row n of the matrix begins at `start + n * width`. */
function termsOf(terms: Terms, factors: Float64Array, from: number, step: number, count: number, width: number, start = 0): Terms {
  let found = 0;
  for (let n = 0; n < count; n++) {
    const factor = factors[from + n * step] as number;
    if (factor === 0) continue;
    terms.at[found] = start + n * width;
    terms.factor[found] = factor;
    found++;
  }
  terms.count = found;
  return terms;
}

/** Adds the rows, each times its factor, to `length` numbers from `to` on: four rows at once, so each sum is read and written once for them. */
function addScaled(out: Float64Array, to: number, length: number, matrix: Float64Array, { at, factor, count }: Terms): void {
  let n = 0;
  for (; n + 3 < count; n += 4) {
    const [a, b, c, d] = [at[n] as number, at[n + 1] as number, at[n + 2] as number, at[n + 3] as number];
    const [p, q, r, s] = [factor[n] as number, factor[n + 1] as number, factor[n + 2] as number, factor[n + 3] as number];
    for (let k = 0; k < length; k++) {
      out[to + k] =
        (out[to + k] as number) + (p * (matrix[a + k] as number) + q * (matrix[b + k] as number) + (r * (matrix[c + k] as number) + s * (matrix[d + k] as number)));
    }
  }
  for (; n < count; n++) {
    const a = at[n] as number;
    const p = factor[n] as number;
    for (let k = 0; k < length; k++) out[to + k] = (out[to + k] as number) + p * (matrix[a + k] as number);
  }
}
