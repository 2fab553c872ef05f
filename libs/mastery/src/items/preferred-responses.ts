// Whether the able give another response than the key's. Where they do, the key is likely wrong (Haladyna, 2004, "Developing and
// validating multiple-choice test items", 3rd ed., on the abilities of those who choose each option).
import type { AnswerLog } from '../answer-log.js';
import { fitDifficulties } from '../prediction/difficulties.js';
import { correlationOf, type Correlation } from './correlation.js';
import { firstAnswers, otherAnswers, rowsByItem } from './first-answers.js';
import { restAbilities } from './rest-abilities.js';
import { REST_ANSWERS_MIN } from './statistics.js';

/** What was answered, beside a log. */
export interface Responses {
  readonly texts: readonly string[];
  /** By row of the log: the number of the text; -1 where it is not known. */
  readonly given: Int32Array;
}

/** Ability, by other items, and giving this response: among those who gave it or were right. Above 0, the able give it. */
export interface ResponseCorrelation extends Correlation {
  /** Number in the vocabulary. */
  readonly item: number;
  readonly response: string;
}

/**
 * Of each response that was marked wrong and that enough learners gave, by item. First answers only. One that was also marked right is none of
 * them: it was the hint, or another key, that made it wrong.
 */
export function responseCorrelations(log: AnswerLog, { texts, given }: Responses): readonly ResponseCorrelation[] {
  if (given.length !== log.item.length) throw new Error(`given: ${given.length} responses for ${log.item.length} rows`);
  const { first, source } = firstAnswers(log);
  const difficulties = fitDifficulties(first);
  const { ability } = restAbilities(first, difficulties);
  const others = otherAnswers(first);
  const { rows, ends } = rowsByItem(first, difficulties.itemCount);
  const wrong = first.right.map((right) => 1 - right);
  const found: ResponseCorrelation[] = [];
  for (const [item, answers] of difficulties.itemCount.entries()) {
    const measured = rows.subarray((ends[item] ?? 0) - answers, ends[item]).filter((row) => (others[row] ?? 0) >= REST_ANSWERS_MIN);
    const responseOf = (row: number): number => given[source[row] ?? -1] ?? -1;
    const right = measured.filter((row) => first.right[row] === 1);
    const keys = new Set(Array.from(right, responseOf));
    const byResponse = Map.groupBy(measured.filter((row) => first.right[row] === 0), responseOf);
    for (const [response, chose] of byResponse) {
      if (response < 0 || keys.has(response)) continue;
      const correlation = correlationOf(Int32Array.from([...right, ...chose]), wrong, ability);
      if (correlation !== null) found.push({ item, response: texts[response] ?? String(response), ...correlation });
    }
  }
  return found;
}
