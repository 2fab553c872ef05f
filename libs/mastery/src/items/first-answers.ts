// What item statistics rest on: the first answer of each learner to each item. Later ones say what the feedback did.
import type { AnswerLog } from '../answer-log.js';

/** A log of the rows that are the first of their learner and item, with one combination of skills for all: items stand for themselves. */
export function firstAnswers(log: AnswerLog): AnswerLog {
  const { starts, vocabulary } = log;
  const kept = new Int32Array(log.item.length);
  const keptStarts = new Int32Array(starts.length);
  // By item: the last learner who met it, from 1.
  const met = new Int32Array(vocabulary.items.length);
  let count = 0;
  for (let learner = 0; learner + 1 < starts.length; learner++) {
    for (let row = starts[learner] as number; row < (starts[learner + 1] as number); row++) {
      const item = log.item[row] as number;
      if (item < 0 || met[item] === learner + 1) continue;
      met[item] = learner + 1;
      kept[count++] = row;
    }
    keptStarts[learner + 1] = count;
  }
  const rows = kept.subarray(0, count);
  return {
    vocabulary: { ...vocabulary, combinations: [] },
    learners: log.learners,
    starts: keptStarts,
    item: rows.map((row) => log.item[row] as number),
    combination: new Int32Array(count).fill(-1),
    right: Uint8Array.from(rows, (row) => log.right[row] as number),
    at: null,
  };
}
