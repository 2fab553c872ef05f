// Folds the log, or an export of it, into rows of its own and compares them with the live ones. The live rows are only read; where this process is the
// writer, they are first brought up to the log as any projector would.
import { setTimeout as pause } from 'node:timers/promises';
import { foldedArchive, type Archive, type Engine } from '@trellis/engine';
import { EMPTY, foldOn, foldRanges, rowOf, streamOf, type EventStore, type Instant, type KeyedRow, type Position, type Row } from '@trellis/event-sourcing';
import { secondsSince } from './progress.js';
import { compareRows, type Compared, type Sides } from './row-comparison.js';

export interface ReplayOptions {
  readonly verify: boolean;
  /** Only what was recorded up to then (inclusive). */
  readonly asOf: Instant | null;
  /** Folded in place of the log. */
  readonly archive: Archive | null;
  /** No other process changes the log or the live rows meanwhile. */
  readonly isWriter: boolean;
  readonly signal: AbortSignal;
  /** Hears once how to ask for the number of events folded so far. */
  readonly watched: (events: () => number) => void;
}

export interface Replayed extends Compared {
  /** Of learners. */
  readonly events: number;
  /** Of folding and comparing. */
  readonly foldSeconds: number;
  /** Beside a writer: events that its rows do not hold yet. */
  readonly lag: number;
}

/** Null if somebody wanted to stop. */
export async function replay(engine: Engine, options: ReplayOptions): Promise<Replayed | null> {
  const { signal, verify, isWriter } = options;
  const { learners } = engine.recommender;
  const { views } = engine.sources;
  if (verify && isWriter) for (const projector of engine.projectors) if (projector.view === learners.name) await projector.catchUp(signal);
  // Before the fold, so that everything up to it is in the fold.
  const checkpoint = await views.checkpoint({ name: learners.name });
  const start = performance.now();
  const store = options.asOf === null ? engine.sources.store : knownAt(engine.sources.store, options.asOf);
  let events = 0;
  options.watched(() => events);
  const compared = await compareRows({
    rebuilt: rebuiltRows(engine, options.archive ?? store, signal, (more) => (events += more)),
    live: verify ? asNow(engine, views.scan({ name: learners.name })) : null,
    expected: isWriter ? (_key, row) => Promise.resolve(row?.bytes ?? null) : besideWriter(engine, checkpoint),
  });
  if (signal.aborted) return null;
  const lag = verify && !isWriter ? await engine.sources.store.lag(checkpoint) : 0;
  return { ...compared, events, foldSeconds: secondsSince(start), lag };
}

/** A row of another version, such as that of a calibration before, is as good as none: what readers make of it counts. */
async function* asNow({ sources, recommender: { learners } }: Engine, pages: AsyncIterable<readonly KeyedRow[]>): AsyncGenerator<readonly KeyedRow[]> {
  for await (const page of pages) {
    const rows: KeyedRow[] = [];
    for (const { key, row } of page) {
      const isCurrent = row.version === learners.versionFor(key);
      rows.push(isCurrent ? { key, row } : { key, row: rowOf(learners, await foldOn(sources, learners, key, { state: learners.initial(key), revision: EMPTY }, row.revision)) });
    }
    yield rows;
  }
}

async function* rebuiltRows(engine: Engine, from: EventStore | Archive, signal: AbortSignal, folded: (events: number) => void): AsyncGenerator<readonly KeyedRow[]> {
  const {
    sources: { codec },
    recommender: { learners },
  } = engine;
  const pages = 'batches' in from ? foldedArchive(engine, from, { signal, folded }) : foldRanges({ store: from, codec }, learners, { signal, folded });
  for await (const rows of pages) yield rows.map(([key, loaded]) => ({ key, row: rowOf(learners, loaded) }));
}

/** The store as it was: record times never decrease along the log, so what was known at a moment is its beginning. */
function knownAt(store: EventStore, asOf: Instant): EventStore {
  return {
    append: (...args) => store.append(...args),
    appendObservations: (batch) => store.appendObservations(batch),
    read: (...args) => store.read(...args),
    async *readAll(range) {
      for await (const page of store.readAll(range)) {
        const records = page.filter(({ recordedAt }) => recordedAt <= asOf);
        yield records;
        if (records.length < page.length) return;
      }
    },
    follow: (options) => store.follow(options),
    find: (stream, id) => store.find(stream, id),
    head: () => store.head(),
    lag: (after) => store.lag(after),
    close: () => store.close(),
  };
}

/** A row may be ahead of the head that this process has seen, by as long as publishing that takes. */
const HEAD_PAUSE_MS = 20;
const HEAD_LOOKS_MAX = 250;

/**
 * What a live row must hold while a service goes on writing: the fold of its stream up to the row's own revision. A learner may be
 * without a row only if all of the learner's events came after the checkpoint of the rows.
 */
function besideWriter({ sources, recommender: { learners } }: Engine, checkpoint: Position | null): Sides['expected'] {
  let newcomers: Promise<ReadonlySet<string>> | null = null;
  const startedAfter = async (): Promise<ReadonlySet<string>> => {
    const keys = new Set<string>();
    for await (const page of sources.store.readAll({ after: checkpoint, prefix: learners.prefix })) {
      for (const record of page) if (record.revision === 0) keys.add(record.stream.slice(learners.prefix.length));
    }
    return keys;
  };
  return async (key, rebuilt: Row | null, live: Row | null) => {
    if (live === null) return (await (newcomers ??= startedAfter())).has(key) ? null : (rebuilt?.bytes ?? null);
    if (rebuilt?.revision === live.revision) return rebuilt.bytes;
    for (let looks = 1; ; looks++) {
      const folded = await foldOn(sources, learners, key, { state: learners.initial(key), revision: EMPTY }, live.revision);
      if (folded.revision === live.revision) return learners.encode(folded.state);
      if (looks >= HEAD_LOOKS_MAX) throw new Error(`${streamOf(learners, key)}: the live row is at revision ${live.revision}, the log at ${folded.revision}`);
      await pause(HEAD_PAUSE_MS);
    }
  };
}
