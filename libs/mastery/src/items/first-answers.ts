// What item statistics rest on: the first answer of each learner to each item. Later ones say what the feedback did.
import type { AnswerLog } from '../answer-log.js';

export interface FirstAnswers {
  /** Of those rows, with one combination of skills for all: items stand for themselves. */
  readonly first: AnswerLog;
  /** By row of `first`: the row of the log. */
  readonly source: Int32Array;
}

export function firstAnswers(log: AnswerLog): FirstAnswers {
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
  const source = kept.subarray(0, count);
  const first = {
    vocabulary: { ...vocabulary, combinations: [] },
    learners: log.learners,
    starts: keptStarts,
    item: source.map((row) => log.item[row] as number),
    combination: new Int32Array(count).fill(-1),
    right: Uint8Array.from(source, (row) => log.right[row] as number),
    at: null,
  };
  return { first, source };
}

export interface RowsByItem {
  /** All rows, those of an item together, in their order. */
  readonly rows: Int32Array;
  /** By item, exclusive. */
  readonly ends: Int32Array;
}

export function rowsByItem({ item }: AnswerLog, counts: Int32Array): RowsByItem {
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

/** By row: other rows of its learner. */
export function otherAnswers({ starts, item }: AnswerLog): Int32Array {
  const others = new Int32Array(item.length);
  for (let learner = 0; learner + 1 < starts.length; learner++) {
    others.fill((starts[learner + 1] as number) - (starts[learner] as number) - 1, starts[learner], starts[learner + 1]);
  }
  return others;
}
