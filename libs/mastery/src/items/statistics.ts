// What a log says about each item: how many met it, how hard it is, and whether those who pass it are the able ones. Difficulty is
// the Rasch model's (Lord, 1980, "Applications of item response theory to practical testing problems"); discrimination is the corrected
// item-total correlation of classical test theory (Lord & Novick, 1968, "Statistical theories of mental test scores", ch. 15).
import type { AnswerLog } from '../answer-log.js';
import { wilson } from '../judging/reliability.js';
import { fitDifficulties, type Difficulties } from '../prediction/difficulties.js';
import { correlationOf, type Estimated } from './correlation.js';
import { firstAnswers, otherAnswers, rowsByItem } from './first-answers.js';
import { restAbilities, type RestAbilities } from './rest-abilities.js';

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
/** Of the prior under which difficulties are fitted. */
const PRECISION = 1;

/**
 * By ascending number, of every item with an answer. One answer a learner and item counts, the first; rows without an item do not. Learners
 * must be different people: a student under two ids counts twice, and intervals come out too narrow. Leave `twins` out first.
 */
export function itemStatistics(log: AnswerLog): readonly ItemStatistics[] {
  const { first } = firstAnswers(log);
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
  const correlation = correlationOf(rows, right, ability);
  if (correlation === null) return null;
  const { yes: passed, ...numbers } = correlation;
  return { ...numbers, passed, ...thirds(rows, right, ability) };
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
