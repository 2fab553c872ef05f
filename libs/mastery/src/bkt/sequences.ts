// The answers of a log as knowledge tracing sees them: for each skill, one sequence of right and wrong a learner.
import type { AnswerLog } from '../answer-log.js';

/** Sequences of answers on one skill. */
export interface Sequences {
  /** One more than sequences: answers of sequence n are `starts[n]` to `starts[n + 1]`, the latter exclusive. None is empty. */
  readonly starts: Int32Array;
  /** By answer: 1 right, 0 wrong. */
  readonly right: Uint8Array;
  /** By sequence: how many learners gave exactly it. */
  readonly learners: Float64Array;
}

/**
 * What one set of parameters is for. `skill`: an answer is evidence for every skill of its item, each traced alone.
 * `combination`: each set of skills that items have is traced as if it were one skill (as Gervet et al., 2020, number them).
 */
export type BktUnit = 'skill' | 'combination';

/** Which units a row of the combination is evidence for. */
export function unitsOf({ vocabulary }: Pick<AnswerLog, 'vocabulary'>, unit: BktUnit): readonly Int32Array[] {
  return unit === 'skill' ? vocabulary.combinations : vocabulary.combinations.map((_, n) => Int32Array.of(n));
}

export function unitCount({ vocabulary }: Pick<AnswerLog, 'vocabulary'>, unit: BktUnit): number {
  return unit === 'skill' ? vocabulary.skills.length : vocabulary.combinations.length;
}

/** A skill by its id, a combination by the ids of its skills, joined by "+". */
export function unitName({ vocabulary }: Pick<AnswerLog, 'vocabulary'>, unit: BktUnit, n: number): string {
  if (unit === 'skill') return vocabulary.skills[n] ?? String(n);
  return Array.from(vocabulary.combinations[n] ?? [], (skill) => vocabulary.skills[skill] ?? String(skill)).join('+');
}

/** By unit. Two passes over the log; one byte an answer and four a sequence are held. */
export function sequencesOf(log: AnswerLog, unit: BktUnit): readonly Sequences[] {
  const units = unitsOf(log, unit);
  const answers = new Int32Array(unitCount(log, unit));
  const learners = new Int32Array(answers.length);
  walk(log, units, (n, _, first) => {
    answers[n] = (answers[n] ?? 0) + 1;
    if (first) learners[n] = (learners[n] ?? 0) + 1;
  });
  const all = Array.from(answers, (size, n) => empty(learners[n] ?? 0, size));
  const ends = new Int32Array(answers.length);
  const begun = new Int32Array(answers.length);
  walk(log, units, (n, row, first) => {
    const own = all[n] as Sequences;
    const end = ends[n] as number;
    if (first) own.starts[(begun[n] = (begun[n] as number) + 1) - 1] = end;
    own.right[end] = log.right[row] as number;
    ends[n] = end + 1;
  });
  for (const own of all) own.starts[own.learners.length] = own.right.length;
  return all;
}

function empty(sequences: number, answers: number): Sequences {
  return { starts: new Int32Array(sequences + 1), right: new Uint8Array(answers), learners: new Float64Array(sequences).fill(1) };
}

function walk({ starts, combination }: AnswerLog, units: readonly Int32Array[], visit: (unit: number, row: number, first: boolean) => void): void {
  const last = new Int32Array(units.reduce((max, of) => Math.max(max, ...of), -1) + 1).fill(-1);
  for (let learner = 0; learner + 1 < starts.length; learner++) {
    for (let row = starts[learner] as number; row < (starts[learner + 1] as number); row++) {
      const of = units[combination[row] as number] ?? NONE;
      for (let k = 0; k < of.length; k++) {
        const unit = of[k] as number;
        visit(unit, row, last[unit] !== learner);
        last[unit] = learner;
      }
    }
  }
}

const NONE = new Int32Array(0);

/** Equal sequences become one that counts for all their learners: short ones are very often equal, and cost a pass each. */
export function merged(sequences: readonly Sequences[]): Sequences {
  const learners = new Map<string, number>();
  for (const { starts, right, learners: counts } of sequences) {
    for (let n = 0; n < counts.length; n++) {
      const key = textOf(right, starts[n] as number, starts[n + 1] as number);
      learners.set(key, (learners.get(key) ?? 0) + (counts[n] as number));
    }
  }
  const starts = new Int32Array(learners.size + 1);
  const right = new Uint8Array([...learners.keys()].reduce((sum, key) => sum + key.length, 0));
  let sequence = 0;
  let end = 0;
  for (const key of learners.keys()) {
    for (let at = 0; at < key.length; at++) right[end++] = key.charCodeAt(at) - ZERO;
    starts[++sequence] = end;
  }
  return { starts, right, learners: Float64Array.from(learners.values()) };
}

const ZERO = 48;

function textOf(right: Uint8Array, from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at++) text += right[at] === 1 ? '1' : '0';
  return text;
}

export interface SequenceSize {
  readonly learners: number;
  readonly answers: number;
}

export function sizeOf({ starts, learners }: Sequences): SequenceSize {
  const size = { learners: 0, answers: 0 };
  for (let n = 0; n < learners.length; n++) {
    size.learners += learners[n] as number;
    size.answers += (learners[n] as number) * ((starts[n + 1] as number) - (starts[n] as number));
  }
  return size;
}

/** At most so many sequences: every n-th of all, units in order. */
export function thinned(all: readonly Sequences[], sequencesMax: number): readonly Sequences[] {
  const total = all.reduce((sum, { learners }) => sum + learners.length, 0);
  const step = Math.ceil(total / sequencesMax);
  if (step <= 1) return all;
  let seen = 0;
  return all.map(({ starts, right, learners }) => {
    const kept = Array.from(learners.keys()).filter(() => seen++ % step === 0);
    const pieces = kept.map((n) => right.subarray(starts[n], starts[n + 1]));
    const ends = new Int32Array(kept.length + 1);
    const joined = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
    for (const [n, piece] of pieces.entries()) {
      joined.set(piece, ends[n] ?? 0);
      ends[n + 1] = (ends[n] ?? 0) + piece.length;
    }
    return { starts: ends, right: joined, learners: Float64Array.from(kept, (n) => learners[n] ?? 1) };
  });
}
