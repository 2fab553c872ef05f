// The thread that `fitOnThread` starts: one fit, told as it goes.
import { parentPort, workerData } from 'node:worker_threads';
import type { FromWorker } from './fit-thread.js';
import { fitCalibration, type FitStage } from './fitting.js';

const PROGRESS_EVERY_MS = 200;

let said = performance.now();

function progress(share: number): void {
  const now = performance.now();
  if (now - said < PROGRESS_EVERY_MS) return;
  said = now;
  say({ share });
}

function say(message: FromWorker): void {
  parentPort?.postMessage(message);
}

try {
  say({ result: fitCalibration(workerData as FitStage, progress) }); // what the starter hands over
} catch (error) {
  say({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
