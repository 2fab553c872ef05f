// Keeps the rows of one projection close behind the log. Checkpoints, redelivery, gaps, late events and rebuilds live
// here and nowhere else. Rows lag without harm: whoever must be fresh folds the tail (`load`).
import { Due } from './due.js';
import type { FollowedPage } from './event-store.js';
import { foldRanges, type FoldedRows } from './fold-ranges.js';
import { rowOf, type Projection, type Sources } from './projection.js';
import type { Position } from './records.js';
import { StatesOf } from './projector-states.js';
import { RowFolding, type Around, type FoldingCounts } from './row-folding.js';
import type { View } from './view-store.js';

export interface ProjectorOptions {
  /** Waits at most so many milliseconds, less once the signal is given. */
  readonly pause?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** How long changed rows may wait for more events to share their writing. */
  readonly writeAfterMs?: number;
  readonly around?: Around;
}

export interface ProjectorStatus extends FoldingCounts {
  /** Everything up to here is in the rows. */
  readonly position: Position | null;
  readonly caughtUp: boolean;
}

/** At the end of the log: events of the next moments are folded together. */
const LINGER_MS = 50;
/**
 * Changed rows are written so long after the first of them changed. A row is hundreds of times larger than an event, and a
 * reader folds the few events that it lacks faster than a row is written for each.
 */
const WRITE_AFTER_MS = 2_000;
/** Between two steps of writing rows that nothing hurries: what learners wait for comes first. */
const REST_MS = 5;
/** Pages without an event for these rows after which the checkpoint alone is written: it costs a commit, and is read at a start. */
const PAGES_BETWEEN_CHECKPOINTS = 256;

export class Projector<State> {
  private readonly folding: RowFolding<State>;
  private position: Position | null = null;
  private caughtUp = false;

  constructor(
    private readonly sources: Sources,
    private readonly projection: Projection<State>,
    private readonly options: ProjectorOptions = {},
  ) {
    this.folding = new RowFolding(sources, projection, options.around);
  }

  status(): ProjectorStatus {
    return { position: this.position, caughtUp: this.caughtUp, ...this.folding.counts };
  }

  /** Follows the log into the live rows until the signal. Begins again at the new rows when a rebuild has switched. */
  async run(signal: AbortSignal): Promise<void> {
    const { name } = this.projection;
    while (!signal.aborted) {
      const generation = await this.sources.views.liveGeneration(name);
      const { pause } = this.options;
      const goOn: Pass['goOn'] = async ({ caughtUp }) => {
        if (caughtUp) await pause?.(LINGER_MS, signal);
        return (await this.sources.views.liveGeneration(name)) === generation ? 'go on' : 'abandon';
      };
      await this.into({ name, generation }, signal, pause === undefined ? { goOn } : { goOn, pause });
      // What was written there between the switch and its discovery is read by nobody.
      if ((await this.sources.views.liveGeneration(name)) !== generation) await this.sources.views.drop({ name, generation });
    }
  }

  /** Brings the live rows up to what is durable now. */
  async catchUp(signal: AbortSignal): Promise<void> {
    const { name } = this.projection;
    const generation = await this.sources.views.liveGeneration(name);
    await this.into({ name, generation }, signal, { goOn: untilCaughtUp });
  }

  /** Folds the log from its first event beside the live rows, then switches readers to the result. */
  async rebuild(signal: AbortSignal): Promise<void> {
    const { views } = this.sources;
    const { name } = this.projection;
    const generation = await views.nextGeneration(name);
    // What a rebuild that was broken off has left there.
    await views.drop({ name, generation });
    try {
      await this.into({ name, generation }, signal, { goOn: untilCaughtUp });
    } catch (error) {
      // Its rows are of no use, and may be what fills the store. Why they could not be made matters more than what is left of them.
      await views.drop({ name, generation }).catch(() => undefined);
      throw error;
    }
    if (signal.aborted) return views.drop({ name, generation });
    if (!(await views.activate(name, generation))) return;
    // Until the switch others wrote what came meanwhile into the old rows; from it on they write into these.
    await this.catchUp(signal);
  }

