// What several sections of the page need.
import type { ModelFigures } from './evaluation.js';
import type { Ran } from './run-facts.js';

/** Those that say something about learners to come: strict, where there are two trainings. */
export function telling({ evaluation: { models, trainings } }: Pick<Ran, 'evaluation'>): readonly ModelFigures[] {
  const last = trainings.at(-1)?.training;
  return models.filter(({ training }) => training === last);
}

/** Of the highest AUC; the first where none has one. */
export function best(models: readonly ModelFigures[]): ModelFigures | undefined {
  const auc = ({ metrics }: ModelFigures): number => (Number.isFinite(metrics.auc) ? metrics.auc : -1);
  return models.reduce<ModelFigures | undefined>((top, one) => (top === undefined || auc(one) > auc(top) ? one : top), undefined);
}

export function percent(share: number, digits = 0): string {
  return Number.isFinite(share) ? `${(share * 100).toFixed(digits)} %` : '-';
}
