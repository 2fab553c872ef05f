// What is known of the end of each stream that was written lately: its revision, and the ids of its newest events. KurrentDB has no
// index of ids, so this is where a repeat is seen. It may be behind the server, never ahead of it.
import { EMPTY, type EventId, type Revision, type StreamName } from '@trellis/event-sourcing';
import { KNOWN_IDS_MAX, OBSERVATION_LOOK_BACK_EVENTS, PAGE_EVENTS_MAX } from './limits.js';
import type { Found } from './mapping.js';
import type { Pages } from './pages.js';
import type { Place } from './place.js';

export interface Known {
  readonly revision: Revision;
  readonly digest: string;
  /** Which append wrote it. */
  readonly tag: string;
  /** Its own place, or a later one of the same append. */
  readonly covered: Place;
}

export interface Tail {
  /** The revision of the newest event that is known, `EMPTY` for a stream without any. */
  readonly head: Revision;
  /** Every event from this revision on is among the ids. */
  readonly from: Revision;
  /** The oldest first. Of an id that is in the stream twice, the first. */
  readonly ids: ReadonlyMap<EventId, Known>;
}

interface Held {
  head: Revision;
  /** Every event from this revision on is among the ids. */
  from: Revision;
  readonly ids: Map<EventId, Known>;
  /** What it adds to the size of all tails. */
  counted: number;
}

/** Only the holder of a stream's lane may use its tail: it changes in place. */
export class Tails {
  /** The one that was used longest ago comes first. */
  private readonly tails = new Map<StreamName, Held>();
  private size = 0;

  constructor(private readonly pages: Pages, private readonly sizeMax = KNOWN_IDS_MAX) {}

  /** The tail as it is known, with at least `depth` events if the stream has them; read only where it is not known. */
  async reach(stream: StreamName, depth: number): Promise<{ readonly tail: Tail; readonly isFresh: boolean }> {
    const held = this.tails.get(stream);
    if (held === undefined) return { tail: this.keep(stream, await this.before(stream, 'end', depth)), isFresh: true };
    const missing = Math.min(held.from, depth - held.ids.size);
    if (missing <= 0) return { tail: this.keep(stream, held), isFresh: false };
    const older = await this.before(stream, held.from - 1, missing);
    append(older, [...held.ids]);
    older.head = held.head;
    return { tail: this.keep(stream, older), isFresh: false };
  }

  /** The tail with everything that was appended until now. */
  async refresh(stream: StreamName, depth: number): Promise<Tail> {
    const held = this.tails.get(stream);
    if (held === undefined) return (await this.reach(stream, depth)).tail;
    for (;;) {
      const page = await this.pages.ofStream(stream, { from: held.head + 1, direction: 'forwards', count: PAGE_EVENTS_MAX });
      append(held, page.map(knownOf));
      if (page.length < PAGE_EVENTS_MAX) return this.keep(stream, held);
    }
  }

  /** Adds what was just written behind the head. */
  add(stream: StreamName, written: readonly (readonly [EventId, Known])[]): Tail {
    const held = this.tails.get(stream) ?? { head: EMPTY, from: written[0]?.[1].revision ?? 0, ids: new Map(), counted: 0 };
    append(held, written);
    return this.keep(stream, held);
  }

  /** The same for what was written behind `head`, whatever is known of the tail: one that ends before it has a gap and begins anew. */
  addBehind(head: Revision, stream: StreamName, written: readonly (readonly [EventId, Known])[]): void {
    if (this.tails.get(stream)?.head !== head) this.forget(stream);
    this.add(stream, written);
  }

  forget(stream: StreamName): void {
    const held = this.tails.get(stream);
    if (held === undefined) return;
    this.tails.delete(stream);
    this.size -= held.counted;
  }

  /** `depth` events up to and including `last`. */
  private async before(stream: StreamName, last: Revision | 'end', depth: number): Promise<Held> {
    const found: (readonly [EventId, Known])[] = [];
    let first: Revision = 0;
    for (let from = last; found.length < depth; from = first - 1) {
      const count = Math.min(PAGE_EVENTS_MAX, depth - found.length);
      const page = await this.pages.ofStream(stream, { from, direction: 'backwards', count });
      // Only what is known of them stays: the events themselves may be large.
      found.push(...page.map(knownOf));
      first = found.at(-1)?.[1].revision ?? 0;
      if (page.length < count || first === 0) break;
    }
    const held: Held = { head: EMPTY, from: first, ids: new Map(), counted: 0 };
    append(held, found.reverse());
    return held;
  }

  private keep(stream: StreamName, held: Held): Tail {
    this.forget(stream);
    if (held.ids.size > OBSERVATION_LOOK_BACK_EVENTS) dropOldest(held);
    held.counted = 1 + held.ids.size;
    this.tails.set(stream, held);
    this.size += held.counted;
    for (const oldest of this.tails.keys()) {
      if (this.size <= this.sizeMax || oldest === stream) break;
      this.forget(oldest);
    }
    return held;
  }
}

function append(held: Held, events: readonly (readonly [EventId, Known])[]): void {
  for (const [id, known] of events) if (!held.ids.has(id)) held.ids.set(id, known);
  held.head = events.at(-1)?.[1].revision ?? held.head;
}

function knownOf({ record, tag, place }: Found): readonly [EventId, Known] {
  return [record.id, { revision: record.revision, digest: record.digest, tag, covered: place }];
}

/** A quarter more than needed, so that it does not happen at every append. */
function dropOldest(held: Held): void {
  let excess = held.ids.size - Math.floor((OBSERVATION_LOOK_BACK_EVENTS * 3) / 4);
  for (const [id, { revision }] of held.ids) {
    held.from = revision;
    if (excess-- <= 0) return;
    held.ids.delete(id);
  }
}
