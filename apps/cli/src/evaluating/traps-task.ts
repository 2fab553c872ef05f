// Looks for the two traps in the answers as they came: rows repeated once per skill, and one student under two ids.
import { repeatedRows, twins, type AnswerLog, type RawRows, type RepeatedAnswer } from '@trellis/mastery';
import type { Stage } from './stage.js';

export interface TrapsTask {
  readonly kind: 'traps';
}

export interface TrapsResult {
  readonly repeated: {
    readonly answers: number;
    /** Rows beyond the first of each answer, ascending. */
    readonly surplus: Int32Array;
    /** By surplus row: the row that stays. */
    readonly keeper: Int32Array;
    readonly by: 'order' | 'time' | 'neighbours';
    readonly examples: readonly RepeatedAnswer[];
  };
  readonly twins: {
    readonly pairs: readonly TwinIds[];
    /** Numbers of learners that are one student. */
    readonly students: readonly (readonly number[])[];
    /** False where the search gave up before its end. */
    readonly complete: boolean;
  };
}

export interface TwinIds {
  readonly first: number;
  readonly second: number;
  readonly shared: number;
  readonly agreement: number;
}

export function trapsTask(_task: TrapsTask, { answers }: Stage, progress: (share: number) => void): TrapsResult {
  if (answers === null) throw new Error('there are no answers to look at');
  const { log } = answers;
  const found = twins(log, null, progress);
  const pairs = found.pairs.map(({ first, second, shared, agreement }) => ({ first: first.learner, second: second.learner, shared, agreement }));
  const students = found.students.map((student) => student.map(({ learner }) => learner));
  return { repeated: repeated(answers), twins: { pairs, students, complete: found.complete } };
}

type Repeated = TrapsResult['repeated'];

/** An answer's rows are of one learner, so learners are looked at some at a time: texts of all rows at once would fill the memory. */
const BLOCK_ROWS = 250_000;
const EXAMPLES_MAX = 5;

function repeated({ log, named, names }: NonNullable<Stage['answers']>): Repeated {
  const none: Repeated = { answers: 0, surplus: new Int32Array(), keeper: new Int32Array(), by: 'neighbours', examples: [] };
  // Without items there is no telling one answer from the next; without a name in the row nothing differs.
  if (log.vocabulary.items.length === 0 || names.length < 2) return none;
  let { answers, by, examples } = none;
  const surplus: number[] = [];
  for (let learner = 0; learner < log.learners.length; ) {
    const first = learner;
    const from = log.starts[first] ?? 0;
    do learner++;
    while (learner < log.learners.length && (log.starts[learner + 1] ?? 0) - from <= BLOCK_ROWS);
    const found = repeatedRows(rawRows({ log, named, names }, first, learner));
    answers += found.answers;
    if (found.answers > 0) by = found.by;
    if (examples.length < EXAMPLES_MAX) examples = [...examples, ...found.examples].slice(0, EXAMPLES_MAX);
    for (const row of found.surplus) surplus.push(from + row);
  }
  const rows = Int32Array.from(surplus);
  return { answers, surplus: rows, keeper: keepers(log, rows), by, examples };
}

/** Of the learners from `first` up to `end`, which is not among them. */
function rawRows({ log, named, names }: NonNullable<Stage['answers']>, first: number, end: number): RawRows {
  const { vocabulary, learners, starts, item, right, at } = log;
  const [from, to] = [starts[first] ?? 0, starts[end] ?? 0];
  const learner: string[] = [];
  for (let n = first; n < end; n++) for (let row = starts[n] ?? 0; row < (starts[n + 1] ?? 0); row++) learner.push(learners[n] ?? '');
  return {
    learner,
    item: Array.from(item.subarray(from, to), (number) => vocabulary.items[number] ?? ''),
    skill: Array.from(named.subarray(from, to), (number) => names[number] ?? ''),
    right: right.subarray(from, to),
    at: at?.subarray(from, to) ?? null,
  };
}

/** The last row before it that stays, of the same item and answer. */
function keepers({ item, right }: AnswerLog, surplus: Int32Array): Int32Array {
  const goes = new Set(surplus);
  return surplus.map((row) => {
    let at = row - 1;
    while (at > 0 && (goes.has(at) || item[at] !== item[row] || right[at] !== right[row])) at--;
    return at;
  });
}
