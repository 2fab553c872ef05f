// A thread of simulate: plays a piece, answers with its columns, takes the next.
import { parentPort, workerData } from 'node:worker_threads';
import { courseGraph, play, type ContestStage, type Piece } from './contest.js';

const { content, split } = workerData as ContestStage; // what the pool hands over
const course = courseGraph(content);

parentPort?.on('message', ({ number, task }: { readonly number: number; readonly task: Piece }) => {
  try {
    parentPort?.postMessage({ task: number, result: play(task, course, split) });
  } catch (error) {
    parentPort?.postMessage({ task: number, failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
