// What is done in workers. Nothing here knows of threads: data in, result out.
import type { AnswerLog } from '@trellis/mastery';
import { fitTask, type FitResult, type FitTask } from './fit-task.js';
import { judgeTask, type JudgeResult, type JudgeTask } from './judge-task.js';
import { trapsTask, type TrapsResult, type TrapsTask } from './traps-task.js';
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

export type Task = FitTask | JudgeTask | TrapsTask;

/** Result of a task, by its kind. */
export interface Results {
  readonly fit: FitResult;
  readonly judge: JudgeResult;
  readonly traps: TrapsResult;
}

/** `progress` hears the share of the task that is done. */
export function perform(task: Task, stage: Stage, progress: (share: number) => void): Results[Task['kind']] {
  switch (task.kind) {
    case 'fit':
      return fitTask(task, stage, progress);
    case 'judge':
      return judgeTask(task, stage, progress);
    case 'traps':
      return trapsTask(task, stage, progress);
  }
}
