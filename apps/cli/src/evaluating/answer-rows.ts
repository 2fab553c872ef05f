// Rows of answers as they come out of files, then grouped by learner. Columns live in shared memory: every worker reads the same.
import type { AnswerLog, Vocabulary } from '@trellis/mastery';
import { Failure } from '../failure.js';
import { counted } from '../progress.js';

/** 37 bytes a row, and 25 again while they are grouped: about 1.3 GB. */
export const ROWS_MAX = 20_000_000;
const ROWS_FIRST = 65_536;

/** What a learner's rows are for. */
export type Part = 'train' | 'test';

export interface Row {
  readonly learner: string;
  readonly part: Part;
  /** -1 for none. */
  readonly item: number;
  readonly combination: number;
  readonly right: boolean;
  /** Milliseconds; NaN where the source names no time. */
  readonly at: number;
  /** Decides among rows of the same time; 0 where the source has none. */
  readonly sequence: number;
  /** Number of the subgroup; -1 for none. */
  readonly group: number;
  /** Number of what the row itself names as skills, whatever a table of links says; -1 for nothing. */
  readonly named: number;
}

export interface Answers {
  readonly log: AnswerLog;
  /** By row of the log. */
  readonly group: Int32Array;
  readonly named: Int32Array;
  /** Numbers of learners of the log. */
  readonly train: readonly number[];
  readonly test: readonly number[];
  /** Rows without a time, where others have one: then no row has. */
  readonly timesMissing: number;
  /** Learners whose rows stand in both parts, by their ids. */
  readonly leaked: readonly string[];
}

export class AnswerRows {
  private readonly learners = new Map<string, number>();
  private readonly parts: Part[] = [];
  private readonly leaked = new Set<string>();
  private rows = 0;
  private timed = 0;
  private positive = 0;
  private learner = new Int32Array(ROWS_FIRST);
  private item = new Int32Array(ROWS_FIRST);
  private combination = new Int32Array(ROWS_FIRST);
  private group = new Int32Array(ROWS_FIRST);
  private named = new Int32Array(ROWS_FIRST);
  private right = new Uint8Array(ROWS_FIRST);
  private at = new Float64Array(ROWS_FIRST);
  private sequence = new Float64Array(ROWS_FIRST);

  get count(): number {
    return this.rows;
  }

  add({ learner, part, item, combination, right, at, sequence, group, named }: Row): void {
    if (this.rows === this.item.length) this.grow();
    const row = this.rows++;
    this.learner[row] = this.numberOf(learner, part);
    this.item[row] = item;
    this.combination[row] = combination;
    this.right[row] = right ? 1 : 0;
    this.at[row] = at;
    this.sequence[row] = sequence;
    this.group[row] = group;
    this.named[row] = named;
    if (!Number.isNaN(at)) this.timed++;
    if (at !== 0) this.positive++;
  }

  /** Takes learners out with all their rows. */
  drop(ids: ReadonlySet<string>): void {
    if (ids.size === 0) return;
    const before = [...this.learners.keys()].map((id, n) => ({ id, part: this.parts[n] ?? 'test' }));
    this.learners.clear();
    this.parts.length = 0;
    const numbers = Int32Array.from(before, ({ id, part }) => (ids.has(id) ? -1 : this.numberOf(id, part)));
    const all = this.rows;
    [this.rows, this.timed, this.positive] = [0, 0, 0];
    for (let row = 0; row < all; row++) {
      const learner = numbers[this.learner[row] ?? 0] ?? -1;
      if (learner >= 0) this.move(row, learner);
    }
  }

  /** To the end of those that stay, which lies at the row or before it. */
  private move(row: number, learner: number): void {
    const to = this.rows++;
    this.learner[to] = learner;
    for (const column of [this.item, this.combination, this.group, this.named, this.right, this.at, this.sequence]) column[to] = column[row] ?? 0;
    if (!Number.isNaN(this.at[to])) this.timed++;
    if (this.at[to] !== 0) this.positive++;
  }

  /** Learners in the order in which they are first named; their rows by time, or as they came where there is none. */
  grouped(vocabulary: Vocabulary): Answers {
    const { rows } = this;
    // A column of zeros says that the source kept the order alone.
    const hasTimes = this.timed === rows && this.positive > 0;
    const starts = new Int32Array(new SharedArrayBuffer(4 * (this.parts.length + 1)));
    for (let row = 0; row < rows; row++) {
      const after = (this.learner[row] ?? 0) + 1;
      starts[after] = (starts[after] ?? 0) + 1;
    }
    for (let n = 1; n < starts.length; n++) starts[n] = (starts[n] ?? 0) + (starts[n - 1] ?? 0);
    const order = this.ordered(starts, hasTimes);
    const ints = (from: Int32Array): Int32Array => order.reduce((out, row, place) => ((out[place] = from[row] ?? 0), out), new Int32Array(new SharedArrayBuffer(4 * rows)));
    const right = new Uint8Array(new SharedArrayBuffer(rows));
    for (let place = 0; place < rows; place++) right[place] = this.right[order[place] ?? 0] ?? 0;
    const at = hasTimes ? new Float64Array(new SharedArrayBuffer(8 * rows)) : null;
    if (at !== null) for (let place = 0; place < rows; place++) at[place] = this.at[order[place] ?? 0] ?? 0;
    const log: AnswerLog = { vocabulary, learners: [...this.learners.keys()], starts, item: ints(this.item), combination: ints(this.combination), right, at };
    const of = (part: Part): readonly number[] => this.parts.flatMap((one, learner) => (one === part ? [learner] : []));
    return { log, group: ints(this.group), named: ints(this.named), train: of('train'), test: of('test'), timesMissing: this.timed > 0 ? rows - this.timed : 0, leaked: [...this.leaked] };
  }

  /** Numbers of rows, learner by learner. */
  private ordered(starts: Int32Array, byTime: boolean): Int32Array {
    const order = new Int32Array(this.rows);
    const next = starts.slice();
    for (let row = 0; row < this.rows; row++) {
      const learner = this.learner[row] ?? 0;
      order[next[learner] ?? 0] = row;
      next[learner] = (next[learner] ?? 0) + 1;
    }
    const earlier = (a: number, b: number): number => (this.at[a] ?? 0) - (this.at[b] ?? 0) || (this.sequence[a] ?? 0) - (this.sequence[b] ?? 0) || a - b;
    if (byTime) for (let n = 0; n + 1 < starts.length; n++) order.subarray(starts[n], starts[n + 1]).sort(earlier);
    return order;
  }

  private numberOf(learner: string, part: Part): number {
    const known = this.learners.get(learner);
    if (known === undefined) {
      this.learners.set(learner, this.parts.length);
      return this.parts.push(part) - 1;
    }
    if (this.parts[known] !== part) this.leaked.add(learner);
    return known;
  }

  private grow(): void {
    const size = Math.min(ROWS_MAX, this.item.length * 2);
    if (size === this.item.length) throw new Failure(`there are more than ${counted(ROWS_MAX)} answers, the most that is taken at once: evaluate on some of the learners`);
    this.learner = grown(this.learner, new Int32Array(size));
    this.item = grown(this.item, new Int32Array(size));
    this.combination = grown(this.combination, new Int32Array(size));
    this.group = grown(this.group, new Int32Array(size));
    this.named = grown(this.named, new Int32Array(size));
    this.right = grown(this.right, new Uint8Array(size));
    this.at = grown(this.at, new Float64Array(size));
    this.sequence = grown(this.sequence, new Float64Array(size));
  }
}

function grown<Column extends Int32Array | Uint8Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
