// The fit on a thread of its own: the command stays awake for Ctrl-C and the progress bar.
import { Worker } from 'node:worker_threads';
import { interruption } from '../evaluating/pool.js';
import { sample } from '../evaluating/sample.js';
import type { Io } from '../io.js';
import { Progress } from '../progress.js';
import type { FitStage, Fitted } from './fitting.js';

/** Workers are built code, also where this file runs as it is written. */
const WORKER = new URL('../../dist/calibrating/worker.js', import.meta.url);
/** What a fit takes at most; beyond, whole learners are drawn. That bounds its memory. */
const ANSWERS_MAX = 2_000_000;

export type FromWorker = { readonly share: number } | { readonly result: Fitted } | { readonly failure: string };

export async function fitOnThread(stage: FitStage, { signal, stderr }: Pick<Io, 'signal' | 'stderr'>): Promise<Fitted> {
  const log = sample(stage.log, stage.seed, ANSWERS_MAX);
  let share = 0;
  const progress = new Progress(stderr, 'answers fitted', () => ({ count: Math.round(share * log.item.length), share }));
  const worker = new Worker(WORKER, { workerData: { ...stage, log } });
  try {
    return await new Promise((resolve, reject) => {
      worker.on('message', (message: FromWorker) => {
        if ('share' in message) share = message.share;
        else if ('failure' in message) reject(new Error(`fitting: ${message.failure}`));
        else resolve(message.result);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`the thread that fits ended with code ${code}`)));
      signal.addEventListener('abort', () => reject(interruption()), { once: true });
      if (signal.aborted) reject(interruption());
    });
  } finally {
    progress.end();
    await worker.terminate();
  }
}
