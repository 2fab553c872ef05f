// Knowledge tracing as a model of the next answer, for judging it beside others.
import type { AnswerLog } from '../answer-log.js';
import { traceUnknownForgetting } from '../bkt.js';
import type { FittedModel } from '../model.js';
import { BKT_PREDICTION_BOUNDS } from './bounds.js';
import { fitBkt, type BktFit, type BktFitOptions } from './fit.js';
import { unitsOf } from './sequences.js';

/**
 * How P(right) of an answer comes from those of its skills, each traced alone: their `product`, as if each had to be right
 * for itself (Pardos et al., 2008, "The composition effect", EDM), that of the `weakest` skill (Gong, Beck & Heffernan, 2010,
 * "Comparing knowledge tracing and performance factor analysis by using multiple model fitting procedures", ITS), or their
 * `mean`. On learners held out of the training part of ASSISTments 2009: AUC .7039, .7170 and .7181.
 */
export type SkillsRule = 'mean' | 'product' | 'weakest';

export interface BktModelOptions extends Pick<BktFitOptions, 'seed' | 'progress'> {
  readonly forgetting?: boolean;
}

/**
 * Fitted for predicting: one set of parameters for each combination of skills, which predicts better than any rule over
 * single skills (AUC .7212 on the same learners; with forgetting .7264 instead of .7238). Without forgetting a skill still
 * changes one way only, which may be down (five folds of learners of the training parts: .7228 and .6911 instead of .7224 and
 * .6887 on ASSISTments 2009 and Statics). Shown mastery is per skill and only ever learns.
 */
export function fitBktModel(log: AnswerLog, { forgetting = false, ...options }: BktModelOptions): FittedModel {
  return bktModel(log, fitBkt(log, { ...options, unit: 'combination', bounds: BKT_PREDICTION_BOUNDS, change: forgetting ? 'both' : 'one-way' }), 'mean');
}

export function bktModel({ vocabulary }: Pick<AnswerLog, 'vocabulary'>, fit: BktFit, rule: SkillsRule): FittedModel {
  const units = unitsOf({ vocabulary }, fit.unit);
  const parameters = fit.units.map(({ parameters: p }) => p);
  const fresh = Float64Array.from(parameters, ({ prior }) => 1 - prior);
  const together = RULES[rule];
  const ofNone = fit.pooled.parameters.prior * (1 - fit.pooled.parameters.slip) + (1 - fit.pooled.parameters.prior) * fit.pooled.parameters.guess;
  const none = new Int32Array(0);
  return {
    name: fit.change === 'both' ? 'bkt-forgetting' : 'bkt',
    begin() {
      const unknown = fresh.slice();
      const right = (unit: number): number => {
        const p = parameters[unit] as BktFit['pooled']['parameters'];
        const u = unknown[unit] as number;
        return (1 - u) * (1 - p.slip) + u * p.guess;
      };
      return {
        predict: ({ combination }) => {
          const of = units[combination] ?? none;
          return of.length === 0 ? ofNone : together(of, right);
        },
        observe({ combination }, isRight) {
          for (const unit of units[combination] ?? none) {
            unknown[unit] = traceUnknownForgetting(unknown[unit] as number, isRight ? 1 : 0, parameters[unit] as BktFit['pooled']['parameters']);
          }
        },
      };
    },
  };
}

const RULES: Record<SkillsRule, (units: Int32Array, right: (unit: number) => number) => number> = {
  mean: (units, right) => units.reduce((sum, unit) => sum + right(unit), 0) / units.length,
  product: (units, right) => units.reduce((product, unit) => product * right(unit), 1),
  weakest: (units, right) => units.reduce((least, unit) => Math.min(least, right(unit)), 1),
};
