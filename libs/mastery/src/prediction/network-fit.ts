// Fits the network by Adam (Kingma & Ba, 2015) with decoupled decay (Loshchilov & Hutter, 2019). One seed gives the same bits each time.
import { seeded } from '../seeded.js';
import { inputWidth, NETWORK_SHAPE, type NetworkShape, type NetworkWeights } from './network.js';
import { BackPropagation, NETWORK_PARTS, newGradient, type NetworkPart } from './network-gradient.js';
import type { TrainingRows } from './training-rows.js';

export interface NetworkFitOptions {
  /** How many there are in the vocabulary. */
  readonly items: number;
  readonly combinations: number;
  /** Fixes the first weights, the order of rows and what is dropped. */
  readonly seed: number;
  readonly epochs?: number;
  /** Called for each batch, with the share of the work done. What it throws ends the fit. */
  readonly onProgress?: (share: number) => void;
}

export const NETWORK_EPOCHS = 12;
/** Of each epoch, rows that do not fill a batch are left out. */
export const BATCH_ROWS = 512;
/** Items with fewer answers share one vector: own vectors overfit. */
export const OWN_VECTOR_ANSWERS_MIN = 50;
const RATE = 2e-3;
const WARM_UP_STEPS = 200;
const DROPOUT = 0.2;
const [MEAN_FADING, SQUARE_FADING, FLOOR] = [0.9, 0.999, 1e-8];
/** Times the rate, by part; biases have none. */
const DECAY: Readonly<Record<NetworkPart, number>> = {
  itemVectors: 0.5,
  combinationVectors: 0.005,
  firstWeights: 1e-5,
  firstBias: 0,
  secondWeights: 1e-5,
  secondBias: 0,
  lastWeights: 1e-5,
  lastBias: 0,
  direct: 1e-5,
};

const { sqrt } = Math;

/** Null where the rows do not fill one batch: too few to learn from, a regression says more. */
export function fitNetwork(rows: TrainingRows, { items, combinations, seed, epochs = NETWORK_EPOCHS, onProgress }: NetworkFitOptions): NetworkWeights | null {
  const count = rows.right.length;
  const batches = Math.floor(count / BATCH_ROWS);
  if (batches === 0) return null;
  const random = seeded(seed);
  const weights = newWeights(rows, { features: rows.features.length / count, ...NETWORK_SHAPE }, { items, combinations }, random);
  const propagation = new BackPropagation(weights, rows, { share: DROPOUT, random });
  const adam = new Adam(weights);
  const order = Int32Array.from({ length: count }, (_, n) => n);
  const steps = epochs * batches;
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, random);
    for (let batch = 0; batch < batches; batch++) {
      propagation.batch(order, batch * BATCH_ROWS, (batch + 1) * BATCH_ROWS);
      const step = epoch * batches + batch;
      adam.step(propagation.gradient, rateAt(step, steps));
      onProgress?.((step + 1) / steps);
    }
  }
  meanOfOthers(weights.combinationVectors, weights.shape.combinationVector);
  return weights;
}

/** Rises in a line, then falls as a cosine does. A short fit spends half of its steps rising at the most. */
export function rateAt(step: number, steps: number): number {
  const warmUp = Math.min(WARM_UP_STEPS, steps / 2);
  return step < warmUp ? (RATE * (step + 1)) / warmUp : (RATE * (1 + Math.cos((Math.PI * step) / steps))) / 2;
}

/** Weights before the first step. */
export function newWeights(
  rows: TrainingRows,
  shape: NetworkShape,
  { items, combinations }: { readonly items: number; readonly combinations: number },
  random: () => number,
): NetworkWeights {
  const normal = (length: number, sd: number) => Float64Array.from({ length }, () => sd * standardNormal(random));
  const width = inputWidth(shape);
  const itemSlot = slots(rows.item, items, OWN_VECTOR_ANSWERS_MIN);
  const combinationSlot = slots(
    rows.combination.map((number) => (number < 0 ? combinations : number)),
    combinations + 1,
    1,
  );
  return {
    shape,
    itemSlot,
    itemVectors: normal(slotCount(itemSlot) * shape.itemVector, 0.01),
    combinationSlot,
    combinationVectors: normal(slotCount(combinationSlot) * shape.combinationVector, 0.1),
    firstWeights: normal(shape.first * width, sqrt(2 / width)),
    firstBias: new Float64Array(shape.first),
    secondWeights: normal(shape.second * shape.first, sqrt(2 / shape.first)),
    secondBias: new Float64Array(shape.second),
    lastWeights: normal(shape.second, sqrt(0.1 / shape.second)),
    lastBias: new Float64Array(1),
    direct: new Float64Array(shape.features),
  };
}

class Adam {
  private readonly mean;
  private readonly square;
  private steps = 0;

  constructor(private readonly weights: NetworkWeights) {
    this.mean = newGradient(weights);
    this.square = newGradient(weights);
  }

  step(gradient: Readonly<Record<NetworkPart, Float64Array>>, rate: number): void {
    this.steps++;
    const ofMean = 1 / (1 - MEAN_FADING ** this.steps);
    const ofSquare = 1 / (1 - SQUARE_FADING ** this.steps);
    for (const part of NETWORK_PARTS) {
      const moments = { mean: this.mean[part], square: this.square[part] };
      move(this.weights[part], gradient[part], moments, { rate, decay: DECAY[part], ofMean, ofSquare });
    }
  }
}

interface Move {
  readonly rate: number;
  readonly decay: number;
  /** Make up for moments that began at 0. */
  readonly ofMean: number;
  readonly ofSquare: number;
}

function move(
  weights: Float64Array,
  gradient: Float64Array,
  { mean, square }: { readonly mean: Float64Array; readonly square: Float64Array },
  { rate, decay, ofMean, ofSquare }: Move,
): void {
  for (let n = 0; n < weights.length; n++) {
    const slope = gradient[n] as number;
    const first = MEAN_FADING * (mean[n] as number) + (1 - MEAN_FADING) * slope;
    const second = SQUARE_FADING * (square[n] as number) + (1 - SQUARE_FADING) * slope * slope;
    const weight = weights[n] as number;
    mean[n] = first;
    square[n] = second;
    weights[n] = weight - rate * ((first * ofMean) / (sqrt(second * ofSquare) + FLOOR) + decay * weight);
  }
}

/** Numbers seen often enough get a slot each, from 1 on; the rest have slot 0. */
function slots(numbers: Int32Array, length: number, seenAtLeast: number): Int32Array {
  const seen = new Int32Array(length);
  for (const number of numbers) if (number >= 0) seen[number] = (seen[number] ?? 0) + 1;
  let used = 0;
  return seen.map((count) => (count >= seenAtLeast ? ++used : 0));
}

function slotCount(slot: Int32Array): number {
  return slot.reduce((most, one) => Math.max(most, one), 0) + 1;
}

function meanOfOthers(vectors: Float64Array, width: number): void {
  const others = vectors.length / width - 1;
  if (others === 0) return;
  vectors.fill(0, 0, width);
  for (let n = width; n < vectors.length; n++) vectors[n % width] = (vectors[n % width] as number) + (vectors[n] as number);
  for (let n = 0; n < width; n++) vectors[n] = (vectors[n] as number) / others;
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let n = order.length - 1; n > 0; n--) {
    const other = Math.floor(random() * (n + 1));
    const one = order[n] as number;
    order[n] = order[other] as number;
    order[other] = one;
  }
}

/** By Box and Muller (1958). */
function standardNormal(random: () => number): number {
  return sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
