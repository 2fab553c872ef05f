// How easy items and combinations of skills are, from many learners' answers: a Rasch model (Rasch, 1960) with Gaussian priors, fitted
// by block Newton. The abilities of its learners are thrown away.
import type { AnswerLog } from '../answer-log.js';
import { logistic } from '../ability.js';
import { seeded, shuffle } from '../seeded.js';

export interface Difficulties {
  /** Logit of a right answer by an average learner to an average item. */
  readonly mu: number;
  /** Logits above `mu`, by number of item and of combination; positive is easier, 0 where no answer was seen. */
  readonly items: Float64Array;
  readonly combinations: Float64Array;
  /** The answers behind each. */
  readonly itemCount: Int32Array;
  readonly combinationCount: Int32Array;
}

/** Learners whose rows take tables that others' rows made, and those others. */
export interface Fold {
  readonly held: readonly number[];
  readonly others: readonly number[];
}

export const FOLDS = 5;
export const SWEEPS = 15;
/** Of the priors of abilities, items and combinations alike. */
const PRECISION = 1;
/** The share of right answers where there is no answer at all. */
const RIGHT_PRIOR = 0.65;
/** Where all answers are equal, `mu` would grow without end. */
const MU_MAX = 6;

/** Logit of a right answer by an average learner to any item of the combination, and to this one. */
export function easinessOfSkills({ mu, combinations }: Difficulties, combination: number): number {
  return mu + (combinations[combination] ?? 0);
}

export function easinessOfItem(difficulties: Difficulties, item: number, combination: number): number {
  return easinessOfSkills(difficulties, combination) + (difficulties.items[item] ?? 0);
}

/** Named once: where tests run, each look at a global costs more than the exponential. */
const { exp } = Math;

/** `onSweep` is called after each of `SWEEPS` sweeps; what it throws ends the fit. */
export function fitDifficulties(log: AnswerLog, onSweep?: () => void): Difficulties {
  const { starts, right } = log;
  const itemsCount = log.vocabulary.items.length;
  const combinationsCount = log.vocabulary.combinations.length;
  // One slot more, always 0, is for rows without an item or without skills.
  const item = log.item.map((number) => (number < 0 ? itemsCount : number));
  const combination = log.combination.map((number) => (number < 0 ? combinationsCount : number));
  const items = new Float64Array(itemsCount + 1);
  const combinations = new Float64Array(combinationsCount + 1);
  const abilities = new Float64Array(log.learners.length);
  const learner = new Int32Array(item.length);
  for (let n = 0; n < abilities.length; n++) learner.fill(n, starts[n], starts[n + 1]);
  const all = new Int32Array(item.length);
  const mu = new Float64Array([startOf(right)]);

  const block = (values: Float64Array, groups: Int32Array, precision: number) => {
    const surprise = new Float64Array(values.length);
    const information = new Float64Array(values.length);
    const base = mu[0] as number;
    for (let row = 0; row < item.length; row++) {
      const logit = base + (abilities[learner[row] as number] as number) + (items[item[row] as number] as number) + (combinations[combination[row] as number] as number);
      const p = 1 / (1 + exp(-logit));
      const group = groups[row] as number;
      surprise[group] = (surprise[group] as number) + (right[row] as number) - p;
      information[group] = (information[group] as number) + p * (1 - p);
    }
    for (let n = 0; n < values.length; n++) {
      const value = values[n] as number;
      const curvature = (information[n] as number) + precision;
      if (curvature > 0) values[n] = value + ((surprise[n] as number) - precision * value) / curvature;
    }
  };
  for (let sweep = 0; sweep < SWEEPS && item.length > 0; sweep++) {
    block(abilities, learner, PRECISION);
    block(combinations, combination, PRECISION);
    combinations[combinationsCount] = 0;
    block(items, item, PRECISION);
    items[itemsCount] = 0;
    block(mu, all, 0);
    mu[0] = Math.max(-MU_MAX, Math.min(MU_MAX, mu[0] ?? 0));
    onSweep?.();
  }
  return {
    mu: mu[0] ?? 0,
    items: items.slice(0, itemsCount),
    combinations: combinations.slice(0, combinationsCount),
    itemCount: counts(log.item, itemsCount),
    combinationCount: counts(log.combination, combinationsCount),
  };
}

/** Cuts the learners into `FOLDS` parts by chance. */
export function foldsOf(log: AnswerLog, seed: number): readonly Fold[] {
  const order = shuffle(log.learners.map((_, learner) => learner), seeded(seed));
  return Array.from({ length: FOLDS }, (_, fold) => ({
    held: ascending(order.filter((_learner, n) => n % FOLDS === fold)),
    others: ascending(order.filter((_learner, n) => n % FOLDS !== fold)),
  }));
}

function startOf(right: Uint8Array): number {
  let sum = 0;
  for (const one of right) sum += one;
  const share = right.length === 0 ? RIGHT_PRIOR : Math.max(logistic(-MU_MAX), Math.min(logistic(MU_MAX), sum / right.length));
  return Math.log(share / (1 - share));
}

function counts(numbers: Int32Array, length: number): Int32Array {
  const out = new Int32Array(length);
  for (const number of numbers) if (number >= 0) out[number] = (out[number] ?? 0) + 1;
  return out;
}

function ascending(numbers: readonly number[]): readonly number[] {
  return [...numbers].sort((a, b) => a - b);
}
