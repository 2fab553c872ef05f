// Every learner of an archive folded whole, one after another: the same rows as `foldRanges` makes of the log.
import { setImmediate as turn } from 'node:timers/promises';
import { EMPTY, streamOf, type Envelope, type EventCodec, type FoldedRows, type Loaded, type Projection, type Revision, type StreamName } from '@trellis/event-sourcing';
import type { Archive } from './archive.js';
import { ArchivedEvents } from './archived-events.js';
import { PAGE_ROWS } from './limits.js';

export interface ArchiveFolding {
  readonly signal: AbortSignal;
  /** Hears of each batch how many events more are folded. */
  readonly folded?: (events: number) => void;
}

/** Pages in the order of the keys. Ends early once the signal is given. */
export async function* foldArchive<State>(archive: Archive, codec: EventCodec, projection: Projection<State>, { signal, folded }: ArchiveFolding): AsyncGenerator<FoldedRows<State>> {
  const learners = new Learners(archive, codec, projection);
  for (let batch = 0; batch < archive.batches.length; batch++) {
    // So that whoever wants it to end is heard.
    await turn();
    if (signal.aborted) return;
    learners.take(batch);
    folded?.(archive.batches[batch]?.rows ?? 0);
    while (learners.done.length >= PAGE_ROWS) yield learners.done.splice(0, PAGE_ROWS);
  }
  learners.end();
  if (learners.done.length > 0) yield learners.done;
}

interface Learner<State> {
  readonly key: string;
  readonly stream: StreamName;
  /** Their first row. */
  readonly batch: number;
  readonly row: number;
  readonly tenantNumber: number;
  readonly learnerNumber: number;
  state: State;
  revision: Revision;
  events: number;
  isLate: boolean;
}

/** The rows of a learner lie together, perhaps in several batches. */
class Learners<State> {
  readonly done: (readonly [key: string, loaded: Loaded<State>])[] = [];
  private readonly events: ArchivedEvents;
  /** For those whose events must be read again: in the order of the stream. */
  private again: ArchivedEvents | null = null;
  private againBatch = -1;
  private current: Learner<State> | null = null;

  constructor(
    private readonly archive: Archive,
    private readonly codec: EventCodec,
    private readonly projection: Projection<State>,
  ) {
    this.events = new ArchivedEvents(archive, codec, projection.reads);
  }

  take(batch: number): void {
    const { events, projection } = this;
    const rows = events.load(batch);
    const { tenants, learners } = events.owners;
    let learner = this.current;
    for (let row = 0; row < rows; row++) {
      const [tenantNumber, learnerNumber] = [tenants[row] as number, learners[row] as number];
      if (learner === null || learner.learnerNumber !== learnerNumber || learner.tenantNumber !== tenantNumber) {
        this.end();
        learner = this.begin({ batch, row, tenantNumber, learnerNumber });
      }
      const revision = events.revisionAt(row);
      if (revision > learner.revision) learner.revision = revision;
      learner.events++;
      if (learner.isLate) continue;
      const event = events.at(row, learner.stream);
      if (event === null) continue;
      const next = projection.fold(learner.state, event);
      if (next === 'late') learner.isLate = true;
      else learner.state = next;
    }
  }

  /** Of the learner whose rows came last. */
  end(): void {
    const learner = this.current;
    if (learner === null) return;
    this.current = null;
    const { key, revision, state, isLate } = learner;
    this.done.push([key, { revision, state: isLate ? this.projection.refold(key, this.inStreamOrder(learner)) : state }]);
  }

  private begin(at: Pick<Learner<State>, 'batch' | 'row' | 'tenantNumber' | 'learnerNumber'>): Learner<State> {
    const key = this.events.keyAt(at.row);
    return (this.current = { ...at, key, stream: streamOf(this.projection, key), state: this.projection.initial(key), revision: EMPTY, events: 0, isLate: false });
  }

  private inStreamOrder({ batch, row, events: count, stream }: Learner<State>): readonly Envelope[] {
    this.again ??= new ArchivedEvents(this.archive, this.codec, this.projection.reads);
    const events: Envelope[] = [];
    let [at, nth] = [batch, row];
    for (let left = count; left > 0; left--, nth++) {
      const rows = this.archive.batches[at]?.rows ?? 0;
      if (nth === rows) [at, nth] = [at + 1, 0];
      if (at !== this.againBatch) this.again.load(at);
      this.againBatch = at;
      const event = this.again.keptAt(nth, stream);
      if (event !== null) events.push(event);
    }
    return events.sort((one, other) => one.revision - other.revision);
  }
}
