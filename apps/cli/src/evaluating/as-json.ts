// The result of a run for programs. Figures that do not exist, such as the AUC of answers that are all alike, are null.
import { dataFacts, type Ran } from './run-facts.js';

export function asJson(ran: Ran): object {
  const { plan, evaluation: { traps, models, comparisons, resamples }, seconds, peakMemoryMb } = ran;
  return {
    data: dataFacts(ran),
    traps,
    models: models.map(({ model, training, metrics: { auc, logLoss, brier, ece, rmse, n }, fitSeconds, predictSeconds, interval, reliability }) => ({
      model,
      training,
      auc,
      logLoss,
      brier,
      ece,
      rmse,
      n,
      fitSeconds: rounded(fitSeconds),
      predictSeconds: rounded(predictSeconds),
      ci: [interval.low, interval.high],
      reliability,
    })),
    comparisons: comparisons.map(({ training, model, against, difference: { value, low, high } }) => ({ training, model, against, auc: value, ci: [low, high] })),
    resamples,
    workers: plan.workers,
    seconds,
    peakMemoryMb,
  };
}

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
