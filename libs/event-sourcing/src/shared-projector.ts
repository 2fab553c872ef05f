// Keeps rows that several processes write, from events that a queue delivers to each of them: perhaps more than once, with gaps, and
// in an order that holds within a stream at best. Who delivers may forget an event once `flush` has returned after it was taken.
import { StatesOf } from './projector-states.js';
import type { Projection, Sources } from './projection.js';
import type { Recorded } from './records.js';
import { RowFolding, type Around, type FoldingCounts } from './row-folding.js';

/** Switches of the live rows during one flush; each means that a rebuild has ended. */
const SWITCHES_MAX = 8;

export class SharedProjector<State> {
  private readonly folding: RowFolding<State>;
  private readonly states = new StatesOf<State>();
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly sources: Sources,
    private readonly projection: Projection<State>,
    around?: Around,
  ) {
    this.folding = new RowFolding(sources, projection, around);
  }

  get view(): string {
    return this.projection.name;
  }

  /** Whether this view folds the stream of the record. */
  takes({ stream }: Pick<Recorded, 'stream'>): boolean {
    return stream.startsWith(this.projection.prefix);
  }

  counts(): FoldingCounts {
    return { ...this.folding.counts };
  }

  /** So much waits to be written that `flush` is due. */
  get full(): boolean {
    return this.states.full;
  }

  /** Folds them into rows in memory. Rejects where a row could not be read or a gap not be filled: then deliver them again. */
  take(records: readonly Recorded[]): Promise<void> {
    return this.inTurn(async () => {
      await this.folding.fold({ name: this.projection.name }, this.states, records);
      this.states.trim();
    });
  }

  /** Writes what was taken into the rows that readers see when it resolves. `rest` is waited for between steps of it, where nothing hurries. */
  flush(rest?: () => Promise<void>): Promise<void> {
    return this.inTurn(async () => {
      const { views } = this.sources;
      const { name } = this.projection;
      const changed = this.states.toWrite();
      if (changed.length === 0) {
        // Rows that were read for repeats alone are let go of here.
        this.states.written(null);
        return;
      }
      for (let switched = 0; switched <= SWITCHES_MAX; switched++) {
        const generation = await views.liveGeneration(name);
        await this.folding.write({ name, generation }, changed, undefined, rest);
        if ((await views.liveGeneration(name)) === generation) {
          this.states.written(null);
          return;
        }
        // A rebuild has read the log up to its switch or a little further; these rows belong into its rows too.
        await views.drop({ name, generation });
      }
      throw new Error(`${name}: the live rows were switched ${SWITCHES_MAX + 1} times while rows were written`);
    });
  }

  private inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const done = this.last.then(work);
    // The caller sees the error; the next in turn does not.
    this.last = done.catch(() => undefined);
    return done;
  }
}
