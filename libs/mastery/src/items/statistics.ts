// What a log says about each item: how many met it, how hard it is, and whether those who pass it are the able ones. Difficulty is
// the Rasch model's (Lord, 1980, "Applications of item response theory to practical testing problems"); discrimination is the corrected
// item-total correlation of classical test theory (Lord & Novick, 1968, "Statistical theories of mental test scores", ch. 15).
import type { AnswerLog } from '../answer-log.js';
import { wilson } from '../judging/reliability.js';
import { fitDifficulties, type Difficulties } from '../prediction/difficulties.js';
import { firstAnswers } from './first-answers.js';
import { restAbilities, type RestAbilities } from './rest-abilities.js';

export interface Estimated {
  readonly value: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** Learners of an item at one end of rest ability. */
export interface Group {
  readonly answers: number;
  readonly passRate: number;
}

export interface Discrimination extends Estimated {
  /** Learners it was measured on: those with at least `REST_ANSWERS_MIN` other first answers. */
  readonly learners: number;
  /** Of them, who passed. */
  readonly passed: number;
  /** The third of them with the highest and the third with the lowest rest ability; learners equal to the border count in. */
  readonly strongest: Group;
  readonly weakest: Group;
}

export interface ItemStatistics {
  /** Number in the vocabulary. */
  readonly item: number;
  /** First answers: one a learner. */
  readonly answers: number;
  /** Share of the log's learners who met it. */
  readonly exposure: number;
  /** With the interval of Wilson (1927). */
  readonly passRate: Estimated;
  /** Logit of a right answer by an average learner. */
  readonly easiness: number;
  /** Logits above an average item: positive is harder. Drawn towards 0 where answers are few. */
  readonly difficulty: number;
  /** Of both: from the information of its answers at the rest abilities and of the prior. */
  readonly standardError: number;
  /** Correlation of passing with rest ability, interval by Fisher's (1915) transformation; null where it cannot be measured. */
  readonly discrimination: Discrimination | null;
}

/** Somebody with fewer other answers says nothing about who is able. */
export const REST_ANSWERS_MIN = 5;
/** Fewer learners, or fewer who passed or failed, and the interval of a correlation means nothing. */
export const DISCRIMINATION_LEARNERS_MIN = 20;
export const DISCRIMINATION_EACH_MIN = 5;

const Z_95 = 1.959963984540054;
/** Of the prior under which difficulties are fitted. */
const PRECISION = 1;

/** By ascending number, of every item with an answer. One answer a learner and item counts, the first; rows without an item do not. */
export function itemStatistics(log: AnswerLog): readonly ItemStatistics[] {
  const first = firstAnswers(log);
  const difficulties = fitDifficulties(first);
  const rest = restAbilities(first, difficulties);
  const { rows, ends } = rowsByItem(first, difficulties.itemCount);
  const others = otherAnswers(first);
  const found: ItemStatistics[] = [];
  for (const [item, answers] of difficulties.itemCount.entries()) {
    if (answers > 0) found.push(ofItem(item, rows.subarray((ends[item] ?? 0) - answers, ends[item]), { first, difficulties, rest, others }));
  }
  return found;
}

interface Measured {
  readonly first: AnswerLog;
  readonly difficulties: Difficulties;
  readonly rest: RestAbilities;
  /** By row: other rows of its learner. */
  readonly others: Int32Array;
}

function ofItem(item: number, rows: Int32Array, { first, difficulties, rest, others }: Measured): ItemStatistics {
  let passed = 0;
  let information = PRECISION;
  for (const row of rows) {
    passed += first.right[row] as number;
    information += rest.information[row] as number;
  }
  const [low, high] = wilson(passed, rows.length);
  const above = difficulties.items[item] ?? 0;
  return {
    item,
    answers: rows.length,
    exposure: rows.length / first.learners.length,
    passRate: { value: passed / rows.length, low, high },
    easiness: difficulties.mu + above,
    // Not -0, which reports would print.
    difficulty: 0 - above,
    standardError: 1 / Math.sqrt(information),
    discrimination: discriminationOf(rows.filter((row) => (others[row] ?? 0) >= REST_ANSWERS_MIN), first.right, rest.ability),
  };
}

function discriminationOf(rows: Int32Array, right: Uint8Array, ability: Float64Array): Discrimination | null {
  const n = rows.length;
  let passed = 0;
  let sum = 0;
  for (const row of rows) {
    passed += right[row] as number;
    sum += ability[row] as number;
  }
  if (n < DISCRIMINATION_LEARNERS_MIN || Math.min(passed, n - passed) < DISCRIMINATION_EACH_MIN) return null;
  const mean = sum / n;
  const share = passed / n;
  let squares = 0;
  let products = 0;
  for (const row of rows) {
    const off = (ability[row] as number) - mean;
    squares += off * off;
    products += off * ((right[row] as number) - share);
  }
  if (squares < Number.EPSILON * n) return null;
  const value = products / Math.sqrt(squares * n * share * (1 - share));
  const half = Z_95 / Math.sqrt(n - 3);
  const z = Math.atanh(value);
  return { value, low: Math.tanh(z - half), high: Math.tanh(z + half), learners: n, passed, ...thirds(rows, right, ability) };
}

function thirds(rows: Int32Array, right: Uint8Array, ability: Float64Array): Pick<Discrimination, 'strongest' | 'weakest'> {
  const sorted = Float64Array.from(rows, (row) => ability[row] as number).sort();
  const size = Math.floor(rows.length / 3);
  const below = sorted[size - 1] as number;
  const above = sorted[rows.length - size] as number;
  return {
    strongest: groupOf(rows.filter((row) => (ability[row] as number) >= above), right),
    weakest: groupOf(rows.filter((row) => (ability[row] as number) <= below), right),
  };
}

function groupOf(rows: Int32Array, right: Uint8Array): Group {
  let passed = 0;
  for (const row of rows) passed += right[row] as number;
  return { answers: rows.length, passRate: passed / rows.length };
}

/** All rows, those of an item together; `ends` is exclusive. */
function rowsByItem({ item }: AnswerLog, counts: Int32Array): { readonly rows: Int32Array; readonly ends: Int32Array } {
  const ends = new Int32Array(counts.length);
  for (let n = 1; n < counts.length; n++) ends[n] = (ends[n - 1] as number) + (counts[n - 1] as number);
  const rows = new Int32Array(item.length);
  for (let row = 0; row < item.length; row++) {
    const number = item[row] as number;
    rows[ends[number] as number] = row;
    ends[number] = (ends[number] as number) + 1;
  }
  return { rows, ends };
}

function otherAnswers({ starts, item }: AnswerLog): Int32Array {
  const others = new Int32Array(item.length);
  for (let learner = 0; learner + 1 < starts.length; learner++) {
    others.fill((starts[learner + 1] as number) - (starts[learner] as number) - 1, starts[learner], starts[learner + 1]);
  }
  return others;
}
