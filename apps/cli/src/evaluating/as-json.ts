// The result of a run for programs. Figures that do not exist, such as the AUC of answers that are all alike, are null.
import type { Metrics, Slice } from '@trellis/mastery';
import { dataFacts, type Ran } from './run-facts.js';

export function asJson(ran: Ran): object {
  const { plan, evaluation: { traps, models, comparisons, resamples }, seconds, peakMemoryMb } = ran;
  return {
    data: dataFacts(ran),
    traps,
    models: models.map(({ model, training, metrics, fitSeconds, predictSeconds, interval, reliability, slices, subgroups, regression }) => ({
      model,
      training,
      ...figures(metrics),
      fitSeconds: rounded(fitSeconds),
      predictSeconds: rounded(predictSeconds),
      ci: [interval.low, interval.high],
      reliability,
      regression:
        regression === null
          ? null
          : { intercept: regression.intercept, features: regression.features.map((feature, n) => ({ feature, weight: regression.weights[n], mean: regression.mean[n], sd: regression.sd[n] })) },
      slices: { position: slices.position.map(told), itemAge: slices.itemAge.map(told), skill: slices.skill.map(told) },
      subgroups:
        subgroups === null
          ? null
          : { column: subgroups.column, groups: subgroups.groups.map(({ name, learners, metrics: of, gap, verdict }) => ({ name, learners, ...figures(of), gap: gap.value, gapCi: [gap.low, gap.high], verdict })) },
    })),
    comparisons: comparisons.map(({ training, model, against, difference: { value, low, high } }) => ({ training, model, against, auc: value, ci: [low, high] })),
    resamples,
    workers: plan.workers,
    seconds,
    peakMemoryMb,
  };
}

function told({ name, metrics }: Slice): object {
  return { name, ...figures(metrics) };
}

function figures({ auc, logLoss, brier, ece, rmse, n, meanPredicted, shareRight }: Metrics): object {
  return { auc, logLoss, brier, ece, rmse, n, meanPredicted, shareRight };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
