// The parts that every service is wired from: one event store, one view store, and what rests on both.
import { openEmbedded, type OpenReport } from '@trellis/embedded';
import { Projector, type Projection, type ProjectorOptions, type ProjectorStatus, type Sources } from '@trellis/event-sourcing';
import { trellisCodec } from '@trellis/learning';
import { DEFAULT_CALIBRATION, type Calibration } from '@trellis/mastery';
import { Recommender } from '@trellis/recommendation';
import { Catalogue, classroomView, courseView } from '@trellis/views';
import { eventNotice, Notices, openNotices, type Notice } from './notices.js';

/** A projector of any view, for whoever runs it without looking into its rows. */
export interface ViewProjector {
  readonly view: string;
  run(signal: AbortSignal): Promise<void>;
  catchUp(signal: AbortSignal): Promise<void>;
  rebuild(signal: AbortSignal): Promise<void>;
  status(): ProjectorStatus;
}

export interface Engine {
  readonly sources: Sources;
  readonly catalogue: Catalogue;
  readonly calibration: Calibration;
  readonly recommender: Recommender;
  /** One for each view. Nothing runs until somebody runs them. */
  readonly projectors: readonly ViewProjector[];
  /** What opening the data found and did; null where nothing was opened for writing. */
  readonly opened: OpenReport | null;
  /** Why nothing can be appended now, or null. */
  whyNotWritable(): string | null;
  /** Why courses that others publish do not arrive, or null. */
  whyNotCurrent(): string | null;
  /** One listener for what operators should know of the store; it hears first what opening found. */
  hear(listener: (notice: Notice) => void): void;
  /** At how many positions reads have met damage since the start; each is told to `hear` too. */
  damagedPositions(): number;
  /** Ends what it started, brings everything acknowledged to disk and lets go of the data. */
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly calibration?: Calibration;
  /** Beside a process that holds the data: nothing can be appended. */
  readonly readOnly?: boolean;
}

/** Over sources that somebody else opens and closes: what tests use. */
export async function engineOn(sources: Sources, calibration: Calibration = DEFAULT_CALIBRATION, projecting: Pick<ProjectorOptions, 'writeAfterMs'> = {}): Promise<Engine> {
  const catalogue = new Catalogue(sources);
  const after = await catalogue.open();
  const stopping = new AbortController();
  let stale: string | null = null;
  const following = catalogue.follow(after, stopping.signal).catch((error: unknown) => {
    stale = `courses are not kept current: ${error instanceof Error ? error.message : String(error)}`;
  });
  const recommender = new Recommender(sources, catalogue, calibration);
  return {
    sources,
    catalogue,
    calibration,
    recommender,
    projectors: [projectorOf(sources, recommender.learners, projecting), projectorOf(sources, courseView, projecting), projectorOf(sources, classroomView, projecting)],
    opened: null,
    whyNotWritable: () => null,
    whyNotCurrent: () => stale,
    // Whoever opened the sources hears what they have to say.
    hear: () => undefined,
    damagedPositions: () => 0,
    close: async () => {
      stopping.abort();
      await following;
    },
  };
}

/** On one machine: the log, its index and the rows in one folder. Throws a clear error where the folder cannot be had. */
export async function openEngine(dataDir: string, { now, calibration, readOnly = false }: EngineOptions): Promise<Engine> {
  const notices = new Notices();
  let refusal: string | null = null;
  let damage: string | null = null;
  let damaged = 0;
  const embedded = await openEmbedded(dataDir, {
    now,
    readOnly,
    report: (event) => {
      if (event.kind === 'appends-refused') refusal = event.error.message;
      if (event.kind === 'appends-resumed') refusal = null;
      if (event.kind === 'index-damaged') damage = event.error.message;
      if (event.kind === 'damage-found') damaged++;
      notices.give(eventNotice(event));
    },
  });
  const engine = await engineOn({ store: embedded.store, views: embedded.views, codec: trellisCodec() }, calibration).catch(async (error: unknown) => {
    await embedded.close();
    throw error;
  });
  for (const notice of embedded.report === null ? [] : openNotices(embedded.report)) notices.give(notice);
  return {
    ...engine,
    opened: embedded.report,
    whyNotWritable: () => refusal ?? damage,
    hear: (listener) => notices.hear(listener),
    damagedPositions: () => damaged,
    close: async () => {
      await engine.close();
      await embedded.close();
    },
  };
}

function projectorOf<State>(sources: Sources, projection: Projection<State>, options: Pick<ProjectorOptions, 'writeAfterMs'>): ViewProjector {
  const projector = new Projector(sources, projection, { pause, ...options });
  return {
    view: projection.name,
    run: (signal) => projector.run(signal),
    catchUp: (signal) => projector.catchUp(signal),
    rebuild: (signal) => projector.rebuild(signal),
    status: () => projector.status(),
  };
}

/** Waits so many milliseconds, less once the signal is given. */
export const pause: NonNullable<ProjectorOptions['pause']> = (ms, signal) =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
    if (signal.aborted) done();
  });
