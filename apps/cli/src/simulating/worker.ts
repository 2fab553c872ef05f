// A thread of simulate: does a task, answers with its result, takes the next.
import { parentPort, workerData } from 'node:worker_threads';
import { player, type ContestStage, type ContestTask } from './contest.js';

const perform = player(workerData as ContestStage); // what the pool hands over

parentPort?.on('message', ({ number, task }: { readonly number: number; readonly task: ContestTask }) => {
  try {
    parentPort?.postMessage({ task: number, result: perform(task) });
  } catch (error) {
    parentPort?.postMessage({ task: number, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
