// A simple model of the reward for the doubly robust estimate, fitted so that no learner's rewards reach their own predictions: learners
// are parted in two, each half is predicted by the other (cross-fitting: Chernozhukov and others, 2018).
import { seeded, shuffle } from '@trellis/mastery';
import { NormalEquations } from './ridge.js';
import type { ActionTable, Log, LoggedChoice } from './types.js';

/** What a model knows of an action in a situation. It must not depend on the reward, nor on anything after the choice. */
export type RewardModel<Choice extends LoggedChoice> =
  /** Mean reward of the actions with the same key, drawn towards the mean of all by `SHRINKAGE_CHOICES`. */
  | { readonly key: (choice: Choice, action: number) => string }
  /** Ridge regression; give features of about unit size, without a constant. */
  | { readonly features: (choice: Choice, action: number) => ArrayLike<number> };

export const FEATURES_MAX = 200;
const FOLDS = 2;
/** A key's mean counts as much as that of all after so many choices; of features of unit size, the same as a penalty. */
const SHRINKAGE_CHOICES = 2;
const SEED = 1;

/** The log with predictions in every action table. Every choice needs `actions`. The seed parts the learners. */
export function crossFitted<Choice extends LoggedChoice>(log: Log<Choice>, model: RewardModel<Choice>, seed: number = SEED): Log {
  if (log.length < FOLDS) throw new RangeError(`log: ${log.length} learners, a cross-fitted model needs at least ${FOLDS}`);
  const order = shuffle(Int32Array.from(log, (_, learner) => learner), seeded(seed));
  const foldOf = new Uint8Array(log.length);
  for (const [place, learner] of order.entries()) foldOf[learner] = place % FOLDS;
  const predictors = Array.from({ length: FOLDS }, (_, fold) => fitted(log.filter((_, learner) => foldOf[learner] !== fold), model));
  return log.map((choices, learner) =>
    choices.map((choice, at): LoggedChoice => {
      if (choice.actions === undefined) throw new RangeError(`log[${learner}][${at}]: actions are missing; a model predicts the reward of each`);
      const predict = predictors[foldOf[learner] ?? 0] ?? (() => NaN);
      const actions: ActionTable = { ...choice.actions, predicted: choice.actions.logging.map((_, action) => predict(choice, action)) };
      return { ...choice, actions };
    }),
  );
}

type Predictor<Choice> = (choice: Choice, action: number) => number;

function fitted<Choice extends LoggedChoice>(log: Log<Choice>, model: RewardModel<Choice>): Predictor<Choice> {
  return 'key' in model ? means(log, model.key) : ridge(log, model.features);
}

function means<Choice extends LoggedChoice>(log: Log<Choice>, key: (choice: Choice, action: number) => string): Predictor<Choice> {
  const all = { sum: 0, count: 0 };
  const byKey = new Map<string, { sum: number; count: number }>();
  for (const choice of log.flat()) {
    const name = key(choice, choice.chosen);
    const of = byKey.get(name) ?? { sum: 0, count: 0 };
    byKey.set(name, { sum: of.sum + choice.reward, count: of.count + 1 });
    all.sum += choice.reward;
    all.count++;
  }
  const overall = all.count === 0 ? 0 : all.sum / all.count;
  return (choice, action) => {
    const { sum, count } = byKey.get(key(choice, action)) ?? { sum: 0, count: 0 };
    return (sum + SHRINKAGE_CHOICES * overall) / (count + SHRINKAGE_CHOICES);
  };
}

function ridge<Choice extends LoggedChoice>(log: Log<Choice>, features: (choice: Choice, action: number) => ArrayLike<number>): Predictor<Choice> {
  const [first] = log.flat();
  if (first === undefined) return () => 0;
  const width = features(first, first.chosen).length;
  if (width < 1 || width > FEATURES_MAX) throw new RangeError(`features: ${width} of an action, not 1 to ${FEATURES_MAX}`);
  const row = new Float64Array(width + 1).fill(1);
  const take = (choice: Choice, action: number): Float64Array => {
    const given = features(choice, action);
    if (given.length !== width) throw new RangeError(`features: ${given.length} of one action and ${width} of another`);
    for (let n = 0; n < width; n++) {
      const feature = given[n] as number;
      if (!Number.isFinite(feature)) throw new RangeError(`features: ${feature} at place ${n} is not a finite number`);
      row[n + 1] = feature;
    }
    return row;
  };
  const equations = new NormalEquations(width + 1);
  for (const choices of log) for (const choice of choices) equations.add(take(choice, choice.chosen), choice.reward);
  const coefficients = equations.solve(SHRINKAGE_CHOICES);
  return (choice, action) => take(choice, action).reduce((sum, feature, n) => sum + feature * (coefficients[n] as number), 0);
}
