// How far figures would move with other learners: whole learners are drawn anew with replacement, since answers of one learner hang
// together (Efron & Tibshirani, 1993, "An Introduction to the Bootstrap": clusters; percentile intervals). Models are compared on
// the same draws, which is what makes a difference of a thousandth visible.
import type { AnswerLog } from '../answer-log.js';
import { seeded } from '../seeded.js';
import { aucOf, ranked, weightedAuc, type Ranked } from './ranks.js';

export interface Interval {
  readonly value: number;
  /** 95 %, by percentiles. */
  readonly low: number;
  readonly high: number;
  readonly sd: number;
}

/** Predictions of one model for the rows of the log. */
export interface Judged {
  readonly name: string;
  readonly predicted: Float64Array;
}

export interface BootstrapOptions {
  readonly seed: number;
  readonly resamples: number;
  /** Called with the share done; may throw to cancel. */
  readonly progress?: (share: number) => void;
}

export interface Bootstrapped {
  /** AUC by model, in their order. */
  readonly auc: readonly Interval[];
  /** `differences[a][b]` is the AUC of model a less that of model b. */
  readonly differences: readonly (readonly Interval[])[];
  /** Draws that were used: one without both right and wrong answers has no AUC. */
  readonly resamples: number;
}

export const RESAMPLES_MAX = 100_000;
const PROGRESS_EACH_RESAMPLES = 50;

export function pairedBootstrap({ right, starts }: Pick<AnswerLog, 'right' | 'starts'>, models: readonly Judged[], options: BootstrapOptions): Bootstrapped {
  const { seed, resamples, progress } = options;
  if (!(Number.isInteger(resamples) && resamples >= 2 && resamples <= RESAMPLES_MAX)) throw new Error(`resamples: ${resamples} is not a whole number from 2 to ${RESAMPLES_MAX}`);
  const orders = models.map(({ predicted }) => ranked(right, predicted));
  const groups = orders.map((order) => learnersOf(order, starts));
  const drawn = models.map(() => new Float64Array(resamples));
  const random = seeded(seed);
  const weights = new Float64Array(starts.length - 1);
  for (let n = 0; n < resamples; n++) {
    if (n % PROGRESS_EACH_RESAMPLES === 0) progress?.(n / resamples);
    draw(weights, random);
    for (const [model, order] of orders.entries()) (drawn[model] ?? [])[n] = weightedAuc(order, groups[model] ?? new Int32Array(), weights);
  }
  progress?.(1);
  const values = orders.map(aucOf);
  const between = (a: number, b: number) => interval((values[a] ?? NaN) - (values[b] ?? NaN), (drawn[a] ?? new Float64Array()).map((auc, n) => auc - (drawn[b]?.[n] ?? NaN)));
  return {
    auc: drawn.map((aucs, model) => interval(values[model] ?? NaN, aucs)),
    differences: models.map((_, a) => models.map((_, b) => between(a, b))),
    resamples: (drawn[0] ?? new Float64Array()).filter((auc) => !Number.isNaN(auc)).length,
  };
}

/** The interval that draws give to a figure. Draws that are NaN say nothing. */
export function interval(value: number, draws: Float64Array): Interval {
  const sorted = draws.filter((one) => !Number.isNaN(one)).sort();
  const mean = sorted.reduce((sum, one) => sum + one, 0) / sorted.length;
  const squares = sorted.reduce((sum, one) => sum + (one - mean) * (one - mean), 0);
  return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975), sd: Math.sqrt(squares / (sorted.length - 1)) };
}

/** How many times each learner is drawn, in as many draws as there are learners. */
export function draw(weights: Float64Array, random: () => number): void {
  weights.fill(0);
  for (let n = 0; n < weights.length; n++) {
    const learner = Math.floor(random() * weights.length);
    weights[learner] = (weights[learner] as number) + 1;
  }
}

/** Between the two nearest, as R's default (type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

/** By place in the order: the number of the learner. */
function learnersOf({ order }: Ranked, starts: Int32Array): Int32Array {
  const ofRow = new Int32Array(order.length);
  for (let learner = 0; learner + 1 < starts.length; learner++) ofRow.fill(learner, starts[learner], starts[learner + 1]);
  return Int32Array.from(order, (row) => ofRow[row] ?? 0);
}
