// Fits models of one family on the training part of a fold and predicts its test part.
import { ofLearners, predictions, type Logistic } from '@trellis/mastery';
import { familyOf } from './models.js';
import type { Stage } from './stage.js';
import type { Training, TrainingData } from './trainings.js';

export interface FitTask {
  readonly kind: 'fit';
  readonly training: Training;
  readonly fold: number;
  /** Of one family. */
  readonly models: readonly string[];
}

export interface FitResult {
  /** By model of the task. What its family does once is counted in each. */
  readonly fitSeconds: readonly number[];
  readonly predictSeconds: readonly number[];
  readonly predicted: number;
  /** By model of the task; null for one that is no regression. */
  readonly regressions: readonly (Logistic | null)[];
}

/** Fitting is most of it. */
const FIT_SHARE = 0.9;

export function fitTask({ training, fold: number, models }: FitTask, stage: Stage, progress: (share: number) => void): FitResult {
  const which = stage.trainings.findIndex((one) => one.training === training);
  const data = stage.trainings[which];
  const fold = data?.folds[number];
  const [first] = models;
  if (data === undefined || fold === undefined || first === undefined) throw new Error(`there is no fold ${number} of the ${training} training`);
  const fitSeconds: number[] = [];
  const predictSeconds: number[] = [];
  const regressions: (Logistic | null)[] = [];
  const test = ofLearners(data.log, fold.test);
  let done = 0;
  const options = { seed: stage.seed, progress: (share: number) => progress((FIT_SHARE * (done + share)) / models.length) };
  const train = ofLearners(data.log, fold.train);
  const start = performance.now();
  const fitted = familyOf(first).begin(train, options, models);
  const sharedMs = performance.now() - start;
  for (const model of models) {
    const from = performance.now();
    const one = fitted(model);
    const fittedAt = performance.now();
    regressions.push(one.regression ?? null);
    const out = predictions(one, test);
    fitSeconds.push((sharedMs + fittedAt - from) / 1000);
    predictSeconds.push((performance.now() - fittedAt) / 1000);
    place(out, { data, learners: fold.test, into: stage.predicted[which]?.[stage.models.indexOf(model)] ?? new Float64Array() });
    done++;
    progress(done / models.length);
  }
  return { fitSeconds, predictSeconds, predicted: test.item.length, regressions };
}

/** From the rows of the fold to those of the pooled test log. */
function place(out: Float64Array, { data, learners, into }: { readonly data: TrainingData; readonly learners: readonly number[]; readonly into: Float64Array }): void {
  const at = new Map(data.tested.map((learner, n) => [learner, data.test.starts[n] ?? 0]));
  let from = 0;
  for (const learner of learners) {
    const rows = (data.log.starts[learner + 1] ?? 0) - (data.log.starts[learner] ?? 0);
    into.set(out.subarray(from, from + rows), at.get(learner) ?? 0);
    from += rows;
  }
}
