// Folds the log into rows of its own, in a temporary folder, and compares them with the live ones. The live rows are only read;
// where this process is the writer, they are first brought up to the log as any projector would.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEngine, type Engine } from '@trellis/engine';
import { Projector, type EventStore, type Instant, type Sources, type View } from '@trellis/event-sourcing';
import { compareRows, type Compared, type Differences } from './row-comparison.js';
import { secondsSince } from './progress.js';

export interface ReplayOptions {
  readonly verify: boolean;
  /** Only what was recorded up to then (inclusive). */
  readonly asOf: Instant | null;
  /** No other process changes the log or the live rows meanwhile. */
  readonly isWriter: boolean;
  readonly signal: AbortSignal;
  readonly onEvents: (count: number) => void;
}

export interface Replayed {
  /** Of learners. */
  readonly events: number;
  /** Rebuilt. */
  readonly rows: number;
  readonly liveHash: string | null;
  readonly rebuiltHash: string;
  readonly differences: Differences;
  readonly foldSeconds: number;
}

const TEMPORARY = 'trellis-replay-';

/** Null if somebody wanted to stop. */
export async function replay(engine: Engine, options: ReplayOptions): Promise<Replayed | null> {
  const { signal, verify, isWriter, onEvents } = options;
  const { learners } = engine.recommender;
  if (verify && isWriter) for (const { view, catchUp } of engine.projectors) if (view === learners.name) await catchUp(signal);
  const checkpoint = await engine.sources.views.checkpoint({ name: learners.name });
  const folder = await mkdtemp(join(tmpdir(), TEMPORARY));
  try {
    // The temporary folder's log stays empty: only its rows are used.
    const rebuilt = await openEngine(folder, { now: () => 0 });
    try {
      const start = performance.now();
      const store = reading(engine.sources.store, options.asOf);
      const projector = new Projector({ ...engine.sources, store, views: rebuilt.sources.views }, learners);
      const watch = setInterval(() => onEvents(projector.status().events), WATCH_MS);
      await projector.catchUp(signal).finally(() => clearInterval(watch));
      if (signal.aborted) return null;
      const foldSeconds = secondsSince(start);
      const live = verify ? engine.sources : null;
      const compared = await compare({ rebuilt: rebuilt.sources, live, checkpoint, isWriter }, engine);
      return { ...compared, events: projector.status().events, foldSeconds };
    } finally {
      await rebuilt.close();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
