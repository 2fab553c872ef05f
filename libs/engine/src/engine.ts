// The parts that every service is wired from: one event store, one view store, and what rests on both.
import type { OpenReport } from '@trellis/embedded';
import { Projector, renewRows, SharedProjector, type Position, type Projection, type ProjectorOptions, type ProjectorStatus, type Sources, type ViewStore } from '@trellis/event-sourcing';
import type { Calibration } from '@trellis/mastery';
import type { Recommender } from '@trellis/recommendation';
import { rowKey } from '@trellis/learning';
import { Calibrations, calibrationView, Catalogue, classroomView, courseView } from '@trellis/views';
import { Activations } from './activations.js';
import { engineGauges, type Gauge } from './gauges.js';
import type { Notice } from './notices.js';
import { ObservedRecommender, observedStore, observedViews, StepsHeard, type Steps } from './steps.js';

/** A projector of any view, for whoever runs it without looking into its rows. */
export interface ViewProjector {
  readonly view: string;
  run(signal: AbortSignal): Promise<void>;
  catchUp(signal: AbortSignal): Promise<void>;
  rebuild(signal: AbortSignal): Promise<void>;
  status(): ProjectorStatus;
}

/** A projector of any view that shares its work with those of other processes. */
export type SharedView = Pick<SharedProjector<unknown>, 'view' | 'takes' | 'take' | 'flush' | 'full' | 'counts'>;

/** Something that this process cannot do its work without. */
export interface Dependency {
  readonly name: 'log' | 'views';
  /** Null when it answers. Resolves within seconds. */
  whyNot(): Promise<string | null>;
}

export interface Engine {
  /** What requests are answered from. */
  readonly sources: Sources;
  /** The rows as they are, for whoever writes them. */
  readonly views: ViewStore;
  /** Other processes that this one rests on; none where everything is in this one. */
  readonly dependencies: readonly Dependency[];
  readonly catalogue: Catalogue;
  readonly calibrations: Calibrations;
  readonly recommender: Recommender;
  /** One for each view. Nothing runs until somebody runs them. */
  readonly projectors: readonly ViewProjector[];
  /** One for each view, for events that a queue delivers. */
  shared(): readonly SharedView[];
  /** Folds the rows of a tenant again whenever another calibration comes into force, until the signal. Hears how many rows it were. */
  keepRenewed(signal: AbortSignal, renewed?: (rows: number) => void): Promise<void>;
  readonly gauges: readonly Gauge[];
  /** From now on each step of the work is told to it. */
  observe(steps: Steps): void;
  /** What opening the data found and did; null where nothing was opened for writing. */
  readonly opened: OpenReport | null;
  /** Why nothing can be appended now, or null. */
  whyNotWritable(): string | null;
  /** Why courses and calibrations that others publish do not arrive, or null. */
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
  /** For tenants that have activated none. */
  readonly calibration?: Calibration;
  /** Beside a process that holds the data: nothing can be appended. */
  readonly readOnly?: boolean;
}

/** What an engine rests on, and what differs between one machine and many. */
export interface EngineParts {
  readonly sources: Sources;
  readonly dependencies?: readonly Dependency[];
  /** The rows as readers get them, where that is not as they are. */
  readonly forReaders?: (views: ViewStore) => ViewStore;
  readonly projecting?: Pick<ProjectorOptions, 'writeAfterMs'>;
}

/** What others publish is followed again after so long. */
const FOLLOW_PAUSE_MS = 1_000;

/** Over sources that somebody else opens and closes: what tests use. */
export function engineOn(sources: Sources, calibration?: Calibration, projecting: Pick<ProjectorOptions, 'writeAfterMs'> = {}): Promise<Engine> {
  return engineOf({ sources, projecting }, calibration);
}

export async function engineOf({ sources: parts, dependencies = [], forReaders = (views) => views, projecting = {} }: EngineParts, calibration?: Calibration): Promise<Engine> {
  const steps = new StepsHeard();
  const { codec } = parts;
  const store = observedStore(parts.store, steps);
  const sources: Sources = { store, views: observedViews(forReaders(parts.views), steps), codec };
  const catalogue = new Catalogue(sources);
  const calibrations = new Calibrations(sources, calibration);
  const stopping = new AbortController();
  const stale = new Map<string, string>();
  const follow = async (what: string, source: Pick<Catalogue, 'follow'>, from: Position | null): Promise<void> => {
    for (let after = from; !stopping.signal.aborted; ) {
      try {
        await source.follow(after, stopping.signal, (position) => {
          after = position;
          stale.delete(what);
        });
      } catch (error) {
        stale.set(what, `${what} are not kept current: ${error instanceof Error ? error.message : String(error)}`);
        await pause(FOLLOW_PAUSE_MS, stopping.signal);
      }
    }
  };
  // Nothing is followed before all is open: what fails here leaves nothing running.
  const [coursesTo, calibrationsTo] = [await catalogue.open(), await calibrations.open()];
  const following = [follow('courses', catalogue, coursesTo), follow('calibrations', calibrations, calibrationsTo)];
  const activations = new Activations(calibrations);
  const recommender = new ObservedRecommender(steps, sources, catalogue, calibrations);
  // Not through the observed rows: reading a page of them for a projector is no request's step.
  const writing: Sources = { store, views: parts.views, codec };
  const options = <State>(projection: Projection<State>): ProjectorOptions => ({ ...projecting, around: (work) => steps.around('fold', { 'trellis.view': projection.name }, work) });
  const sharedOf = <State>(projection: Projection<State>): SharedView => new SharedProjector(writing, projection, options(projection).around);
  return {
    sources,
    views: parts.views,
    dependencies,
    catalogue,
    calibrations,
    recommender,
    projectors: [
      projectorOf(writing, recommender.learners, options(recommender.learners)),
      projectorOf(writing, courseView, options(courseView)),
      projectorOf(writing, classroomView, options(classroomView)),
      projectorOf(writing, calibrationView, options(calibrationView)),
    ],
    shared: () => [sharedOf(recommender.learners), sharedOf(courseView), sharedOf(classroomView), sharedOf(calibrationView)],
    keepRenewed: async (signal, renewed = () => undefined) => {
      for (; !signal.aborted; await activations.next(signal)) {
        for (let tenant = activations.take(); tenant !== undefined; tenant = activations.take()) {
          try {
            renewed(await renewRows(writing, recommender.learners, { prefix: rowKey(tenant, ''), signal }));
          } catch (error) {
            // Whoever calls again begins with it.
            activations.add(tenant);
            throw error;
          }
        }
      }
    },
    gauges: engineGauges(parts.store, parts.views, [recommender.learners.name, courseView.name, classroomView.name, calibrationView.name]),
    observe: (by) => void (steps.by = by),
    opened: null,
    whyNotWritable: () => null,
    whyNotCurrent: () => [...stale.values()][0] ?? null,
    // Whoever opened the sources hears what they have to say.
    hear: () => undefined,
    damagedPositions: () => 0,
    close: async () => {
      stopping.abort();
      await Promise.all(following);
    },
  };
}

function projectorOf<State>(sources: Sources, projection: Projection<State>, options: ProjectorOptions): ViewProjector {
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
