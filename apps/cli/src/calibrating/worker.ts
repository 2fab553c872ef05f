// A thread of calibrate: one fit, told as it goes.
import { parentPort, workerData } from 'node:worker_threads';
import { heldOut, whole, type FitKind, type FitStage } from './fitting.js';
import type { FromWorker } from './threads.js';

const PROGRESS_EVERY_MS = 200;

const { kind, stage } = workerData as { readonly kind: FitKind; readonly stage: FitStage }; // what `fitOnThreads` hands over
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
  say({ result: kind === 'held-out' ? heldOut(stage, progress) : whole(stage, progress) });
} catch (error) {
  say({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}
