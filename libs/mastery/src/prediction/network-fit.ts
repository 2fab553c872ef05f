// Fits the network on mean cross-entropy: mini-batches, a fixed number of epochs, dropout (Srivastava et al., 2014). Deterministic for a seed,
// bit for bit.
import type { Vocabulary } from '../answer-log.js';
import { seeded, shuffle } from '../seeded.js';
import { PREDICTION_WIDTH } from './features.js';
import { adamOf, gradientsOf, WEIGHT_GROUPS } from './network-adam.js';
import { backward } from './network-gradients.js';
import { emptyNetwork, FIRST_WIDTH, INPUT_WIDTH, meanCombination, networkLogit, newActivations, SECOND_WIDTH, type NetworkWeights } from './network.js';
import type { TrainingRows } from './training-rows.js';

export interface NetworkFitOptions {
  /** Of initial weights, order and dropout. */
  readonly seed: number;
  readonly epochs?: number;
  /** 0 for none. */
  readonly dropout?: number;
  /** With fewer rows nothing is fitted. */
  readonly rowsMin?: number;
  /** Called after each batch, with the share of the work done. What it throws ends the fit. */
  readonly onProgress?: (share: number) => void;
}

export const BATCH_ROWS = 512;
/**
 * Fewer teach the network less than they teach the regression over 14 features. Learned from 4 to 640 learners of two public sets
 * (ASSISTments 2009, OLI Statics) and tried on others of the training part, four cuts: log loss was better in every one from here on, worse
 * in most below 15,000, and far worse (0.69 against 0.57) at 1,500.
 */
export const NETWORK_ROWS_MIN = 25_000;
const EPOCHS = 12;
const DROPOUT = 0.2;
/** What levelling a batch of rows costs, in steps. */
const LEVEL_COST = 0.3;
const LEVEL_STEPS_MAX = 20;
const LEVEL_STEP_MIN = 1e-12;

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { abs, cos, exp, floor, log, sqrt, PI } = Math;

/** Null with too few rows to learn from: `rowsMin`, and never less than one batch. */
export function fitNetwork(rows: TrainingRows, vocabulary: Pick<Vocabulary, 'items' | 'combinations'>, options: NetworkFitOptions): NetworkWeights | null {
  const { seed, epochs = EPOCHS, dropout = DROPOUT, rowsMin = NETWORK_ROWS_MIN, onProgress } = options;
  const count = rows.right.length;
  const batches = floor(count / BATCH_ROWS);
  if (batches === 0 || count < rowsMin) return null;
  const random = seeded(seed);
  const weights = initialised(emptyNetwork(vocabulary, rows.item, rows.combination), random);
  const gradients = gradientsOf(weights);
  const adam = adamOf(weights);
  const order = Int32Array.from({ length: count }, (_, row) => row);
  const total = epochs * batches;
  const work = total + batches * LEVEL_COST;
  const batch = backward(weights, rows, { dropout, random });
  for (let step = 0; step < total; step++) {
    const place = step % batches;
    if (place === 0) shuffle(order, random);
    for (const group of WEIGHT_GROUPS) gradients[group].fill(0);
    batch(order, place * BATCH_ROWS, BATCH_ROWS, gradients);
    adam(gradients, step, total);
    onProgress?.((step + 1) / work);
  }
  level(weights, rows, (part) => onProgress?.((total + part * batches * LEVEL_COST) / work));
  return weights;
}

/**
 * Moves the last bias until the mean prediction over the training rows is their share of right answers. Fitted with dropout and used without,
 * a network is off by up to .01; levelled, ECE over held-out learners of the training part fell from .0079 to .0057 (ASSISTments 2009, each of
 * six fits) and stayed at .0066 (Statics). A slope beside it made both worse.
 */
function level(weights: NetworkWeights, rows: TrainingRows, onPart: (share: number) => void): void {
  const count = rows.right.length;
  const [unseen, room] = [meanCombination(weights), newActivations()];
  const logits = new Float64Array(count);
  for (let row = 0; row < count; row++) {
    const question = { at: row * PREDICTION_WIDTH, item: rows.item[row] as number, combination: rows.combination[row] as number };
    logits[row] = networkLogit(weights, rows.features, question, unseen, room);
    if ((row + 1) % BATCH_ROWS === 0) onPart((row + 1) / count);
  }
  let shift = 0;
  for (let step = 0; step < LEVEL_STEPS_MAX; step++) {
    // Newton's method, damped: rows that are all right, or all wrong, have nowhere to arrive.
    let [surprise, variance] = [0, 0];
    for (let row = 0; row < count; row++) {
      const p = 1 / (1 + exp(-(logits[row] as number) - shift));
      surprise += (rows.right[row] as number) - p;
      variance += p * (1 - p);
    }
    const move = surprise / (variance + 1);
    shift += move;
    if (abs(move) < LEVEL_STEP_MIN) break;
  }
  weights.lastBias[0] = (weights.lastBias[0] as number) + shift;
  onPart(1);
}

/** Vectors small, hidden layers after He et al. (2015), the last layer smaller, biases and the direct term 0. */
function initialised(weights: NetworkWeights, random: () => number): NetworkWeights {
  const fill = (values: Float64Array, sd: number): void => {
    for (let n = 0; n < values.length; n++) values[n] = sd * normal(random);
  };
  fill(weights.itemVectors, 0.01);
  fill(weights.combinationVectors, 0.1);
  fill(weights.first, sqrt(2 / INPUT_WIDTH));
  fill(weights.second, sqrt(2 / FIRST_WIDTH));
  fill(weights.last, sqrt(0.1 / SECOND_WIDTH));
  return weights;
}

/** Box and Muller (1958). */
function normal(random: () => number): number {
  return sqrt(-2 * log(1 - random())) * cos(2 * PI * random());
}
