// A logistic regression on standardised features, as it is kept.

export interface Logistic {
  readonly features: readonly string[];
  /** Of each feature over the training rows. */
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  readonly weights: Float64Array;
  readonly intercept: number;
}

/** A standardised feature beyond this many standard deviations counts as this many. */
export const CLIP_SD = 5;
/** Added to every standard deviation: a feature that never varies divides by it. */
export const SD_FLOOR = 1e-6;

export function standardised(value: number, mean: number, sd: number): number {
  const z = (value - mean) / sd;
  return z > CLIP_SD ? CLIP_SD : z < -CLIP_SD ? -CLIP_SD : z;
}

/** Logit of the row of features that begins at `at`. */
export function logitOf({ mean, sd, weights, intercept }: Logistic, features: Float64Array, at = 0): number {
  let sum = intercept;
  for (let n = 0; n < weights.length; n++) sum += (weights[n] ?? 0) * standardised(features[at + n] ?? 0, mean[n] ?? 0, sd[n] ?? 1);
  return sum;
}

/** What each feature adds to the logit, in their order: sums, with the intercept, to `logitOf`. */
export function contributions({ mean, sd, weights }: Logistic, features: Float64Array, at = 0): readonly number[] {
  return Array.from(weights, (weight, n) => weight * standardised(features[at + n] ?? 0, mean[n] ?? 0, sd[n] ?? 1));
}
