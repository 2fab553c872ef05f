// One mini-batch through the network and back: sums of the gradients of mean cross-entropy. Units that stay at 0 cost nothing.
import { COMBINATION_VECTOR, FIRST_WIDTH, INPUT_WIDTH, ITEM_VECTOR, layer, newActivations, product, SECOND_WIDTH, type NetworkWeights } from './network.js';
import { PREDICTION_WIDTH } from './features.js';
import type { TrainingRows } from './training-rows.js';

/** By group of weights. */
export type Gradients = { readonly [group in Exclude<keyof NetworkWeights, 'itemSlot' | 'combinationSeen'>]: Float64Array };

export interface DropoutBy {
  /** The share of units that are left out. */
  readonly dropout: number;
  readonly random: () => number;
}

/** Adds the gradients of some rows to `gradients`; answers the sum of their losses. */
export type Backward = (order: Int32Array, from: number, count: number, gradients: Gradients) => number;

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { exp, log1p } = Math;

export function backward(weights: NetworkWeights, rows: TrainingRows, { dropout, random }: DropoutBy): Backward {
  const { input, first, second } = newActivations();
  const [deltaFirst, deltaInput] = [new Float64Array(FIRST_WIDTH), new Float64Array(ITEM_VECTOR + COMBINATION_VECTOR)];
  const kept = 1 / (1 - dropout);
  const drop = (units: Float64Array): void => {
    // Drawn for units at 0 too, so that what is drawn does not hang on weights.
    if (dropout > 0) for (let n = 0; n < units.length; n++) units[n] = random() < dropout ? 0 : (units[n] as number) * kept;
  };
  return (order, from, count, gradients) => {
    let loss = 0;
    for (let place = from; place < from + count; place++) {
      const row = order[place] as number;
      const slot = (weights.itemSlot[rows.item[row] as number] ?? 0) * ITEM_VECTOR;
      // A row without skills has the first combination's vector; nothing has it in practice.
      const combination = Math.max(0, rows.combination[row] as number) * COMBINATION_VECTOR;
      for (let n = 0; n < PREDICTION_WIDTH; n++) input[n] = rows.features[row * PREDICTION_WIDTH + n] as number;
      for (let n = 0; n < ITEM_VECTOR; n++) input[PREDICTION_WIDTH + n] = weights.itemVectors[slot + n] as number;
      for (let n = 0; n < COMBINATION_VECTOR; n++) input[PREDICTION_WIDTH + ITEM_VECTOR + n] = weights.combinationVectors[combination + n] as number;
      layer(weights.first, weights.firstBias, input, first);
      drop(first);
      layer(weights.second, weights.secondBias, first, second);
      drop(second);
      const logit = (weights.lastBias[0] as number) + product(weights.last, 0, second, SECOND_WIDTH) + product(weights.direct, 0, input, PREDICTION_WIDTH);
      const right = rows.right[row] as number;
      const p = 1 / (1 + exp(-logit));
      loss += (logit > 0 ? log1p(exp(-logit)) : log1p(exp(logit)) - logit) + (1 - right) * logit;
      const delta = (p - right) / count;

      gradients.lastBias[0] = (gradients.lastBias[0] as number) + delta;
      add(gradients.direct, 0, delta, input, PREDICTION_WIDTH);
      deltaFirst.fill(0);
      for (let unit = 0; unit < SECOND_WIDTH; unit++) {
        const active = second[unit] as number;
        gradients.last[unit] = (gradients.last[unit] as number) + delta * active;
        // At 0 it was rectified or left out: nothing flows through it.
        if (active === 0) continue;
        const back = delta * (weights.last[unit] as number) * kept;
        gradients.secondBias[unit] = (gradients.secondBias[unit] as number) + back;
        add(gradients.second, unit * FIRST_WIDTH, back, first, FIRST_WIDTH);
        addRow(deltaFirst, weights.second, unit * FIRST_WIDTH, back, FIRST_WIDTH);
      }
      deltaInput.fill(0);
      for (let unit = 0; unit < FIRST_WIDTH; unit++) {
        if (first[unit] === 0) continue;
        const back = (deltaFirst[unit] as number) * kept;
        gradients.firstBias[unit] = (gradients.firstBias[unit] as number) + back;
        add(gradients.first, unit * INPUT_WIDTH, back, input, INPUT_WIDTH);
        addRow(deltaInput, weights.first, unit * INPUT_WIDTH + PREDICTION_WIDTH, back, ITEM_VECTOR + COMBINATION_VECTOR);
      }
      for (let n = 0; n < ITEM_VECTOR; n++) gradients.itemVectors[slot + n] = (gradients.itemVectors[slot + n] as number) + (deltaInput[n] as number);
      for (let n = 0; n < COMBINATION_VECTOR; n++) {
        gradients.combinationVectors[combination + n] = (gradients.combinationVectors[combination + n] as number) + (deltaInput[ITEM_VECTOR + n] as number);
      }
    }
    return loss;
  };
}

/** `sums[at + n] += factor * vector[n]`. */
function add(sums: Float64Array, at: number, factor: number, vector: Float64Array, width: number): void {
  for (let n = 0; n < width; n++) sums[at + n] = (sums[at + n] as number) + factor * (vector[n] as number);
}

/** `sums[n] += factor * matrix[from + n]`. */
function addRow(sums: Float64Array, matrix: Float64Array, from: number, factor: number, width: number): void {
  for (let n = 0; n < width; n++) sums[n] = (sums[n] as number) + factor * (matrix[from + n] as number);
}
