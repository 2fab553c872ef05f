// Drawing one of several by its value.

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
  const best = Math.max(...values);
  if (best === 0) return values.map(() => 1 / values.length);
  const weights = values.map((value) => Math.exp((value / best - 1) / temperature));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const plausible = values.filter((value) => value >= plausibleFrom * best).length;
  return values.map((value, at) => ((1 - share) * (weights[at] ?? 0)) / total + (value >= plausibleFrom * best ? share / plausible : 0));
}

/** The place that a number in [0, 1) falls on. */
export function draw(probabilities: readonly number[], random: number): number {
  let left = random;
  for (const [at, probability] of probabilities.entries()) {
    left -= probability;
    if (left < 0) return at;
  }
  // Rounding may leave a sliver above the sum.
  return probabilities.length - 1;
}
