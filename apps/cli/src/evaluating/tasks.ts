// What is done in workers. Nothing here knows of threads: data in, result out.
import { fitTask, type FitResult, type FitTask } from './fit-task.js';
import { judgeTask, type JudgeResult, type JudgeTask } from './judge-task.js';
import type { Stage } from './stage.js';
import { trapsTask, type TrapsResult, type TrapsTask } from './traps-task.js';

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
