// What models are trained and judged on: the answers as they are, and the same without what the traps found.
import { ofLearners, type AnswerLog } from '@trellis/mastery';
import type { Fold } from './folds.js';

/** official: the files as they are. strict: without twins, and each answer once. */
export type Training = 'official' | 'strict';

export interface TrainingData {
  readonly training: Training;
  readonly log: AnswerLog;
  readonly folds: readonly Fold[];
  /** The learners that are predicted, ascending: pooled over all folds. */
  readonly tested: readonly number[];
  /** Their rows, one after the other. */
  readonly test: AnswerLog;
  /** By row of the test log: number of the subgroup, -1 for none. */
  readonly group: Int32Array;
}

export function trainingData(training: Training, log: AnswerLog, group: Int32Array, folds: readonly Fold[]): TrainingData {
  const tested = folds.flatMap(({ test }) => test).sort((a, b) => a - b);
  const test = shared(ofLearners(log, tested));
  const groups = new Int32Array(new SharedArrayBuffer(4 * test.item.length));
  for (const [n, learner] of tested.entries()) groups.set(group.subarray(log.starts[learner], log.starts[learner + 1]), test.starts[n] ?? 0);
  return { training, log, folds, tested, test, group: groups };
}

/** The same log in memory that workers share. */
export function shared(log: AnswerLog): AnswerLog {
  const ints = (from: Int32Array): Int32Array => copied(from, new Int32Array(new SharedArrayBuffer(from.byteLength)));
  return {
    ...log,
    starts: ints(log.starts),
    item: ints(log.item),
    combination: ints(log.combination),
    right: copied(log.right, new Uint8Array(new SharedArrayBuffer(log.right.byteLength))),
    at: log.at === null ? null : copied(log.at, new Float64Array(new SharedArrayBuffer(log.at.byteLength))),
  };
}

function copied<Column extends Int32Array | Uint8Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
