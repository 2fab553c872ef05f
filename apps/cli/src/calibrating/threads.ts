// Two fits on two threads: one to be judged, one to be published.
import { Worker } from 'node:worker_threads';
import { ofLearners, seeded, type AnswerLog } from '@trellis/mastery';
import { interruption } from '../evaluating/pool.js';
import type { Io } from '../io.js';
import { Progress } from '../progress.js';
import type { FitKind, FitStage, HeldOut, Whole } from './fitting.js';

/** Workers are built code, also where this file runs as it is written. */
const WORKER = new URL('../../dist/calibrating/worker.js', import.meta.url);
/** What a fit takes at most; beyond, whole learners are drawn. It bounds a fit's memory to about 1.5 GB a thread. */
export const ANSWERS_MAX = 2_000_000;

export interface Fitted {
  readonly heldOut: HeldOut;
  readonly whole: Whole;
  /** What was fitted on. */
  readonly sampled: AnswerLog;
}

export type FromWorker = { readonly share: number } | { readonly result: HeldOut | Whole } | { readonly failure: string };

export async function fitOnThreads({ log, before, seed }: FitStage, { signal, stderr }: Pick<Io, 'signal' | 'stderr'>): Promise<Fitted> {
  const sampled = sample(log, seed);
  const stage: FitStage = { log: sampled, before, seed };
  const shares = [0, 0];
  const answers = sampled.item.length;
  const progress = new Progress(stderr, 'answers fitted', () => {
    const share = shares.reduce((sum, one) => sum + one, 0) / shares.length;
    return { count: Math.round(share * answers), share };
  });
  const threads: Worker[] = [];
  const run = (kind: FitKind, at: number): Promise<HeldOut | Whole> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(WORKER, { workerData: { kind, stage } });
      threads.push(worker);
      worker.on('message', (message: FromWorker) => {
        if ('share' in message) shares[at] = message.share;
        else if ('failure' in message) reject(new Error(`fitting (${kind}): ${message.failure}`));
        else resolve(message.result);
      });
      worker.on('error', reject);
      signal.addEventListener('abort', () => reject(interruption()), { once: true });
      if (signal.aborted) reject(interruption());
    });
  try {
    // Each kind has its own result.
    const [heldOut, whole] = (await Promise.all([run('held-out', 0), run('whole', 1)])) as [HeldOut, Whole];
    return { heldOut, whole, sampled };
  } finally {
    progress.end();
    await Promise.all(threads.map((worker) => worker.terminate()));
  }
}

/** Whole learners, drawn by the seed, until the next would be too many. */
export function sample(log: AnswerLog, seed: number, answersMax = ANSWERS_MAX): AnswerLog {
  if (log.item.length <= answersMax) return log;
  const random = seeded(seed);
  const drawn = log.learners.map((_, learner) => ({ learner, lot: random() })).sort((a, b) => a.lot - b.lot);
  const kept: number[] = [];
  let answers = 0;
  for (const { learner } of drawn) {
    answers += (log.starts[learner + 1] ?? 0) - (log.starts[learner] ?? 0);
    if (answers > answersMax) break;
    kept.push(learner);
  }
  return ofLearners(log, kept.sort((a, b) => a - b));
}
