// What is known of the end of each stream that was written lately: its revision, and the ids of its newest events. KurrentDB has no
// index of ids, so this is where a repeat is seen. It may be behind the server, never ahead of it.
import { EMPTY, type EventId, type Revision, type StreamName } from '@trellis/event-sourcing';
import { BusyError } from './errors.js';
import { KnownIds, type Known } from './known-ids.js';
import { KNOWN_IDS_MAX, LOOK_BACKS_PARALLEL_MAX, LOOK_BACKS_WAITING_MAX, PAGE_EVENTS_MAX, STREAM_IDS_MAX, TAIL_IDS } from './limits.js';
import type { Found } from './mapping.js';
import type { Pages } from './pages.js';
import type { Place } from './place.js';

export interface Tail {
  /** The revision of the newest event that is known, `EMPTY` for a stream without any. */
  readonly head: Revision;
  /** Every event from this revision on is among the ids. */
  readonly from: Revision;
  /** Of an id that is in the stream twice, the first. */
  readonly ids: Pick<KnownIds, 'get' | 'size'>;
  /** The place of the newest event, or a later one of the same append; null for a stream without any. */
  readonly covered: Place | null;
}

/** An event that is known to be in a stream. */
export type Written = readonly [EventId, Known];

interface Held {
  head: Revision;
  from: Revision;
  readonly ids: KnownIds;
  covered: Place | null;
  /** What it adds to the size of all tails. */
  counted: number;
}

/** Only the holder of a stream's lane may use its tail: it changes in place. */
export class Tails {
  /** The one that was used longest ago comes first. */
  private readonly tails = new Map<StreamName, Held>();
  private readonly lookBacks = new Slots(LOOK_BACKS_PARALLEL_MAX, LOOK_BACKS_WAITING_MAX);
  private size = 0;

  constructor(private readonly pages: Pages, private readonly sizeMax = KNOWN_IDS_MAX) {}

  /** The tail as it is known, with at least `depth` events if the stream has them; read only where it is not known. */
  async reach(stream: StreamName, depth: number): Promise<{ readonly tail: Tail; readonly isFresh: boolean }> {
    const held = this.tails.get(stream);
    if (held === undefined) return { tail: this.keep(stream, await this.before(stream, 'end', depth)), isFresh: true };
    const missing = Math.min(held.from, depth - held.ids.size);
    if (missing <= 0) return { tail: this.keep(stream, held), isFresh: false };
    const { from, ids } = await this.before(stream, held.from - 1, missing);
    ids.addAll(held.ids);
    return { tail: this.keep(stream, { ...held, from, ids }), isFresh: false };
  }

  /** The tail with everything that was appended until now. */
  async refresh(stream: StreamName, depth: number): Promise<Tail> {
    const held = this.tails.get(stream);
    if (held === undefined) return (await this.reach(stream, depth)).tail;
    for (;;) {
      const page = await this.pages.ofStream(stream, { from: held.head + 1, direction: 'forwards', count: PAGE_EVENTS_MAX });
      append(held, page.map(writtenOf), page.at(-1)?.place ?? null);
      if (page.length < PAGE_EVENTS_MAX) return this.keep(stream, held);
    }
  }

  /** Adds what was just written behind the head, up to a place. */
  add(stream: StreamName, written: readonly Written[], covered: Place): Tail {
    const held = this.tails.get(stream) ?? { head: EMPTY, from: written[0]?.[1].revision ?? 0, ids: new KnownIds(), covered: null, counted: 0 };
    append(held, written, covered);
    return this.keep(stream, held);
  }

  /** The same for what was written behind `head`, whatever is known of the tail: one that ends before it has a gap and begins anew. */
  addBehind(head: Revision, stream: StreamName, written: readonly Written[], covered: Place): void {
    if (this.tails.get(stream)?.head !== head) this.forget(stream);
    this.add(stream, written, covered);
  }

  forget(stream: StreamName): void {
    const held = this.tails.get(stream);
    if (held === undefined) return;
    this.tails.delete(stream);
    this.size -= held.counted;
  }

  /** `depth` events up to and including `last`. */
  private before(stream: StreamName, last: Revision | 'end', depth: number): Promise<Held> {
    return this.lookBacks.hold(async () => {
      const found: Written[] = [];
      let covered: Place | null = null;
      let first: Revision = 0;
      for (let from = last; found.length < depth; from = first - 1) {
        const count = Math.min(PAGE_EVENTS_MAX, depth - found.length);
        const page = await this.pages.ofStream(stream, { from, direction: 'backwards', count });
        covered ??= page[0]?.place ?? null;
        // Only what is known of them stays: the events themselves may be large.
        found.push(...page.map(writtenOf));
        first = found.at(-1)?.[1].revision ?? 0;
        if (page.length < count || first === 0) break;
      }
      const held: Held = { head: EMPTY, from: first, ids: new KnownIds(), covered: null, counted: 0 };
      append(held, found.reverse(), covered);
      return held;
    });
  }

  private keep(stream: StreamName, held: Held): Tail {
    this.forget(stream);
    // Not at every append, and never so many that a look back would have to read them again.
    if (held.ids.size > STREAM_IDS_MAX * 1.25) held.from = held.ids.dropOldest(held.ids.size - STREAM_IDS_MAX);
    held.counted = TAIL_IDS + held.ids.size;
    this.tails.set(stream, held);
    this.size += held.counted;
    for (const oldest of this.tails.keys()) {
      if (this.size <= this.sizeMax || oldest === stream) break;
      this.forget(oldest);
    }
    return held;
  }
}

function append(held: Held, events: readonly Written[], covered: Place | null): void {
  held.ids.reserve(held.ids.size + events.length);
  for (const [id, known] of events) held.ids.add(id, known);
  held.head = events.at(-1)?.[1].revision ?? held.head;
  held.covered = covered ?? held.covered;
}

function writtenOf({ record: { id, revision, digest }, tag }: Found): Written {
  return [id, { revision, digest, tag }];
}

/** A few at a time; the rest wait in the order in which they came, up to so many. */
class Slots {
  private readonly line: (() => void)[] = [];
  private taken = 0;

  constructor(private readonly parallelMax: number, private readonly waitingMax: number) {}

  async hold<T>(work: () => Promise<T>): Promise<T> {
    if (this.taken < this.parallelMax) this.taken++;
    else {
      if (this.line.length >= this.waitingMax) throw new BusyError(`${this.line.length} streams wait to be read already`);
      // Whoever leaves hands its slot over.
      await new Promise<void>((go) => this.line.push(go));
    }
    try {
      return await work();
    } finally {
      const next = this.line.shift();
      if (next === undefined) this.taken--;
      else next();
    }
  }
}
