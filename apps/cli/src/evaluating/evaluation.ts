// One evaluation from the answers to the figures: look for traps, fit, predict, judge.
import type { Logistic } from '@trellis/mastery';
import type { Io } from '../io.js';
import { Progress } from '../progress.js';
import type { FitResult, FitTask } from './fit-task.js';
import { foldsOf, type Fold, type FoldOrder } from './folds.js';
import type { Comparison, Judgement } from './judge-task.js';
import { FAMILIES } from './models.js';
import { inWorkers } from './pool.js';
import type { Read } from './reading.js';
import type { Stage } from './stage.js';
import { strictFolds, withoutSurplus } from './strict.js';
import { trainingData, type Training, type TrainingData } from './trainings.js';
import { trapsOf, type Traps } from './traps.js';

export interface Plan {
  /** In the order of reports. */
  readonly models: readonly string[];
  readonly seed: number;
  readonly workers: number;
  /** Null: train and test are what the files say. */
  readonly folds: { readonly count: number; readonly by: FoldOrder } | null;
}

export interface ModelFigures extends Judgement {
  readonly training: Training;
  /** Over all folds; what models share is counted in each. */
  readonly fitSeconds: number;
  readonly predictSeconds: number;
  /** Of a regression, in the first fold. */
  readonly regression: Logistic | null;
}

export interface Evaluation {
  readonly traps: Traps;
  readonly trainings: readonly TrainingData[];
  readonly models: readonly ModelFigures[];
  readonly comparisons: readonly (Comparison & { readonly training: Training })[];
  /** Draws of the bootstrap. */
  readonly resamples: number;
}

export async function evaluate({ answers, named, groups }: Read, { models, seed, workers, folds: folding }: Plan, { signal, stderr }: Pick<Io, 'signal' | 'stderr'>): Promise<Evaluation> {
  const { log, group } = answers;
  const folds: readonly Fold[] = folding === null ? [{ train: answers.train, test: answers.test }] : foldsOf(log.learners, { ...folding, seed });
  const empty: Stage = { seed, models, groups, trainings: [], predicted: [], answers: null };

  const searching: Stage = { ...empty, answers: { log, named: answers.named, names: named } };
  const [found] = await watched('of the search for traps', stderr, [100], (watch) => inWorkers<'traps'>(searching, [{ kind: 'traps' }], { workers: 1, signal, watch }));
  if (found === undefined) throw new Error('the search for traps has no result');
  const strict = strictFolds(folds, found.twins.students, log);
  const traps = trapsOf(found, log, { official: folds, strict });

  const trainings = [trainingData('official', log, group, folds)];
  if (traps.found.length > 0) {
    const clean = withoutSurplus({ log, group }, found.repeated);
    trainings.push(trainingData('strict', clean.log, clean.group, strict));
  }
  const predicted = trainings.map(({ test }) => models.map(() => new Float64Array(new SharedArrayBuffer(8 * test.item.length))));
  const stage: Stage = { ...empty, trainings, predicted };

  const fits = fitTasks(trainings, models);
  const sizes = fits.map(({ training, fold, models: of }) => of.length * sizeOf(trainings, training, fold));
  const fitted = await watched('answers fitted', stderr, sizes, (watch) => inWorkers<'fit'>(stage, fits, { workers, signal, watch }));

  const judging = trainings.map(({ training }) => ({ kind: 'judge', training }) as const);
  const rows = trainings.map(({ test }) => test.item.length * models.length);
  const judged = await watched('predictions judged', stderr, rows, (watch) => inWorkers<'judge'>(stage, judging, { workers, signal, watch }));

  return {
    traps,
    trainings,
    models: judged.flatMap(({ models: of }, n) => of.map((one): ModelFigures => ({ ...one, ...secondsOf(one.model, trainings[n]?.training ?? 'official', fits, fitted) }))),
    comparisons: judged.flatMap(({ comparisons }, n) => comparisons.map((one) => ({ ...one, training: trainings[n]?.training ?? 'official' }))),
    resamples: judged[0]?.resamples ?? 0,
  };
}

/** The longest first, so that no thread waits long for another at the end. */
function fitTasks(trainings: readonly TrainingData[], models: readonly string[]): readonly FitTask[] {
  const wanted = FAMILIES.map((family) => ({ weight: family.weight, models: family.models.filter((model) => models.includes(model)) })).filter((family) => family.models.length > 0);
  const byWeight = [...wanted].sort((a, b) => b.weight - a.weight);
  return byWeight.flatMap((family) => trainings.flatMap(({ training, folds }) => folds.map((_, fold): FitTask => ({ kind: 'fit', training, fold, models: family.models }))));
}

function sizeOf(trainings: readonly TrainingData[], training: Training, fold: number): number {
  const data = trainings.find((one) => one.training === training);
  return (data?.folds[fold]?.train ?? []).reduce((sum, learner) => sum + (data?.log.starts[learner + 1] ?? 0) - (data?.log.starts[learner] ?? 0), 0);
}

function secondsOf(model: string, training: Training, tasks: readonly FitTask[], results: readonly FitResult[]): Pick<ModelFigures, 'training' | 'fitSeconds' | 'predictSeconds' | 'regression'> {
  let [fitSeconds, predictSeconds] = [0, 0];
  let regression: Logistic | null = null;
  for (const [n, task] of tasks.entries()) {
    const at = task.training === training ? task.models.indexOf(model) : -1;
    if (at < 0) continue;
    fitSeconds += results[n]?.fitSeconds[at] ?? 0;
    predictSeconds += results[n]?.predictSeconds[at] ?? 0;
    if (task.fold === 0) regression = results[n]?.regressions[at] ?? null;
  }
  return { training, fitSeconds, predictSeconds, regression };
}

/** Shows how far tasks of these sizes are. */
async function watched<Result>(unit: string, stderr: Io['stderr'], sizes: readonly number[], work: (watch: (task: number, share: number) => void) => Promise<Result>): Promise<Result> {
  const shares = new Float64Array(sizes.length);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const progress = new Progress(stderr, unit, () => {
    const count = sizes.reduce((sum, size, task) => sum + size * (shares[task] ?? 0), 0);
    return { count: Math.round(count), share: total === 0 ? null : count / total };
  });
  return work((task, share) => (shares[task] = share)).finally(() => progress.end());
}
