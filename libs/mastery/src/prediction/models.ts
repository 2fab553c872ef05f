// The fitted regressions as models of the next answer, online: asked first, told afterwards.
import { logistic } from '../ability.js';
import { logitOf, type Logistic } from '../logistic.js';
import { PLACEMENT_WIDTH } from '../placement.js';
import type { FittedModel } from '../model.js';
import { FeatureWriter, SIMPLE_WIDTH, type PredictionTables } from './features.js';
import { newRunningState, observeAnswer, type Asked, type RunningState } from './running-state.js';

/** Forecasts what a course asks next: knows what usually comes after what in it. */
export function simpleModel(tables: PredictionTables, weights: Logistic): FittedModel {
  const writer = new FeatureWriter(tables);
  const features = new Float64Array(SIMPLE_WIDTH);
  const model = modelOf('lr-14', tables, (state, asked) => {
    writer.writeSimple(state, asked, features);
    return logistic(logitOf(weights, features));
  });
  return { ...model, regression: weights };
}

/** Rests on the learner's own state alone, so it holds for any item that could be asked. */
export function placementModel(tables: PredictionTables, weights: Logistic): FittedModel {
  const writer = new FeatureWriter(tables);
  const features = new Float64Array(PLACEMENT_WIDTH);
  const model = modelOf('placement', tables, (state, asked) => {
    writer.writePlacement(state, asked, features);
    return logistic(logitOf(weights, features));
  });
  return { ...model, regression: weights };
}

/** A model that says P(right) from the running state. */
export function modelOf(name: string, tables: PredictionTables, predict: (state: RunningState, asked: Asked) => number): FittedModel {
  return {
    name,
    begin: () => {
      const state = newRunningState(tables);
      return {
        predict: (question) => predict(state, question),
        observe: (question, right) => observeAnswer(state, tables, question, right ? 1 : 0),
      };
    },
  };
}
