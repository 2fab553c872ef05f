// The fitted network as a model of the next answer, online: asked first, told afterwards.
import { logistic } from '../ability.js';
import type { FittedModel } from '../model.js';
import { FeatureWriter, PREDICTION_WIDTH, type PredictionTables } from './features.js';
import { modelOf } from './models.js';
import { Network, type NetworkWeights } from './network.js';
import { standardiseRow, type Standards } from './standards.js';

/** Forecasts what a course asks next, better than the regression where there are some 100,000 answers to learn from. */
export function networkModel(tables: PredictionTables, standards: Standards, weights: NetworkWeights): FittedModel {
  const { features: width } = weights.shape;
  if (width !== PREDICTION_WIDTH) throw new RangeError(`the network takes ${width} features, but questions have ${PREDICTION_WIDTH}: fit it anew`);
  const writer = new FeatureWriter(tables);
  const network = new Network(weights);
  const features = new Float64Array(PREDICTION_WIDTH);
  return modelOf('network', tables, (state, asked) => {
    writer.write(state, asked, features);
    standardiseRow(standards, features, features);
    return logistic(network.logit(features, asked.item, asked.combination));
  });
}
