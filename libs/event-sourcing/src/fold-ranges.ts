// Every stream folded from its first event, in the order of the names, in bounded memory: the log is read once for each range of
// names whose states fit. Folding a log in its own order would write a row for nearly every event where many streams take turns.
import type { EventCodec } from './event-codec.js';
import type { EventStore } from './event-store.js';
import { keyOf, refold, type Loaded, type Projection } from './projection.js';
import { EMPTY, type Recorded, type StreamName } from './records.js';

export interface Folding {
  readonly signal: AbortSignal;
  /** How much the states of one range may hold, counted as the bytes of their rows; as states they take about five times as much. */
  readonly bytesMax?: number;
  /** Hears of each page how many events more are in the states of its range; fewer where the range was drawn nearer. */
  readonly folded?: (events: number) => void;
}

const RANGE_BYTES = 32 * 1024 * 1024;
/** What a state takes beside its events, and what an event adds to it. */
const STATE_BYTES = 512;
const EVENT_BYTES = 32;

/** A range is planned to be so full: where it turns out fuller than that, part of it was folded in vain. */
const RANGE_FILL = 0.85;
const SAMPLED_MAX = 4_096;

const PAGE_ROWS = 512;

export type FoldedRows<State> = readonly (readonly [key: string, loaded: Loaded<State>])[];

/** Pages in the order of the keys. Ends early once the signal is given. Each state holds what was durable when its range was read. */
export async function* foldRanges<State>(
  sources: { readonly store: EventStore; readonly codec: EventCodec },
  projection: Projection<State>,
  { signal, bytesMax = RANGE_BYTES, folded }: Folding,
): AsyncGenerator<FoldedRows<State>> {
  let sample: Sample | null = new Sample();
  let seen: Sample | null = null;
  for (let from: string | null = ''; from !== null; ) {
    const before: string | null = seen?.boundary(from, bytesMax) ?? null;
    const range: Range<State> = new Range(sources.codec, projection, { from, before, bytesMax, sample });
    for await (const page of sources.store.readAll({ prefix: projection.prefix })) {
      const events = range.take(page);
      folded?.(events);
      if (signal.aborted) return;
    }
    const names = range.names();
    for (let at = 0; at < names.length; at += PAGE_ROWS) {
      const rows: (readonly [string, Loaded<State>])[] = [];
      for (const stream of names.slice(at, at + PAGE_ROWS)) {
        const key = keyOf(projection, { stream });
        const { state, revision, isLate } = range.stateOf(stream);
        rows.push([key, { revision, state: isLate ? await refold(sources, projection, key, revision) : state }]);
        if (signal.aborted) return;
      }
      yield rows;
    }
    from = range.before;
    // The first range has seen every name pass by.
    seen ??= sample;
    sample = null;
  }
}

interface Folded<State> extends Loaded<State> {
  /** The stream must be folded again as a whole, in the order of what happened. */
  readonly isLate: boolean;
  readonly events: number;
}

/** The streams from a name on, up to one that it draws nearer whenever the states grow too large. */
class Range<State> {
  /** Names from here on are left to the next range; null: there are none. */
  before: string | null;
  private readonly states = new Map<StreamName, { -readonly [Member in keyof Folded<State>]: Folded<State>[Member] }>();
  private events = 0;

  constructor(
    private readonly codec: EventCodec,
    private readonly projection: Projection<State>,
    private readonly limits: { readonly from: string; readonly before: string | null; readonly bytesMax: number; readonly sample: Sample | null },
  ) {
    this.before = limits.before;
  }

  /** Folds those of the records that are in the range; answers how many events more its states hold. */
  take(records: readonly Recorded[]): number {
    const before = this.events;
    const { sample } = this.limits;
    for (const record of records) {
      const { stream } = record;
      sample?.add(stream);
      if (stream < this.limits.from || (this.before !== null && stream >= this.before)) continue;
      let folded = this.states.get(stream);
      if (folded === undefined) {
        folded = { state: this.projection.initial(keyOf(this.projection, record)), revision: EMPTY, isLate: false, events: 0 };
        this.states.set(stream, folded);
      }
      folded.revision = record.revision;
      folded.events++;
      this.events++;
      if (!folded.isLate) this.fold(folded, record);
      if (STATE_BYTES * this.states.size + EVENT_BYTES * this.events > this.limits.bytesMax) this.narrow();
    }
    return this.events - before;
  }

  names(): readonly StreamName[] {
    return [...this.states.keys()].sort(inOrder);
  }

  stateOf(stream: StreamName): Folded<State> {
    const folded = this.states.get(stream);
    if (folded === undefined) throw new Error(`${stream} is not in this range`);
    return folded;
  }

  private fold(folded: { state: State; isLate: boolean }, record: Recorded): void {
    const event = this.codec.decode(record, this.projection.reads);
    if (event === null) return;
    const next = this.projection.fold(folded.state, event);
    if (next === 'late') folded.isLate = true;
    else folded.state = next;
  }

  /** Leaves the upper half of the names to the next range. One stream alone is folded however long it is. */
  private narrow(): void {
    const names = this.names();
    const before = names[Math.ceil(names.length / 2)];
    if (before === undefined || names.length < 2) return;
    this.before = before;
    for (const name of names.slice(Math.ceil(names.length / 2))) {
      this.events -= this.states.get(name)?.events ?? 0;
      this.states.delete(name);
    }
  }
}

/** Of a part of the names, how often each was seen: enough to tell where ranges should end before they are folded. */
class Sample {
  private readonly counts = new Map<string, number>();
  /** One of so many names is in it: a power of two. */
  private of = 1;

  add(name: string): void {
    if ((hashOf(name) & (this.of - 1)) !== 0) return;
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    while (this.counts.size > SAMPLED_MAX) {
      this.of *= 2;
      for (const known of this.counts.keys()) if ((hashOf(known) & (this.of - 1)) !== 0) this.counts.delete(known);
    }
  }

  /** Where a range that begins at `from` should end; null: it may have all that is left. */
  boundary(from: string, bytesMax: number): string | null {
    let bytes = 0;
    for (const [name, count] of [...this.counts].filter(([known]) => known >= from).sort(([one], [other]) => inOrder(one, other))) {
      // A range has at least one name in it, however much that is.
      if (bytes > RANGE_FILL * bytesMax && name > from) return name;
      bytes += this.of * (STATE_BYTES + EVENT_BYTES * count);
    }
    return null;
  }
}

/** FNV-1a (Fowler, Noll, Vo), over UTF-16 units, with its bits mixed. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let n = 0; n < text.length; n++) hash = Math.imul(hash ^ text.charCodeAt(n), 0x01000193);
  return (hash ^ (hash >>> 15)) >>> 0;
}

function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
