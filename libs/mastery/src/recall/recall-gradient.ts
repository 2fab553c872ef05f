// Log loss of reviews and its gradient in the weights of FSRS-6, by forward differentiation along each card: a review costs about a microsecond.
import { curveFactor, FIRST_STABILITY_MIN, lapseShare, STABILITY_MAX, STABILITY_MIN } from './fsrs.js';
import type { ReviewHistory } from './review-history.js';

/** The weights that right and wrong say most about; by their places among the 21. Those of the same day stay as published. */
export const FITTED_WEIGHTS = [0, 2, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 20] as const;
export const FITTED = FITTED_WEIGHTS.length;

/** Places of the weights in gradients. */
const at = Object.fromEntries(FITTED_WEIGHTS.map((weight, place) => [weight, place]));
const [W0, W2, W4, W5, W6, W7, W8, W9, W10, W11, W12, W13, W14, W20] = FITTED_WEIGHTS.map((weight) => at[weight] ?? 0) as [number, number, number, number, number, number, number, number, number, number, number, number, number, number];

/** A certain prediction that was wrong costs -ln of this. */
const CLAMP = 1e-6;
const DIFFICULTY_MIN = 1;
const DIFFICULTY_MAX = 10;

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { exp, log } = Math;

/** Adds the gradient of the summed log loss of the first review of each day but the first to `gradient`; answers the sum. */
export function reviewLoss({ days, right }: ReviewHistory, w: Float64Array, gradient: Float64Array): number {
  const g = (n: number): number => w[n] as number;
  const decay = g(20);
  const factor = curveFactor(decay);
  const share = lapseShare({ weights: w });
  const factorByDecay = ((factor + 1) * log(0.9)) / (decay * decay);
  const [ds, dd, dr, next] = [new Float64Array(FITTED), new Float64Array(FITTED), new Float64Array(FITTED), new Float64Array(FITTED)];
  const first = right[0] === 1;
  let stability = Math.max(first ? g(2) : g(0), FIRST_STABILITY_MIN);
  if (stability > FIRST_STABILITY_MIN) ds[first ? W2 : W0] = 1;
  const easing = first ? exp(2 * g(5)) : 1;
  let difficulty = g(4) - easing + 1;
  dd[W4] = 1;
  if (first) dd[W5] = -2 * easing;
  difficulty = clampDifficulty(difficulty, dd);
  let loss = 0;
  for (let n = 1; n < days.length; n++) {
    const elapsed = days[n] as number;
    const isRight = right[n] === 1;
    const base = 1 + (factor * elapsed) / stability;
    const recall = base ** -decay;
    for (let k = 0; k < FITTED; k++) dr[k] = ((recall * decay) / base) * ((factor * elapsed) / (stability * stability)) * (ds[k] as number);
    dr[W20] = (dr[W20] as number) + recall * (-log(base) - (decay / base) * ((factorByDecay * elapsed) / stability));

    if (elapsed > 0) {
      const p = Math.min(1 - CLAMP, Math.max(CLAMP, recall));
      loss -= log(isRight ? p : 1 - p);
      const slope = p === recall ? (isRight ? -1 / p : 1 / (1 - p)) : 0;
      for (let k = 0; k < FITTED; k++) gradient[k] = (gradient[k] as number) + slope * (dr[k] as number);
    }

    if (elapsed === 0) {
      const sameDay = stability ** -g(19) * exp(g(17) * ((isRight ? 0 : -2) + g(18)));
      if (!isRight || sameDay > 1) {
        for (let k = 0; k < FITTED; k++) ds[k] = (ds[k] as number) * sameDay * (1 - g(19));
        stability = clampStability(stability * sameDay, ds);
      }
    } else if (isRight) {
      const rise = exp(g(8)) * (11 - difficulty) * stability ** -g(9);
      const gain = exp((1 - recall) * g(10));
      const growth = rise * (gain - 1);
      for (let k = 0; k < FITTED; k++) {
        const ofGrowth = growth * ((-g(9) * (ds[k] as number)) / stability - (dd[k] as number) / (11 - difficulty)) - rise * gain * g(10) * (dr[k] as number);
        next[k] = (ds[k] as number) * (1 + growth) + stability * ofGrowth;
      }
      next[W8] = (next[W8] as number) + stability * growth;
      next[W9] = (next[W9] as number) - stability * growth * log(stability);
      next[W10] = (next[W10] as number) + stability * rise * gain * (1 - recall);
      stability = clampStability(stability * (1 + growth), next);
      ds.set(next);
    } else {
      const power = (stability + 1) ** g(13);
      const scale = g(11) * difficulty ** -g(12) * exp((1 - recall) * g(14));
      const left = scale * (power - 1);
      if (left < stability * share) {
        for (let k = 0; k < FITTED; k++) next[k] = left * ((-g(12) * (dd[k] as number)) / difficulty - g(14) * (dr[k] as number)) + (scale * power * g(13) * (ds[k] as number)) / (stability + 1);
        next[W11] = (next[W11] as number) + left / g(11);
        next[W12] = (next[W12] as number) - left * log(difficulty);
        next[W13] = (next[W13] as number) + scale * power * log(stability + 1);
        next[W14] = (next[W14] as number) + left * (1 - recall);
        stability = clampStability(left, next);
        ds.set(next);
      } else {
        for (let k = 0; k < FITTED; k++) ds[k] = (ds[k] as number) * share;
        stability = clampStability(stability * share, ds);
      }
    }

    const change = isRight ? 0 : 2 * g(6);
    const damped = difficulty + (change * (DIFFICULTY_MAX - difficulty)) / 9;
    const easy = exp(3 * g(5));
    const target = g(4) - easy + 1;
    const reversion = g(7);
    for (let k = 0; k < FITTED; k++) dd[k] = (1 - reversion) * (dd[k] as number) * (1 - change / 9);
    if (!isRight) dd[W6] = (dd[W6] as number) + ((1 - reversion) * 2 * (DIFFICULTY_MAX - difficulty)) / 9;
    dd[W7] = (dd[W7] as number) + target - damped;
    dd[W4] = (dd[W4] as number) + reversion;
    dd[W5] = (dd[W5] as number) - reversion * 3 * easy;
    difficulty = clampDifficulty(reversion * target + (1 - reversion) * damped, dd);
  }
  return loss;
}

function clampStability(value: number, slope: Float64Array): number {
  if (value >= STABILITY_MIN && value <= STABILITY_MAX) return value;
  slope.fill(0);
  return Math.min(STABILITY_MAX, Math.max(STABILITY_MIN, value));
}

function clampDifficulty(value: number, slope: Float64Array): number {
  if (value >= DIFFICULTY_MIN && value <= DIFFICULTY_MAX) return value;
  slope.fill(0);
  return Math.min(DIFFICULTY_MAX, Math.max(DIFFICULTY_MIN, value));
}
