// Everything that is said about the predictions of one training.
import { metrics, pairedBootstrap, reliability, type Interval, type Metrics, type ReliabilityBin } from '@trellis/mastery';
import type { Stage } from './tasks.js';
import type { Training } from './trainings.js';

export interface JudgeTask {
  readonly kind: 'judge';
  readonly training: Training;
}

export interface Judgement {
  readonly model: string;
  readonly metrics: Metrics;
  /** Of the AUC. */
  readonly interval: Interval;
  readonly reliability: readonly ReliabilityBin[];
}

export interface Comparison {
  readonly model: string;
  readonly against: string;
  /** AUC of the first less that of the second. */
  readonly difference: Interval;
}

export interface JudgeResult {
  readonly models: readonly Judgement[];
  readonly comparisons: readonly Comparison[];
  readonly resamples: number;
}

const RESAMPLES = 1000;
const RESAMPLES_MIN = 100;
/** Rows looked at over all draws and models: about half a minute. */
const BOOTSTRAP_ROWS_MAX = 5e9;

export function judgeTask({ training }: JudgeTask, { trainings, predicted, models, seed }: Stage, progress: (share: number) => void): JudgeResult {
  const which = trainings.findIndex((one) => one.training === training);
  const test = trainings[which]?.test;
  if (test === undefined) throw new Error(`there is no ${training} training`);
  const judged = models.map((name, model) => ({ name, predicted: predicted[which]?.[model] ?? new Float64Array() }));
  const resamples = Math.max(RESAMPLES_MIN, Math.min(RESAMPLES, Math.floor(BOOTSTRAP_ROWS_MAX / Math.max(1, test.right.length * models.length))));
  const drawn = pairedBootstrap(test, judged, { seed, resamples, progress });
  return {
    resamples: drawn.resamples,
    models: judged.map((one, model) => ({
      model: one.name,
      metrics: metrics(test.right, one.predicted),
      interval: drawn.auc[model] ?? { value: NaN, low: NaN, high: NaN, sd: NaN },
      reliability: reliability(test.right, one.predicted),
    })),
    comparisons: judged.flatMap((one, a) =>
      judged.slice(0, a).map((other, b) => ({ model: one.name, against: other.name, difference: drawn.differences[a]?.[b] ?? { value: NaN, low: NaN, high: NaN, sd: NaN } })),
    ),
  };
}
