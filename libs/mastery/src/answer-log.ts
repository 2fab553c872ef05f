// Answers of many learners as columns: what models are fitted on and judged by.

/** What the numbers in a log stand for. One vocabulary may serve several logs: training and test part of one set. */
export interface Vocabulary {
  readonly items: readonly string[];
  readonly skills: readonly string[];
  /** The distinct sets of skills that items have, as numbers of skills, each ascending and not empty. */
  readonly combinations: readonly Int32Array[];
}

/** Rows of a learner stand together, in the order in which they happened. */
export interface AnswerLog {
  readonly vocabulary: Vocabulary;
  /** Ids, in the order of the rows. */
  readonly learners: readonly string[];
  /** One more than learners: the rows of learner n are `starts[n]` to `starts[n + 1]`, the latter exclusive. */
  readonly starts: Int32Array;
  /** By row: the number of the item, -1 where the source names none. */
  readonly item: Int32Array;
  /** By row: the number of the combination of skills. */
  readonly combination: Int32Array;
  /** By row: 1 right, 0 wrong. */
  readonly right: Uint8Array;
  /** By row: milliseconds since 1970 (or since the first event of the source); null where the source has no times. */
  readonly at: Float64Array | null;
}

/** The log of some of its learners, by their numbers, in the order given. Shares the vocabulary. */
export function ofLearners(log: AnswerLog, learners: readonly number[]): AnswerLog {
  const rows = learners.reduce((sum, learner) => sum + rowsOf(log, learner), 0);
  const starts = new Int32Array(learners.length + 1);
  const item = new Int32Array(rows);
  const combination = new Int32Array(rows);
  const right = new Uint8Array(rows);
  const at = log.at === null ? null : new Float64Array(rows);
  let row = 0;
  for (const [n, learner] of learners.entries()) {
    const from = log.starts[learner] ?? 0;
    const to = log.starts[learner + 1] ?? from;
    item.set(log.item.subarray(from, to), row);
    combination.set(log.combination.subarray(from, to), row);
    right.set(log.right.subarray(from, to), row);
    at?.set(log.at?.subarray(from, to) ?? [], row);
    row += to - from;
    starts[n + 1] = row;
  }
  return { vocabulary: log.vocabulary, learners: learners.map((learner) => log.learners[learner] ?? ''), starts, item, combination, right, at };
}

function rowsOf({ starts }: AnswerLog, learner: number): number {
  return (starts[learner + 1] ?? 0) - (starts[learner] ?? 0);
}
