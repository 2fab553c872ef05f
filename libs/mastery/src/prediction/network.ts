// A small network over all features of an answer, an item's own vector and its combination's: 120 numbers, 64 and 32 rectified units, one logit,
// and a direct linear term. Loops have a fixed order and sums four fixed accumulators, so that the same weights give the same bits.
import type { Vocabulary } from '../answer-log.js';
import { PREDICTION_WIDTH } from './features.js';

export const ITEM_VECTOR = 8;
export const COMBINATION_VECTOR = 16;
export const INPUT_WIDTH = PREDICTION_WIDTH + ITEM_VECTOR + COMBINATION_VECTOR;
export const FIRST_WIDTH = 64;
export const SECOND_WIDTH = 32;
/** An item with fewer training answers shares one vector with all such: its own would be learned by heart. */
export const OWN_VECTOR_ANSWERS = 50;

/** Typed arrays only, for threads and stores. Matrices hold one row for each unit. */
export interface NetworkWeights {
  /** By number of item: its vector; 0 is the shared one. Items beyond the end share it too. */
  readonly itemSlot: Int32Array;
  readonly itemVectors: Float64Array;
  readonly combinationVectors: Float64Array;
  /** By number of combination: 1 where training rows had it. The others take the mean of those that were seen. */
  readonly combinationSeen: Uint8Array;
  readonly first: Float64Array;
  readonly firstBias: Float64Array;
  readonly second: Float64Array;
  readonly secondBias: Float64Array;
  readonly last: Float64Array;
  readonly lastBias: Float64Array;
  /** From the standardised features straight to the logit. */
  readonly direct: Float64Array;
}

/** Weights of the sizes that training rows ask for, all 0. */
export function emptyNetwork({ items, combinations }: Pick<Vocabulary, 'items' | 'combinations'>, item: Int32Array, combination: Int32Array): NetworkWeights {
  const answers = new Int32Array(items.length);
  for (const number of item) if (number >= 0) answers[number] = (answers[number] ?? 0) + 1;
  let slots = 1;
  const itemSlot = answers.map((count) => (count >= OWN_VECTOR_ANSWERS ? slots++ : 0));
  const combinationSeen = new Uint8Array(combinations.length);
  for (const number of combination) if (number >= 0) combinationSeen[number] = 1;
  return {
    itemSlot,
    itemVectors: new Float64Array(slots * ITEM_VECTOR),
    combinationVectors: new Float64Array(Math.max(1, combinations.length) * COMBINATION_VECTOR),
    combinationSeen,
    first: new Float64Array(FIRST_WIDTH * INPUT_WIDTH),
    firstBias: new Float64Array(FIRST_WIDTH),
    second: new Float64Array(SECOND_WIDTH * FIRST_WIDTH),
    secondBias: new Float64Array(SECOND_WIDTH),
    last: new Float64Array(SECOND_WIDTH),
    lastBias: new Float64Array(1),
    direct: new Float64Array(PREDICTION_WIDTH),
  };
}

/** Room for one row's way through the network. */
export interface Activations {
  readonly input: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

export function newActivations(): Activations {
  return { input: new Float64Array(INPUT_WIDTH), first: new Float64Array(FIRST_WIDTH), second: new Float64Array(SECOND_WIDTH) };
}

/** The mean vector of the combinations that were seen: that of one which was not. */
export function meanCombination({ combinationVectors, combinationSeen }: NetworkWeights): Float64Array {
  const mean = new Float64Array(COMBINATION_VECTOR);
  let seen = 0;
  for (let number = 0; number < combinationSeen.length; number++) {
    if (combinationSeen[number] !== 1) continue;
    seen++;
    for (let n = 0; n < COMBINATION_VECTOR; n++) mean[n] = (mean[n] as number) + (combinationVectors[number * COMBINATION_VECTOR + n] as number);
  }
  return mean.map((sum) => (seen === 0 ? 0 : sum / seen));
}

/** Logit of a right answer. `features` are standardised; `unseen` is `meanCombination`. */
export function networkLogit(
  weights: NetworkWeights,
  features: Float64Array | Float32Array,
  { at, item, combination }: { readonly at: number; readonly item: number; readonly combination: number },
  unseen: Float64Array,
  room: Activations,
): number {
  const { input, first, second } = room;
  for (let n = 0; n < PREDICTION_WIDTH; n++) input[n] = features[at + n] as number;
  const slot = (weights.itemSlot[item] ?? 0) * ITEM_VECTOR;
  for (let n = 0; n < ITEM_VECTOR; n++) input[PREDICTION_WIDTH + n] = weights.itemVectors[slot + n] as number;
  const isSeen = weights.combinationSeen[combination] === 1;
  const vectors = isSeen ? weights.combinationVectors : unseen;
  const from = isSeen ? combination * COMBINATION_VECTOR : 0;
  for (let n = 0; n < COMBINATION_VECTOR; n++) input[PREDICTION_WIDTH + ITEM_VECTOR + n] = vectors[from + n] as number;
  layer(weights.first, weights.firstBias, input, first);
  layer(weights.second, weights.secondBias, first, second);
  return (weights.lastBias[0] as number) + product(weights.last, 0, second, SECOND_WIDTH) + product(weights.direct, 0, input, PREDICTION_WIDTH);
}

/** Rectified sums of each unit. */
export function layer(matrix: Float64Array, bias: Float64Array, input: Float64Array, out: Float64Array): void {
  const width = input.length;
  for (let unit = 0; unit < out.length; unit++) {
    const sum = (bias[unit] as number) + product(matrix, unit * width, input, width);
    out[unit] = sum > 0 ? sum : 0;
  }
}

/** Of a row of a matrix and a vector; widths are multiples of four. */
export function product(matrix: Float64Array, from: number, vector: Float64Array, width: number): number {
  let [a, b, c, d] = [0, 0, 0, 0];
  for (let n = 0; n < width; n += 4) {
    a += (matrix[from + n] as number) * (vector[n] as number);
    b += (matrix[from + n + 1] as number) * (vector[n + 1] as number);
    c += (matrix[from + n + 2] as number) * (vector[n + 2] as number);
    d += (matrix[from + n + 3] as number) * (vector[n + 3] as number);
  }
  return a + b + (c + d);
}
