// World after world: every contestant's students in threads, then the draws for intervals, there too, so that Ctrl-C is heard at any time.
// Only one world's students are in memory at once.
import type { CourseContent } from '@trellis/learning';
import { joined, normalisedGain, type RunColumns, type World } from '@trellis/simulation';
import { inThreads } from '../evaluating/pool.js';
import type { Io } from '../io.js';
import { Progress } from '../progress.js';
import { pieces, type Contestant, type ContestStage, type ContestTask, type Draws, type Piece } from './contest.js';
import { standing, type WorldStanding } from './standings.js';

export interface WorldsPlan {
  readonly contestants: readonly Contestant[];
  readonly worlds: readonly World[];
  readonly learners: number;
  readonly seed: number;
  readonly resamples: number;
  readonly workers: number;
}

/** Workers are built code, also where this file runs as it is written. */
const WORKER = new URL('../../dist/simulating/worker.js', import.meta.url);

export async function runWorlds({ contestants, worlds, learners, seed, resamples, workers }: WorldsPlan, content: CourseContent, { signal, stderr }: Pick<Io, 'signal' | 'stderr'>): Promise<readonly WorldStanding[]> {
  const all = contestants.length * worlds.length * learners;
  let done = 0;
  const progress = new Progress(stderr, 'students', () => ({ count: done, share: done / all }));
  const workerData: ContestStage = { content, split: seed };
  const inWorkers = <Task extends ContestTask, Result>(tasks: readonly Task[], watch: (task: Task) => void): Promise<readonly Result[]> =>
    inThreads<Task, Result>({ worker: WORKER, workerData, tasks, nameOf }, { workers, signal, watch: (task) => watch(tasks[task] as Task) });
  const standings: WorldStanding[] = [];
  try {
    for (const world of worlds) {
      const tasks = pieces(contestants, world, learners);
      const results = await inWorkers<Piece, RunColumns>(tasks, ({ from, to }) => (done += to - from));
      const columns = contestants.map(({ name }) => joined(results.filter((_, n) => tasks[n]?.policy === name)));
      const draws: Draws = { kind: 'draws', world: world.id, ratios: columns.map(normalisedGain), seed, resamples };
      const [drawn = []] = await inWorkers<Draws, readonly Float64Array[]>([draws], () => undefined);
      standings.push(standing(world, contestants.map((contestant, n) => ({ contestant, columns: columns[n] as RunColumns, draws: drawn[n] as Float64Array }))));
    }
    return standings;
  } finally {
    progress.end();
  }
}

function nameOf(task: ContestTask): string {
  return task.kind === 'piece' ? `${task.policy} in ${task.world}` : `the draws of ${task.world}`;
}
