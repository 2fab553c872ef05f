// Which items each learner answered and whether they ever were right, from rare to common, with an index the other way round.
import type { AnswerLog } from '../answer-log.js';

export interface AnsweredItems {
  /** Learners of all logs, one after the other: those of the first, then those of the second. */
  readonly starts: Int32Array;
  /** Of each learner, 2 * item + (1 where they ever were right): rare keys first. */
  readonly key: Int32Array;
  /** The same keys of the learner, ascending. */
  readonly byItem: Int32Array;
  /** Share of the learner's items. */
  readonly shareRight: Float64Array;
  learnersOfKey(key: number): Int32Array;
}

/** Logs share a vocabulary. */
export function answeredItems(logs: readonly AnswerLog[]): AnsweredItems {
  const keys = (logs[0]?.vocabulary.items.length ?? 0) * 2;
  const perLearner = logs.flatMap((log) => log.learners.map((_, learner) => keysOf(log, learner)));
  const starts = new Int32Array(perLearner.length + 1);
  perLearner.forEach((own, n) => (starts[n + 1] = (starts[n] ?? 0) + own.length));
  const byItem = new Int32Array(starts[perLearner.length] ?? 0);
  const index = new Int32Array(keys + 1);
  perLearner.forEach((own, n) => {
    byItem.set(own, starts[n]);
    for (const key of own) index[key + 1] = (index[key + 1] as number) + 1;
  });
  const often = index.slice(1);
  for (let key = 0; key < keys; key++) index[key + 1] = (index[key + 1] as number) + (index[key] as number);
  const learners = new Int32Array(byItem.length);
  const next = index.slice();
  perLearner.forEach((own, n) => {
    for (const key of own) {
      const at = next[key] as number;
      learners[at] = n;
      next[key] = at + 1;
    }
    own.sort((a, b) => (often[a] as number) - (often[b] as number) || a - b);
  });
  const key = new Int32Array(byItem.length);
  perLearner.forEach((own, n) => key.set(own, starts[n]));
  const shareRight = Float64Array.from(perLearner, (own) => own.reduce((sum, one) => sum + (one & 1), 0) / own.length);
  return { starts, key, byItem, shareRight, learnersOfKey: (one) => learners.subarray(index[one], index[one + 1]) };
}

/** Ascending, one an item. */
function keysOf({ starts, item, right }: AnswerLog, learner: number): Int32Array {
  const ever = new Map<number, number>();
  for (let row = starts[learner] ?? 0; row < (starts[learner + 1] ?? 0); row++) {
    const one = item[row] ?? -1;
    if (one >= 0) ever.set(one, (ever.get(one) ?? 0) | (right[row] ?? 0));
  }
  return Int32Array.from(ever, ([one, wasRight]) => 2 * one + wasRight).sort();
}
