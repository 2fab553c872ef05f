// Looks for the two traps in the answers as they came: rows repeated once per skill, and one student under two ids.
import { repeatedRows, twins, type AnswerLog, type RepeatedAnswer } from '@trellis/mastery';
import type { Stage } from './tasks.js';

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

function repeated({ log, named, names }: NonNullable<Stage['answers']>): Repeated {
  // Without items there is no telling one answer from the next; without a name in the row nothing differs.
  if (log.vocabulary.items.length === 0 || names.length < 2) return { answers: 0, surplus: new Int32Array(), keeper: new Int32Array(), by: 'neighbours', examples: [] };
  const rows = rowsOf(log);
  const skill = Array.from(named, (number) => names[number] ?? '');
  const { answers, surplus, by, examples } = repeatedRows({ ...rows, skill, right: log.right, at: log.at });
  return { answers, surplus, keeper: keepers(log, surplus), by, examples };
}

function rowsOf({ vocabulary, learners, starts, item }: AnswerLog): { readonly learner: readonly string[]; readonly item: readonly string[] } {
  const learner: string[] = [];
  for (const [n, id] of learners.entries()) for (let row = starts[n] ?? 0; row < (starts[n + 1] ?? 0); row++) learner.push(id);
  return { learner, item: Array.from(item, (number) => vocabulary.items[number] ?? '') };
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
