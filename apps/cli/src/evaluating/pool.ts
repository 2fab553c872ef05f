// Tasks over a few threads. Which thread does what changes nothing: a task depends on the stage and on itself alone.
import { Worker } from 'node:worker_threads';
import { Failure } from '../failure.js';
import { EXIT } from '../io.js';
import type { Stage } from './stage.js';
import type { Results, Task } from './tasks.js';
import type { FromWorker } from './worker.js';

/** Workers are built code, also where this file runs as it is written. */
const WORKER = new URL('../../dist/evaluating/worker.js', import.meta.url);

/** What threads do, for whoever has tasks. */
export interface Work<Task> {
  /** Built code that answers to `{number, task}` with `FromWorker`. */
  readonly worker: URL;
  readonly workerData: unknown;
  readonly tasks: readonly Task[];
  readonly nameOf: (task: Task) => string;
}

export interface PoolOptions {
  readonly workers: number;
  readonly signal: AbortSignal;
  /** Hears the share of each task that is done, 1 at its end. */
  readonly watch?: (task: number, share: number) => void;
}

/** Results in the order of the tasks, which begin in that order. */
export function inWorkers<Kind extends Task['kind']>(stage: Stage, tasks: readonly Extract<Task, { readonly kind: Kind }>[], options: PoolOptions): Promise<readonly Results[Kind][]> {
  return inThreads<Extract<Task, { readonly kind: Kind }>, Results[Kind]>({ worker: WORKER, workerData: stage, tasks, nameOf }, options);
}

/** The same for tasks of any kind. */
export async function inThreads<Each, Result>({ worker: script, workerData, tasks, nameOf: named }: Work<Each>, { workers, signal, watch }: PoolOptions): Promise<readonly Result[]> {
  const results = new Array<Result>(tasks.length);
  let next = 0;
  const threads: Worker[] = [];
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(script, { workerData });
      threads.push(worker);
      const give = (): void => {
        const number = next++;
        const task = tasks[number];
        if (task === undefined) return resolve();
        worker.postMessage({ number, task });
      };
      worker.on('message', (message: FromWorker) => {
        if ('share' in message) return watch?.(message.task, message.share);
        if ('failure' in message) return reject(new Error(`${named(tasks[message.task] as Each)}: ${message.failure}`));
        // The worker's answer to this very task.
        results[message.task] = message.result as Result;
        watch?.(message.task, 1);
        give();
      });
      worker.on('error', reject);
      worker.on('exit', (code) => reject(new Error(`a worker ended with code ${code} before its task was done`)));
      give();
    });
  const interrupted = aborted(signal);
  try {
    await Promise.race([interrupted.promise, Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, work))]);
    return results;
  } finally {
    interrupted.forget();
    for (const worker of threads) worker.removeAllListeners('exit');
    await Promise.all(threads.map((worker) => worker.terminate()));
  }
}

export function interruption(): Failure {
  return new Failure('interrupted; nothing was written', EXIT.interrupted);
}

function aborted(signal: AbortSignal): { readonly promise: Promise<never>; readonly forget: () => void } {
  let forget = (): void => undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    const stop = (): void => reject(interruption());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    forget = () => signal.removeEventListener('abort', stop);
  });
  return { promise, forget };
}

function nameOf(task: Task): string {
  return task.kind === 'fit' ? `fitting ${task.models.join(', ')} (${task.training})` : task.kind === 'judge' ? 'judging' : 'looking for traps';
}
