// Steps of Adam (Kingma & Ba, 2015) with decay apart from the gradient (Loshchilov & Hutter, 2019): how far each weight of the network moves.
import type { Gradients } from './network-gradients.js';
import type { NetworkWeights } from './network.js';

const RATE = 2e-3;
const WARM_UP_STEPS = 200;
const ADAM = { first: 0.9, second: 0.999, epsilon: 1e-8 };
/** Times the rate, by group of weights. */
const DECAY: Readonly<Record<keyof Gradients, number>> = {
  itemVectors: 0.5,
  combinationVectors: 0.005,
  first: 1e-5,
  firstBias: 0,
  second: 1e-5,
  secondBias: 0,
  last: 1e-5,
  lastBias: 0,
  direct: 1e-5,
};
export const WEIGHT_GROUPS = Object.keys(DECAY) as readonly (keyof Gradients)[]; // the table's own keys

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { cos, sqrt, PI } = Math;

/** Moves the weights by the gradients of a batch; `step` counts from 0 to `total`, exclusive. */
export function adamOf(weights: NetworkWeights): (gradients: Gradients, step: number, total: number) => void {
  const [moments, squares] = [gradientsOf(weights), gradientsOf(weights)];
  return (gradients, step, total) => {
    const rate = rateAt(step, total);
    const [bias1, bias2] = [1 - ADAM.first ** (step + 1), 1 - ADAM.second ** (step + 1)];
    for (const group of WEIGHT_GROUPS) move(weights[group], gradients[group], moments[group], squares[group], { rate, bias1, bias2, decay: rate * DECAY[group] });
  };
}

/** Rises in a line, then falls as a cosine does, to 0. */
export function rateAt(step: number, total: number): number {
  return step < WARM_UP_STEPS ? (RATE * (step + 1)) / WARM_UP_STEPS : RATE * 0.5 * (1 + cos((PI * step) / total));
}

export function gradientsOf(weights: NetworkWeights): Gradients {
  // Every group has its own array, of the length of its weights.
  return Object.fromEntries(WEIGHT_GROUPS.map((group) => [group, new Float64Array(weights[group].length)])) as unknown as Gradients;
}

interface Step {
  readonly rate: number;
  readonly bias1: number;
  readonly bias2: number;
  readonly decay: number;
}

function move(values: Float64Array, gradient: Float64Array, moment: Float64Array, square: Float64Array, { rate, bias1, bias2, decay }: Step): void {
  const { first, second, epsilon } = ADAM;
  for (let n = 0; n < values.length; n++) {
    const g = gradient[n] as number;
    const m = first * (moment[n] as number) + (1 - first) * g;
    const v = second * (square[n] as number) + (1 - second) * g * g;
    moment[n] = m;
    square[n] = v;
    const value = values[n] as number;
    values[n] = value - (rate * (m / bias1)) / (sqrt(v / bias2) + epsilon) - decay * value;
  }
}
