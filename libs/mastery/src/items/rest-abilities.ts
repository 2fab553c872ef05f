// How able a learner is judged by everything but one answer: an item held against a score that it is part of would praise itself.
import type { AnswerLog } from '../answer-log.js';
import { easinessOfItem, type Difficulties } from '../prediction/difficulties.js';

export interface RestAbilities {
  /** By row, in logits: the learner's ability from their other rows. */
  readonly ability: Float64Array;
  /** By row: p (1 - p) of the answer at that ability, what it tells about the item. */
  readonly information: Float64Array;
}

/** Of a standard normal prior, as the difficulties were fitted under. */
const PRECISION = 1;
const STEPS_MAX = 20;
/** Logits. Newton's method may jump far where all of a learner's items were very easy or very hard. */
const STEP_MAX = 1;
const STEP_SMALL = 1e-6;

/**
 * The most likely ability of each learner under the Rasch model, then one step of Newton's method back without the row. That is
 * exact to second order and keeps the work in proportion to the rows.
 */
export function restAbilities({ starts, item, combination, right }: AnswerLog, difficulties: Difficulties): RestAbilities {
  const easiness = Float64Array.from(item, (number, row) => easinessOfItem(difficulties, number, combination[row] as number));
  const ability = new Float64Array(item.length);
  const information = new Float64Array(item.length);
  for (let learner = 0; learner + 1 < starts.length; learner++) {
    const [from, to] = [starts[learner] as number, starts[learner + 1] as number];
    const whole = abilityOf(easiness, right, from, to);
    let curvature = PRECISION;
    for (let row = from; row < to; row++) {
      const p = 1 / (1 + Math.exp(-whole - (easiness[row] as number)));
      curvature += p * (1 - p);
    }
    for (let row = from; row < to; row++) {
      const p = 1 / (1 + Math.exp(-whole - (easiness[row] as number)));
      const rest = whole - ((right[row] as number) - p) / (curvature - p * (1 - p));
      const atRest = 1 / (1 + Math.exp(-rest - (easiness[row] as number)));
      ability[row] = rest;
      information[row] = atRest * (1 - atRest);
    }
  }
  return { ability, information };
}

function abilityOf(easiness: Float64Array, right: Uint8Array, from: number, to: number): number {
  let ability = 0;
  for (let steps = 0; steps < STEPS_MAX; steps++) {
    let slope = -PRECISION * ability;
    let curvature = PRECISION;
    for (let row = from; row < to; row++) {
      const p = 1 / (1 + Math.exp(-ability - (easiness[row] as number)));
      slope += (right[row] as number) - p;
      curvature += p * (1 - p);
    }
    const step = Math.max(-STEP_MAX, Math.min(STEP_MAX, slope / curvature));
    ability += step;
    if (Math.abs(step) < STEP_SMALL) break;
  }
  return ability;
}