  /** All rows as of the end of the log, where there are none to go on with. */
  private async foldAll(view: View, signal: AbortSignal): Promise<void> {
    const { store, views } = this.sources;
    // What comes later may be in some rows and not in others: guards sort that out when it is followed from here.
    const end = await store.head();
    const folded = (events: number): void => void (this.folding.counts.events += events);
    const write = async (rows: FoldedRows<State>, checkpoint: readonly Position[]): Promise<void> => {
      await views.write(view, rows.map(([key, loaded]) => ({ key, row: rowOf(this.projection, loaded) })), ...checkpoint);
      this.folding.counts.rowsWritten += rows.length;
    };
    // The checkpoint comes with the last rows: what it covers must be in them.
    let waiting: FoldedRows<State> = [];
    for await (const rows of foldRanges(this.sources, this.projection, { signal, folded })) {
      if (waiting.length > 0) await write(waiting, []);
      waiting = rows;
    }
    if (end !== null && !signal.aborted) await write(waiting, [end]);
  }

  /** Folds pages into one generation of rows until `goOn` ends it or the signal is given; what waits is written then. */
  private async into(view: View, signal: AbortSignal, { goOn, pause }: Pass): Promise<void> {
    const { store, views } = this.sources;
    const states = new StatesOf<State>();
    if ((await views.checkpoint(view)) === null) await this.foldAll(view, signal);
    states.position = this.position = await views.checkpoint(view);
    const ended = new AbortController();
    const end = (): void => ended.abort();
    signal.addEventListener('abort', end, { once: true });
    if (signal.aborted) end();
    const pages = store.follow({ after: states.position, signal: ended.signal, prefix: this.projection.prefix })[Symbol.asyncIterator]();
    try {
      const due = new Due();
      for (let next = pages.next(); ; ) {
        const page = await due.or(next);
        if (page === 'due') {
          await this.write(view, states, pause && (() => pause(REST_MS, ended.signal)));
          continue;
        }
        if (page.done === true) break;
        await this.foldPage(view, states, page.value);
        // With nothing to wait for, rows are written as soon as nothing is left to fold.
        if (pause === undefined && page.value.caughtUp) await this.write(view, states);
        const then = await goOn(page.value);
        if (then === 'abandon') return;
        if (then === 'finish') break;
        if (states.waiting && pause !== undefined && !due.isSet) due.after(pause(this.options.writeAfterMs ?? WRITE_AFTER_MS, ended.signal));
        next = pages.next();
      }
      await this.write(view, states);
    } finally {
      signal.removeEventListener('abort', end);
      end();
      await pages.return?.();
    }
  }

  private async foldPage(view: View, states: StatesOf<State>, page: FollowedPage): Promise<void> {
    await this.folding.fold(view, states, page.records);
    states.pages++;
    states.seen = page.position;
    this.caughtUp = page.caughtUp;
    if (states.full || (!states.waiting && states.pages >= PAGES_BETWEEN_CHECKPOINTS)) await this.write(view, states);
    if (!states.waiting) this.position = states.seen;
  }

  private async write(view: View, states: StatesOf<State>, rest?: () => Promise<void>): Promise<void> {
    const position = states.seen;
    if (position === null || position === states.position) return;
    await this.folding.write(view, states.toWrite(), position, rest);
    states.written(position);
    this.position = position;
  }
}

function untilCaughtUp({ caughtUp }: FollowedPage): Promise<'go on' | 'finish'> {
  return Promise.resolve(caughtUp ? 'finish' : 'go on');
}

interface Pass {
  readonly goOn: (page: FollowedPage) => Promise<'go on' | 'finish' | 'abandon'>;
  /** To let changed rows wait in; without it they are written when the log ends. */
  readonly pause?: NonNullable<ProjectorOptions['pause']>;
}
