// How many more answers a skill is expected to take until it is declared mastered, by Bayesian knowledge tracing itself: P(known) is all that
// its future depends on, so the time to reach the mark is that of a Markov chain on it.
import { traceUnknown, rightProbability, type BktParameters } from '@trellis/mastery';

export interface AnswersLeft {
  readonly mean: number;
  readonly variance: number;
}

/** A skill that is not mastered after so many more counts as that many: parameters without learning would never end. */
export const ANSWERS_LEFT_MAX = 100;

/** Points of P(known), evenly spaced in logits from here to the mark. */
const POINTS = 60;
const KNOWN_MIN = 0.001;
/** Tables kept for one set of parameters. */
const MARKS_MAX = 50;

interface Table {
  readonly from: number;
  readonly step: number;
  readonly mean: Float64Array;
  readonly square: Float64Array;
}

/** By parameters, then by mark: a course has few marks. */
const tables = new WeakMap<BktParameters, Map<number, Table>>();

/** A mark of 1 is never reached by answers alone. */
const MARK_MAX = 0.9999;

/** `known`: P(known) before the next answer. */
export function answersLeft(known: number, masteredAt: number, bkt: BktParameters): AnswersLeft {
  const mark = Math.min(MARK_MAX, masteredAt);
  if (known >= mark) return { mean: 0, variance: 0 };
  const table = tableOf(mark, bkt);
  const mean = at(table, table.mean, known, mark);
  return { mean, variance: Math.max(0, at(table, table.square, known, mark) - mean * mean) };
}

function tableOf(mark: number, bkt: BktParameters): Table {
  const known = tables.get(bkt) ?? new Map<number, Table>();
  const made = known.get(mark);
  if (made !== undefined) return made;
  const table = solved(mark, bkt);
  if (known.size >= MARKS_MAX) known.clear();
  tables.set(bkt, known.set(mark, table));
  return table;
}

/** Mean and mean square of the answers to the mark, cut at the maximum: one sweep for each answer more that is allowed. */
function solved(mark: number, bkt: BktParameters): Table {
  const from = logit(Math.min(KNOWN_MIN, mark / 2));
  const step = (logit(mark) - from) / POINTS;
  const points = Array.from({ length: POINTS }, (_, n) => 1 / (1 + Math.exp(-(from + n * step))));
  const right = points.map((known) => rightProbability(known, bkt));
  const next = points.map((known) => [1, 0].map((score) => 1 - traceUnknown(1 - known, score, bkt)));
  let table: Table = { from, step, mean: new Float64Array(POINTS), square: new Float64Array(POINTS) };
  for (let answers = 0; answers < ANSWERS_LEFT_MAX; answers++) {
    const [mean, square] = [new Float64Array(POINTS), new Float64Array(POINTS)];
    for (let n = 0; n < POINTS; n++) {
      const [ifRight = 0, ifWrong = 0] = next[n] ?? [];
      const p = right[n] ?? 0;
      const after = p * at(table, table.mean, ifRight, mark) + (1 - p) * at(table, table.mean, ifWrong, mark);
      mean[n] = 1 + after;
      square[n] = 1 + 2 * after + p * at(table, table.square, ifRight, mark) + (1 - p) * at(table, table.square, ifWrong, mark);
    }
    table = { from, step, mean, square };
  }
  return table;
}

/** Between two points: on the line between them. */
function at({ from, step }: Table, values: Float64Array, known: number, mark: number): number {
  if (known >= mark) return 0;
  const place = Math.max(0, (logit(Math.max(known, KNOWN_MIN / 2)) - from) / step);
  const below = Math.min(POINTS - 1, Math.floor(place));
  const here = values[below] ?? 0;
  // At the mark nothing is left, but just below it one more answer is: the last point holds up to it.
  const above = below + 1 < POINTS ? (values[below + 1] ?? 0) : here;
  return here + (above - here) * (place - below);
}

function logit(p: number): number {
  return Math.log(p / (1 - p));
}
