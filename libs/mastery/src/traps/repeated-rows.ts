// The first trap: one answer written once for each skill of its question. A model that sees the first copy knows the second, and
// figures rise by a tenth (Xiong, Zhao, Van Inwegen & Beck, 2016, "Going deeper with deep knowledge tracing", EDM).

/** Rows of a source as it has them, in its order. */
export interface RawRows {
  readonly learner: readonly string[];
  readonly item: readonly string[];
  readonly skill: readonly string[];
  /** 1 right, 0 wrong. */
  readonly right: ArrayLike<number>;
  /** Milliseconds or any other clock; null where the source has none. One that stands still says nothing either. */
  readonly at: ArrayLike<number> | null;
  /** The source's own number of the answer, where it has one: it decides alone. */
  readonly order?: readonly string[] | null;
}

export interface RepeatedRows {
  readonly rows: number;
  /** Answers that stand in more than one row. */
  readonly answers: number;
  /** Rows beyond the first of each answer, ascending: what a clean log leaves out (their skills belong to the first row). */
  readonly surplus: Int32Array;
  /** How they were told apart: by the source's number, by learner, item and time, or by standing next to each other. */
  readonly by: 'order' | 'time' | 'neighbours';
  readonly examples: readonly RepeatedAnswer[];
}

export interface RepeatedAnswer {
  readonly learner: string;
  readonly item: string;
  readonly right: boolean;
  readonly skills: readonly string[];
  /** Numbers of rows, from 0. */
  readonly rows: readonly number[];
}

const EXAMPLES_MAX = 5;

/**
 * Rows with the same learner, item and answer but differing skills, given at once: these are one answer. A second try repeats its skill
 * and is none. Where a source has a time that moves, rows of one time are looked at first, and neighbours if that finds nothing. Rows
 * without an item (an empty text) are left out.
 */
export function repeatedRows(raw: RawRows): RepeatedRows {
  if (raw.order) return judged(raw, 'order');
  const byTime = moves(raw.at) ? judged(raw, 'time') : null;
  return byTime !== null && byTime.answers > 0 ? byTime : judged(raw, 'neighbours');
}

function judged(raw: RawRows, by: RepeatedRows['by']): RepeatedRows {
  const repeated: (readonly number[])[] = [];
  for (const rows of by === 'neighbours' ? runs(raw) : together(raw, by)) {
    for (const answer of rows.length < 2 ? [] : answersOf(rows, raw.skill)) if (answer.length > 1) repeated.push(answer);
  }
  const examples = repeated.slice(0, EXAMPLES_MAX).map((rows) => {
    const first = rows[0] ?? 0;
    return { learner: raw.learner[first] ?? '', item: raw.item[first] ?? '', right: raw.right[first] === 1, skills: rows.map((row) => raw.skill[row] ?? ''), rows };
  });
  return { rows: raw.learner.length, answers: repeated.length, surplus: Int32Array.from(repeated.flatMap((rows) => rows.slice(1))).sort(), by, examples };
}

/** Neighbours with the same learner, item and answer. */
function runs({ learner, item, right }: RawRows): readonly (readonly number[])[] {
  const found: number[][] = [];
  let run: number[] = [];
  for (let row = 0; row < learner.length; row++) {
    if (item[row] === '') continue;
    const before = run.at(-1);
    if (before !== row - 1 || learner[row] !== learner[before] || item[row] !== item[before] || right[row] !== right[before]) found.push((run = []));
    run.push(row);
  }
  return found;
}

function together({ learner, item, right, at, order }: RawRows, by: 'order' | 'time'): Iterable<readonly number[]> {
  const found = new Map<string, number[]>();
  for (let row = 0; row < learner.length; row++) {
    if (item[row] === '') continue;
    const key = JSON.stringify([learner[row], item[row], right[row], by === 'order' ? order?.[row] : at?.[row]]);
    const rows = found.get(key);
    if (rows === undefined) found.set(key, [row]);
    else rows.push(row);
  }
  return found.values();
}

/** A skill that comes again begins another answer. */
function answersOf(rows: readonly number[], skill: readonly string[]): readonly (readonly number[])[] {
  const found: number[][] = [];
  const seen = new Set<string | undefined>();
  for (const row of rows) {
    if (found.length === 0 || seen.has(skill[row])) {
      seen.clear();
      found.push([]);
    }
    seen.add(skill[row]);
    found.at(-1)?.push(row);
  }
  return found;
}

function moves(at: ArrayLike<number> | null): boolean {
  for (let row = 1; at !== null && row < at.length; row++) if (at[row] !== at[0]) return true;
  return false;
}
