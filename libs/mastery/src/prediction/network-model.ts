// The network as a model of the next answer, online: asked first, told afterwards.
import { logistic } from '../ability.js';
import type { FittedModel } from '../model.js';
import { FeatureWriter, PREDICTION_WIDTH, type PredictionTables } from './features.js';
import { modelOf } from './models.js';
import { FIRST_WIDTH, INPUT_WIDTH, meanCombination, networkLogit, newActivations, type NetworkWeights } from './network.js';
import { standardiseRow, type Standards } from './standards.js';

/** Forecasts what a course asks next, like the regression over 14 features: it knows what usually comes after what. */
export function networkModel(tables: PredictionTables, standards: Standards, weights: NetworkWeights): FittedModel {
  if (standards.mean.length !== PREDICTION_WIDTH) throw new RangeError(`standards have ${standards.mean.length} features, a question has ${PREDICTION_WIDTH}: fit anew`);
  const wanted = FIRST_WIDTH * INPUT_WIDTH;
  if (weights.first.length !== wanted) throw new RangeError(`the first layer has ${weights.first.length} weights, needs ${wanted}: fit the network anew`);
  const writer = new FeatureWriter(tables);
  const features = new Float64Array(PREDICTION_WIDTH);
  const unseen = meanCombination(weights);
  const room = newActivations();
  return modelOf('network', tables, (state, { item, combination }) => {
    writer.write(state, { item, combination }, features);
    standardiseRow(standards, features, features);
    return logistic(networkLogit(weights, features, { at: 0, item, combination }, unseen, room));
  });
}
