// The Rasch model (Rasch, 1960; one-parameter logistic): logit = ability + easiness of the item. Items are fitted with the abilities of
// the training learners; a new learner begins at the mean and their ability is inferred from each answer. Published figures that call
// a model IRT and split by learner often leave abilities of new learners at the mean: those are near the item mean.
import { logistic } from '../ability.js';
import type { AnswerLog } from '../answer-log.js';
import type { FittedModel, LearnerModel } from '../model.js';
import type { BaselineOptions } from './fit.js';

/** Both are spread with variance 1 before anything is known. */
const VARIANCE = 1;
const SWEEPS = 15;
/** Abilities that are weighed for a learner: evenly from -4 to 4. */
const NODES = 33;
const REACH = 4;

/** Posterior modes by block Newton steps. */
export function fitIrt({ vocabulary, starts, item, right }: AnswerLog, { progress }: BaselineOptions = {}): FittedModel {
  const learnerOf = new Int32Array(right.length);
  for (let learner = 0; learner + 1 < starts.length; learner++) learnerOf.fill(learner, starts[learner], starts[learner + 1]);
  const share = (right.reduce((sum, one) => sum + one, 0) + 1) / (right.length + 2);
  const base = new Float64Array([Math.log(share / (1 - share))]);
  const ability = new Float64Array(starts.length - 1);
  const easiness = new Float64Array(vocabulary.items.length);
  const everybody = new Int32Array(right.length);
  const newton = (block: Float64Array, of: Int32Array, precision: number) => {
    const slope = new Float64Array(block.length);
    const curvature = new Float64Array(block.length);
    for (let row = 0; row < right.length; row++) {
      const at = of[row] as number;
      if (at < 0) continue;
      const p = logistic((base[0] as number) + (ability[learnerOf[row] as number] as number) + (easiness[item[row] as number] ?? 0));
      slope[at] = (slope[at] as number) + (right[row] as number) - p;
      curvature[at] = (curvature[at] as number) + p * (1 - p);
    }
    for (let at = 0; at < block.length; at++) {
      const before = block[at] as number;
      block[at] = before + ((slope[at] as number) - precision * before) / ((curvature[at] as number) + precision);
    }
  };
  for (let sweep = 0; sweep < SWEEPS && right.length > 0; sweep++) {
    progress?.(sweep / SWEEPS);
    newton(ability, learnerOf, 1 / VARIANCE);
    newton(easiness, item, 1 / VARIANCE);
    newton(base, everybody, 0);
  }
  progress?.(1);
  return { name: 'IRT', begin: () => inferred(base[0] as number, easiness) };
}

/** P(right) over all abilities, each weighed by what the answers so far say of it (Bock & Mislevy, 1982, with quadrature). */
function inferred(base: number, easiness: Float64Array): LearnerModel {
  const weights = Float64Array.from({ length: NODES }, (_, n) => Math.exp(-(node(n) * node(n)) / (2 * VARIANCE)));
  const chance = (n: number, item: number) => logistic(base + node(n) + (easiness[item] ?? 0));
  return {
    predict({ item }) {
      let right = 0;
      let all = 0;
      for (let n = 0; n < NODES; n++) {
        const weight = weights[n] as number;
        right += weight * chance(n, item);
        all += weight;
      }
      return right / all;
    },
    observe({ item }, right) {
      let all = 0;
      for (let n = 0; n < NODES; n++) {
        const p = chance(n, item);
        all += weights[n] = (weights[n] as number) * (right ? p : 1 - p);
      }
      for (let n = 0; n < NODES; n++) weights[n] = (weights[n] as number) / all;
    },
  };
}

function node(n: number): number {
  return -REACH + (2 * REACH * n) / (NODES - 1);
}
