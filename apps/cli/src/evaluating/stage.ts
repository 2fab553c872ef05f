// What tasks work on, as it is handed to workers.
import type { AnswerLog } from '@trellis/mastery';
import type { TrainingData } from './trainings.js';

/** What all tasks of a stage work on; its columns are in shared memory. */
export interface Stage {
  readonly seed: number;
  readonly trainings: readonly TrainingData[];
  /** By training, then by model: one prediction for each row of the test log. Each fit fills in its own. */
  readonly predicted: readonly (readonly Float64Array[])[];
  /** Models, in the order of `predicted`. */
  readonly models: readonly string[];
  readonly groups: { readonly column: string; readonly names: readonly string[] } | null;
  /** Looked at by the search for traps. */
  readonly answers: { readonly log: AnswerLog; readonly named: Int32Array; readonly names: readonly string[] } | null;
}
