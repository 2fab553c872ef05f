// A log as columns, checked once: everything that the estimates need of a choice is its weight, its reward and what the model says.
import { ONE_SHARE_MAX } from './thresholds.js';
import type { ActionTable, Log, LoggedChoice } from './types.js';

export interface Columns {
  /** Choices of learner n: from `starts[n]` to `starts[n + 1]`, exclusive. */
  readonly starts: Int32Array;
  /** Target over propensity. */
  readonly weight: Float64Array;
  readonly reward: Float64Array;
  /** Null without predictions. */
  readonly model: ModelColumns | null;
  readonly neverChosen: number;
  readonly outOfReach: number | null;
  readonly restricted: number;
}

export interface ModelColumns {
  /** Expected reward of what was chosen, and of what the target would choose on average. */
  readonly chosen: Float64Array;
  readonly target: Float64Array;
}

export const CHOICES_MAX = 20_000_000;

/** Rounding that sums of probabilities, and the same probability given twice, may show. */
const ROUNDING = 1e-6;

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { abs } = Math;
const { isFinite, isInteger } = Number;

export function columnsOf(log: Log, propensityMin?: number): Columns {
  const starts = new Int32Array(log.length + 1);
  for (const [learner, choices] of log.entries()) starts[learner + 1] = (starts[learner] ?? 0) + choices.length;
  const rows = starts[log.length] ?? 0;
  if (rows === 0) throw new RangeError(`log: ${log.length} learners with no choice at all; there is nothing to judge by`);
  if (rows > CHOICES_MAX) throw new RangeError(`log: ${rows} choices, at most ${CHOICES_MAX} can be judged`);
  const first = log.find((choices) => choices.length > 0)?.[0];
  const has = { actions: first?.actions !== undefined, predicted: first?.actions?.predicted !== undefined };
  if (propensityMin !== undefined && !has.actions) throw new RangeError(`propensityMin: ${propensityMin} needs the probabilities of all actions, and the log has none (actions)`);
  const weight = new Float64Array(rows);
  const reward = new Float64Array(rows);
  const model = has.predicted ? { chosen: new Float64Array(rows), target: new Float64Array(rows) } : null;
  const sums = { neverChosen: 0, outOfReach: 0, restricted: 0 };
  const weightInReach = ONE_SHARE_MAX * rows;
  let row = 0;
  for (const [learner, choices] of log.entries()) {
    for (const [at, choice] of choices.entries()) {
      check(choice, has, () => `log[${learner}][${at}]`);
      const { propensity, actions, chosen } = choice;
      const kept = actions === undefined ? { mass: 1, outOfReach: 0 } : keptOf(actions, propensityMin ?? 0, weightInReach);
      const target = propensity < (propensityMin ?? 0) || kept.mass === 0 ? 0 : choice.target / kept.mass;
      weight[row] = target / propensity;
      reward[row] = choice.reward;
      if (target === 0) sums.neverChosen++;
      sums.restricted += 1 - kept.mass;
      sums.outOfReach += kept.outOfReach;
      if (model !== null && actions?.predicted !== undefined) {
        model.chosen[row] = actions.predicted[chosen] ?? NaN;
        model.target[row] = expectation(actions, propensityMin ?? 0) / (kept.mass === 0 ? 1 : kept.mass);
      }
      row++;
    }
  }
  const share = (sum: number): number => Math.min(1, Math.max(0, sum / rows));
  return {
    starts,
    weight,
    reward,
    model,
    neverChosen: share(sums.neverChosen),
    outOfReach: has.actions ? share(sums.outOfReach) : null,
    restricted: share(sums.restricted),
  };
}

/**
 * How much of the target is left by a restriction, and what part of that is out of reach: what would weigh so much, if it were ever drawn,
 * that it alone decided.
 */
function keptOf({ logging, target }: ActionTable, propensityMin: number, weightInReach: number): { readonly mass: number; readonly outOfReach: number } {
  let mass = 0;
  for (let action = 0; action < target.length; action++) if ((logging[action] as number) >= propensityMin) mass += target[action] as number;
  if (mass === 0) return { mass, outOfReach: 1 };
  // What was not restricted is whole, whatever rounding says.
  if (mass > 1 - ROUNDING) mass = 1;
  let out = 0;
  for (let action = 0; action < target.length; action++) {
    const p = logging[action] as number;
    const q = target[action] as number;
    if (p >= propensityMin && q > weightInReach * p * mass) out += q;
  }
  return { mass, outOfReach: out / mass };
}

function expectation({ logging, target, predicted }: ActionTable, propensityMin: number): number {
  let sum = 0;
  for (let action = 0; action < target.length; action++) {
    if ((logging[action] as number) >= propensityMin) sum += (target[action] as number) * (predicted?.[action] ?? NaN);
  }
  return sum;
}

/** A probability that is none would spread silently through every figure. */
function check({ propensity, target, reward, chosen, actions }: LoggedChoice, has: { readonly actions: boolean; readonly predicted: boolean }, where: () => string): void {
  if (!(propensity > 0 && propensity <= 1)) throw new RangeError(`${where()}: propensity ${propensity} is not above 0 and at most 1; what was drawn had a chance`);
  if (!isProbability(target)) throw new RangeError(`${where()}: target ${target} is not a probability (0 to 1)`);
  if (!isFinite(reward)) throw new RangeError(`${where()}: reward ${reward} is not a finite number`);
  if (!(isInteger(chosen) && chosen >= 0)) throw new RangeError(`${where()}: chosen ${chosen} is not the place of an action`);
  if ((actions !== undefined) !== has.actions) throw new RangeError(`${where()}: actions stand in some choices of the log and not in others; give all or none`);
  if (actions === undefined) return;
  if ((actions.predicted !== undefined) !== has.predicted) throw new RangeError(`${where()}: actions.predicted stands in some choices of the log and not in others; give all or none`);
  checkActions(actions, where);
  if (chosen >= actions.logging.length) throw new RangeError(`${where()}: chosen ${chosen} is not the place of one of ${actions.logging.length} actions`);
  for (const [name, given, listed] of [['propensity', propensity, actions.logging[chosen]], ['target', target, actions.target[chosen]]] as const) {
    if (!(abs(given - (listed ?? NaN)) <= ROUNDING * given)) throw new RangeError(`${where()}: ${name} ${given} is not what actions say of action ${chosen}: ${listed}`);
  }
}

function checkActions({ logging, target, predicted }: ActionTable, where: () => string): void {
  const length = logging.length;
  if (target.length !== length) throw new RangeError(`${where()}: actions.target has ${target.length} entries for ${length} actions`);
  if (predicted !== undefined && predicted.length !== length) throw new RangeError(`${where()}: actions.predicted has ${predicted.length} entries for ${length} actions`);
  for (const [name, column] of [['logging', logging], ['target', target]] as const) {
    let sum = 0;
    for (let action = 0; action < length; action++) {
      const p = column[action] as number;
      if (!isProbability(p)) throw new RangeError(`${where()}: actions.${name}[${action}] ${p} is not a probability (0 to 1)`);
      sum += p;
    }
    if (!(abs(sum - 1) <= ROUNDING)) throw new RangeError(`${where()}: actions.${name} sums to ${sum}, not to 1`);
  }
  const odd = predicted?.findIndex((reward) => !isFinite(reward)) ?? -1;
  if (odd >= 0) throw new RangeError(`${where()}: actions.predicted[${odd}] ${predicted?.[odd]} is not a finite number`);
}

function isProbability(p: number): boolean {
  return p >= 0 && p <= 1;
}
