// A thread of evaluate: takes a task, answers with its result, takes the next.
import { parentPort, workerData } from 'node:worker_threads';
import type { Stage } from './stage.js';
import { perform, type Task } from './tasks.js';

const PROGRESS_EVERY_MS = 200;

export type FromWorker = { readonly task: number; readonly share: number } | { readonly task: number; readonly result: unknown } | { readonly task: number; readonly failure: string };

const stage = workerData as Stage; // what the pool hands over

parentPort?.on('message', ({ number, task }: { readonly number: number; readonly task: Task }) => {
  let said = performance.now();
  const progress = (share: number): void => {
    const now = performance.now();
    if (now - said < PROGRESS_EVERY_MS) return;
    said = now;
    say({ task: number, share });
  };
  try {
    say({ task: number, result: perform(task, stage, progress) });
  } catch (error) {
    say({ task: number, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});

function say(message: FromWorker): void {
  parentPort?.postMessage(message);
}
