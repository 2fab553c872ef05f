// What usually comes after what: how far learners' answers fell from what difficulties and abilities made one expect, summed by
// transition. Learned from other learners, then frozen.
import type { AnswerLog } from '../answer-log.js';
import { expectation, logistic, observe, type Estimate } from '../ability.js';
import { easinessOfItem } from './difficulties.js';
import { newKeyNumbers, NO_NUMBER, numberFor, numberOf, type KeyNumbers } from './key-numbers.js';
import { newRunningSkill, newRunningState, observeAnswer, skillsOf, type Ground, type RunningSkill } from './running-state.js';
import { isWindowKey, KEYS_WIDTH, NO_KEY, transitionKeys } from './transition-keys.js';

/** By number of key: sums of surprise and of its variance, and how often it was seen. */
export interface TransitionSums {
  readonly surprise: Float64Array | Float32Array;
  readonly variance: Float64Array | Float32Array;
  readonly seen: Int32Array;
  /** Window keys seen less often count as absent. */
  readonly seenAtLeast: number;
}

/** As they are kept: nothing but numbers, and sums in single precision. */
export interface TransitionTables extends TransitionSums {
  readonly keys: Float64Array;
  readonly surprise: Float32Array;
  readonly variance: Float32Array;
}

/** Tables with the way into them. */
export interface Transitions {
  readonly numbers: KeyNumbers;
  readonly sums: TransitionSums;
}

/** The keys of all rows of a log, numbered: `KEYS_WIDTH` a row. They depend on answers alone, so every fold shares them. */
export interface NumberedRows {
  readonly numbers: KeyNumbers;
  readonly rows: Int32Array;
}

/** `tables` as they came out of `tablesOf`, or out of a store. */
export function transitionsOf(tables: TransitionTables): Transitions {
  return { numbers: newKeyNumbers(tables.keys), sums: tables };
}

/** Numbers of `keys` in `transitions`, `NO_NUMBER` where absent. */
export function lookUp({ numbers }: Transitions, keys: Float64Array, out: Int32Array): void {
  for (let n = 0; n < keys.length; n++) {
    const key = keys[n] as number;
    out[n] = key === NO_KEY ? NO_NUMBER : numberOf(numbers, key);
  }
}

export function numberRows(log: AnswerLog, ground: Ground, onLearner?: (rows: number) => void): NumberedRows {
  const numbers = newKeyNumbers();
  const rows = new Int32Array(log.item.length * KEYS_WIDTH);
  const keys = new Float64Array(KEYS_WIDTH);
  const unseen = newRunningSkill(ground);
  const skills: RunningSkill[] = [];
  for (let learner = 0; learner + 1 < log.starts.length; learner++) {
    const state = newRunningState(ground);
    const from = log.starts[learner] ?? 0;
    const to = log.starts[learner + 1] ?? 0;
    for (let row = from; row < to; row++) {
      const asked = { item: log.item[row] ?? -1, combination: log.combination[row] ?? -1 };
      transitionKeys(state, asked, skillsOf(state, ground, asked.combination, unseen, skills), keys);
      for (let n = 0; n < KEYS_WIDTH; n++) {
        const key = keys[n] as number;
        rows[row * KEYS_WIDTH + n] = key === NO_KEY ? NO_NUMBER : numberFor(numbers, key);
      }
      observeAnswer(state, ground, asked, log.right[row] ?? 0);
    }
    onLearner?.(to - from);
  }
  return { numbers, rows };
}

/** Zeros; one such buffer serves fold after fold. */
export function newSums({ numbers }: NumberedRows, seenAtLeast: number) {
  return { surprise: new Float64Array(numbers.size), variance: new Float64Array(numbers.size), seen: new Int32Array(numbers.size), seenAtLeast };
}

/** Sums over the rows of some learners, in place of what `sums` held. */
export function sumTransitions(log: AnswerLog, learners: readonly number[], ground: Ground, { rows }: NumberedRows, sums: ReturnType<typeof newSums>, onLearner?: (rows: number) => void): void {
  const { surprise, variance, seen } = sums;
  surprise.fill(0);
  variance.fill(0);
  seen.fill(0);
  for (const learner of learners) {
    const from = log.starts[learner] ?? 0;
    const to = log.starts[learner + 1] ?? 0;
    eachSurprise(log, from, to, ground, (row, residual, information) => {
      for (let n = row * KEYS_WIDTH; n < (row + 1) * KEYS_WIDTH; n++) {
        const number = rows[n] as number;
        if (number === NO_NUMBER) continue;
        surprise[number] = (surprise[number] as number) + residual;
        variance[number] = (variance[number] as number) + information;
        seen[number] = (seen[number] as number) + 1;
      }
    });
    onLearner?.(to - from);
  }
}

/** Drops what counts as absent: what no row summed, and window keys seen less than `seenAtLeast` times. */
export function tablesOf({ numbers }: NumberedRows, sums: TransitionSums): TransitionTables {
  const keys = numbers.keys.subarray(0, numbers.size);
  return withKeys({ ...sums, keys }, (key, seen) => seen >= (isWindowKey(key) ? sums.seenAtLeast : 1));
}

/** The part whose keys pass. */
export function withKeys({ keys, surprise, variance, seen, seenAtLeast }: TransitionSums & { readonly keys: Float64Array }, passes: (key: number, seen: number) => boolean): TransitionTables {
  const passing = (number: number) => passes(keys[number] as number, seen[number] as number);
  let size = 0;
  for (let number = 0; number < keys.length; number++) if (passing(number)) size++;
  const out = { keys: new Float64Array(size), surprise: new Float32Array(size), variance: new Float32Array(size), seen: new Int32Array(size), seenAtLeast };
  let to = 0;
  for (let number = 0; number < keys.length; number++) {
    if (!passing(number)) continue;
    out.keys[to] = keys[number] as number;
    out.surprise[to] = surprise[number] as number;
    out.variance[to] = variance[number] as number;
    out.seen[to] = seen[number] as number;
    to++;
  }
  return out;
}

/** Runs abilities alone over the rows of one learner. */
function eachSurprise(log: AnswerLog, from: number, to: number, ground: Ground, take: (row: number, surprise: number, information: number) => void): void {
  const { ability: p, difficulties, combinations } = ground;
  const ability = { mean: 0, variance: p.variance };
  const bySkill = new Map<number, Estimate>();
  const skills: Estimate[] = [];
  for (let row = from; row < to; row++) {
    const combination = log.combination[row] ?? -1;
    skills.length = 0;
    for (const number of combinations[combination] ?? []) {
      let skill = bySkill.get(number);
      if (skill === undefined) bySkill.set(number, (skill = { mean: 0, variance: p.skillVariance }));
      skills.push(skill);
    }
    const easiness = easinessOfItem(difficulties, log.item[row] ?? -1, combination);
    const expected = logistic(expectation(ability.mean, skills, easiness));
    const right = log.right[row] ?? 0;
    take(row, right - expected, expected * (1 - expected));
    observe(ability, skills, right, p, easiness);
  }
}
