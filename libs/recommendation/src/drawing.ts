// Drawing one of several by its value.

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { exp } = Math;

export interface Exploration {
  /** How sharply the best is preferred: a value 1 - temperature times the best is e times less likely. */
  readonly temperature: number;
  /** The share of draws that goes to any plausible one alike. */
  readonly share: number;
  /** Plausible: at least this part of the best value. */
  readonly plausibleFrom: number;
}

/**
 * The probability of each value to be drawn: a softmax of value / best, mixed with a uniform choice among the plausible.
 * `values` are 0 or more and not empty; where all are 0, each is as good. Every plausible one has at least `share` / (number of plausible ones).
 */
export function drawProbabilities(values: readonly number[], { temperature, share, plausibleFrom }: Exploration): readonly number[] {
  const size = values.length;
  let best = 0;
  for (let at = 0; at < size; at++) if ((values[at] as number) > best) best = values[at] as number;
  if (best === 0) return values.map(() => 1 / size);
  const probabilities = new Array<number>(size);
  let [total, plausible] = [0, 0];
  for (let at = 0; at < size; at++) {
    const value = values[at] as number;
    const weight = exp((value / best - 1) / temperature);
    probabilities[at] = weight;
    total += weight;
    if (value >= plausibleFrom * best) plausible++;
  }
  for (let at = 0; at < size; at++) {
    probabilities[at] = ((1 - share) * (probabilities[at] as number)) / total + ((values[at] as number) >= plausibleFrom * best ? share / plausible : 0);
  }
  return probabilities;
}

/** The place that a number in [0, 1) falls on. */
export function draw(probabilities: readonly number[], random: number): number {
  let left = random;
  for (let at = 0; at < probabilities.length; at++) {
    left -= probabilities[at] as number;
    if (left < 0) return at;
  }
  // Rounding may leave a sliver above the sum.
  return probabilities.length - 1;
}
