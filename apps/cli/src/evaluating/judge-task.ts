// Everything that is said about the predictions of one training.
import {
  answersByItem,
  byItemAge,
  byPosition,
  bySkill,
  metrics,
  ofLearners,
  pairedBootstrap,
  reliability,
  subgroups,
  type Interval,
  type Metrics,
  type ReliabilityBin,
  type Slice,
  type Subgroups,
} from '@trellis/mastery';
import type { Stage } from './stage.js';
import type { Training, TrainingData } from './trainings.js';

export interface JudgeTask {
  readonly kind: 'judge';
  readonly training: Training;
}

export interface Slices {
  /** The how-manieth answer of the learner. */
  readonly position: readonly Slice[];
  /** How many training answers the item had; empty where there are no items. */
  readonly itemAge: readonly Slice[];
  readonly skill: readonly Slice[];
}

export interface Judgement {
  readonly model: string;
  readonly metrics: Metrics;
  /** Of the AUC. */
  readonly interval: Interval;
  readonly reliability: readonly ReliabilityBin[];
  readonly slices: Slices;
  /** Null without a column of subgroups. */
  readonly subgroups: Subgroups | null;
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
  /** Draws of the bootstrap. */
  readonly resamples: number;
}

const RESAMPLES = 1000;
const RESAMPLES_MIN = 100;
/** Rows looked at over all draws and models: some half a minute. */
const BOOTSTRAP_ROWS_MAX = 5e9;
/** Of the judging, the draws. */
const BOOTSTRAP_SHARE = 0.7;

export function judgeTask({ training }: JudgeTask, { trainings, predicted, models, seed, groups }: Stage, progress: (share: number) => void): JudgeResult {
  const which = trainings.findIndex((one) => one.training === training);
  const data = trainings[which];
  if (data === undefined) throw new Error(`there is no ${training} training`);
  const { test } = data;
  const judged = models.map((name, model) => ({ name, predicted: predicted[which]?.[model] ?? new Float64Array() }));
  const resamples = Math.max(RESAMPLES_MIN, Math.min(RESAMPLES, Math.floor(BOOTSTRAP_ROWS_MAX / Math.max(1, test.right.length * models.length))));
  const drawn = pairedBootstrap(test, judged, { seed, resamples, progress: (share) => progress(BOOTSTRAP_SHARE * share) });
  const ages = itemAges(data);
  const column = groups === null ? null : { name: groups.column, of: 'row' as const, values: Array.from(data.group, (number) => groups.names[number] ?? '') };
  return {
    resamples: drawn.resamples,
    models: judged.map((one, model) => {
      progress(BOOTSTRAP_SHARE + ((1 - BOOTSTRAP_SHARE) * model) / judged.length);
      return {
        model: one.name,
        metrics: metrics(test.right, one.predicted),
        interval: drawn.auc[model] ?? NONE,
        reliability: reliability(test.right, one.predicted),
        slices: {
          position: byPosition(test, one.predicted),
          itemAge: byItemAge(ages.log, one.predicted, ages.trainingAnswers),
          skill: bySkill(test, one.predicted),
        },
        subgroups: column === null ? null : subgroups(test, one.predicted, column, { seed, resamples }),
      };
    }),
    comparisons: judged.flatMap((one, a) => judged.slice(0, a).map((other, b) => ({ model: one.name, against: other.name, difference: drawn.differences[a]?.[b] ?? NONE }))),
  };
}

const NONE: Interval = { value: NaN, low: NaN, high: NaN, sd: NaN };

/** Each fold has training answers of its own, so here every row stands as an item of its own. */
function itemAges({ log, folds, tested, test }: TrainingData): { readonly log: TrainingData['test']; readonly trainingAnswers: Int32Array } {
  const trainingAnswers = new Int32Array(test.item.length);
  const startOf = new Map(tested.map((learner, n) => [learner, n]));
  for (const fold of folds) {
    const answers = answersByItem(ofLearners(log, fold.train));
    for (const learner of fold.test) {
      const n = startOf.get(learner) ?? 0;
      for (let row = test.starts[n] ?? 0; row < (test.starts[n + 1] ?? 0); row++) trainingAnswers[row] = answers[test.item[row] ?? -1] ?? 0;
    }
  }
  return { log: { ...test, item: test.item.map((item, row) => (item < 0 ? -1 : row)) }, trainingAnswers };
}
