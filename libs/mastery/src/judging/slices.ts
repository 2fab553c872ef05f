// Where a model is good and where it is not: the metrics of rows that belong together.
import type { AnswerLog } from '../answer-log.js';
import { metricsOf, type Metrics } from './metrics.js';

export interface Slice {
  readonly name: string;
  readonly metrics: Metrics;
}

/** By skill, in their order, without those that no row has. A row with several skills counts for each of them. */
export function bySkill({ vocabulary: { skills, combinations }, combination, right }: AnswerLog, predicted: Float64Array): readonly Slice[] {
  return sliced(skills, right, predicted, (row) => combinations[combination[row] ?? -1] ?? []);
}

/** Item ages: the number of training answers that an item had, up to and with `to`. */
export const ITEM_AGES = [
  { name: 'unseen', to: 0 },
  { name: '1-4', to: 4 },
  { name: '5-19', to: 19 },
  { name: '20+', to: Infinity },
] as const;

/** Rows without an item are in none of the slices. `trainingAnswers` is by item, as `answersByItem` counts them. */
export function byItemAge({ item, right }: AnswerLog, predicted: Float64Array, trainingAnswers: Int32Array): readonly Slice[] {
  return banded(ITEM_AGES, right, predicted, (row) => ((item[row] ?? -1) < 0 ? NaN : (trainingAnswers[item[row] ?? -1] ?? 0)));
}

/** Positions in a learner's history, from 1. */
export const POSITIONS = [
  { name: '1-5', to: 5 },
  { name: '6-10', to: 10 },
  { name: '11-50', to: 50 },
  { name: 'later', to: Infinity },
] as const;

export function byPosition({ starts, right }: AnswerLog, predicted: Float64Array): readonly Slice[] {
  const position = new Float64Array(right.length);
  for (let learner = 0; learner + 1 < starts.length; learner++) {
    const from = starts[learner] ?? 0;
    for (let row = from; row < (starts[learner + 1] ?? 0); row++) position[row] = row - from + 1;
  }
  return banded(POSITIONS, right, predicted, (row) => position[row] ?? NaN);
}

export function answersByItem({ vocabulary, item }: AnswerLog): Int32Array {
  const answers = new Int32Array(vocabulary.items.length);
  for (const one of item) if (one >= 0) answers[one] = (answers[one] ?? 0) + 1;
  return answers;
}

type Bands = readonly { readonly name: string; readonly to: number }[];

function banded(bands: Bands, right: Uint8Array, predicted: Float64Array, measure: (row: number) => number): readonly Slice[] {
  return sliced(
    bands.map(({ name }) => name),
    right,
    predicted,
    (row) => [bands.findIndex(({ to }) => measure(row) <= to)],
  );
}

/** Slices without rows are left out; a number that names none is passed over. */
function sliced(names: readonly string[], right: Uint8Array, predicted: Float64Array, of: (row: number) => Iterable<number>): readonly Slice[] {
  const rows = names.map((): number[] => []);
  for (let row = 0; row < right.length; row++) for (const slice of of(row)) rows[slice]?.push(row);
  return names.flatMap((name, slice) => (rows[slice]?.length ? [{ name, metrics: metricsOf(Int32Array.from(rows[slice]), right, predicted) }] : []));
}
