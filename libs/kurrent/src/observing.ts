// `appendObservations`: facts of many streams, each effective once per id. What the end of a stream holds already is told apart first;
// the rest is appended behind exactly that end, many streams at once where the server can, one by one otherwise.
import type { Observation, Outcome, Outgoing, Recording, StreamName } from '@trellis/event-sourcing';
import { knownFrom, newTag, Patience, type Writers } from './appending.js';
import { OBSERVATION_LOOK_BACK_EVENTS, PART_BYTES, PART_EVENTS_MAX, PART_STREAMS_MAX, PARTS_PARALLEL_MAX, STREAMS_PARALLEL_MAX } from './limits.js';
import { bytesOf, refuseTooLarge } from './mapping.js';
import { later, positionOf, type Place } from './place.js';
import type { Tail } from './tails.js';
import { eachOf } from './waiting.js';
import type { Part } from './writes.js';

/** What one stream of a batch still has to do. */
interface Share {
  readonly stream: StreamName;
  /** Where its facts stand in the batch. */
  undecided: readonly number[];
  /** The digest that counts for each id of the batch that is in the stream now, and where the batch has it first. */
  readonly decided: Map<string, string>;
}

interface Batch {
  readonly facts: readonly Observation[];
  readonly tag: string;
  readonly outcomes: Outcome[];
  newest: Place | null;
}

export class Observations {
  /** Until a server said that it cannot. */
  private canAppendMany = true;

  constructor(private readonly writers: Writers) {}

  async append(facts: readonly Observation[]): Promise<Recording> {
    for (const { event } of facts) refuseTooLarge(event);
    const batch: Batch = { facts, tag: newTag(), outcomes: [], newest: null };
    await eachOf(partsOf(sharesOf(facts), facts), PARTS_PARALLEL_MAX, (shares) =>
      this.writers.lanes.hold(shares.map(({ stream }) => stream), () => this.decide(shares, batch)));
    const newest = batch.newest ?? (await this.writers.pages.newest(this.writers.pages.names.prefixes()))?.place ?? null;
    return { outcomes: batch.outcomes, position: newest === null ? null : positionOf(newest) };
  }

  private async decide(shares: readonly Share[], batch: Batch): Promise<void> {
    const { tails } = this.writers;
    const heads = new Map<StreamName, Tail>();
    await eachOf(shares, STREAMS_PARALLEL_MAX, async ({ stream }) => void heads.set(stream, (await tails.reach(stream, OBSERVATION_LOOK_BACK_EVENTS)).tail));
    const isUnsure = shares.length > 1 && this.canAppendMany && !(await this.together(shares, batch, heads));
    await eachOf(shares, STREAMS_PARALLEL_MAX, (share) => this.alone(share, batch, isUnsure));
  }

  /** One append for all of them. False if the tails may be behind afterwards: then it is settled stream by stream. */
  private async together(shares: readonly Share[], batch: Batch, heads: ReadonlyMap<StreamName, Tail>): Promise<boolean> {
    const parts = shares.flatMap((share): (Part & { readonly share: Share })[] => {
      const tail = heads.get(share.stream);
      const events = tail === undefined ? [] : missing(share, batch, tail);
      return tail === undefined || events.length === 0 ? [] : [{ stream: share.stream, events, expected: tail.head, share }];
    });
    if (parts.length < 2) return true;
    const tried = await this.writers.writes.many(parts, batch.tag);
    if (tried.kind === 'unsupported') this.canAppendMany = false;
    if (tried.kind !== 'written' || tried.place === null) return tried.kind === 'unsupported';
    for (const { events, expected, share } of parts) this.written(share, batch, events, expected, tried.place);
    return true;
  }

  private async alone(share: Share, batch: Batch, isUnsure: boolean): Promise<void> {
    const { tails, writes } = this.writers;
    const { stream } = share;
    const patience = new Patience(stream, this.writers.closed);
    if (share.undecided.length === 0) return;
    // What may have been written without an answer is looked for before it is sent again.
    let tail = isUnsure ? await tails.refresh(stream, OBSERVATION_LOOK_BACK_EVENTS) : (await tails.reach(stream, OBSERVATION_LOOK_BACK_EVENTS)).tail;
    for (;;) {
      const events = slice(missing(share, batch, tail));
      if (events.length === 0) return;
      const { head } = tail;
      const tried = await writes.one({ stream, events, expected: head }, batch.tag);
      if (tried.kind === 'written' && tried.place !== null) {
        tail = this.written(share, batch, events, head, tried.place);
        continue;
      }
      // Written without a place is read back like what got no answer.
      if (tried.kind !== 'written') await patience.after(tried);
      tail = await patience.asked(() => tails.refresh(stream, OBSERVATION_LOOK_BACK_EVENTS));
    }
  }

  private written(share: Share, batch: Batch, events: readonly Outgoing[], head: number, place: Place): Tail {
    const tail = this.writers.tails.add(share.stream, knownFrom(head, events, batch.tag), place);
    missing(share, batch, tail);
    return tail;
  }
}

/** Decides what the tail tells of, and gives the events that the stream does not have yet. */
function missing(share: Share, batch: Batch, tail: Tail): Outgoing[] {
  const fresh = new Map<string, Outgoing>();
  const undecided: number[] = [];
  for (const index of share.undecided) {
    // The indexes of a share are those of its facts.
    const { event } = batch.facts[index] as Observation;
    const known = tail.ids.get(event.id);
    const digest = share.decided.get(event.id) ?? known?.digest;
    if (digest === undefined) {
      undecided.push(index);
      if (!fresh.has(event.id)) fresh.set(event.id, event);
      continue;
    }
    // Written by this batch: its first fact with the id is the one that was taken.
    const isTaken = known?.tag === batch.tag && !share.decided.has(event.id);
    batch.outcomes[index] = isTaken ? 'accepted' : digest === event.digest ? 'duplicate' : 'contradiction';
    if (known !== undefined) batch.newest = later(batch.newest, tail.covered);
    share.decided.set(event.id, digest);
  }
  share.undecided = undecided;
  return [...fresh.values()];
}

function sharesOf(facts: readonly Observation[]): Share[] {
  const indexes = new Map<StreamName, number[]>();
  for (const [index, { stream }] of facts.entries()) {
    const own = indexes.get(stream);
    if (own === undefined) indexes.set(stream, [index]);
    else own.push(index);
  }
  return [...indexes].map(([stream, undecided]) => ({ stream, undecided, decided: new Map() }));
}

/** Streams that fit into one append together; one that does not fit into any is alone. */
function partsOf(shares: readonly Share[], facts: readonly Observation[]): Share[][] {
  const parts: Share[][] = [];
  let bytes = Infinity;
  let events = 0;
  for (const share of shares) {
    const own = share.undecided.reduce((sum, index) => sum + bytesOf((facts[index] as Observation).event), 0); // an index of these facts
    const part = parts.at(-1);
    if (part === undefined || part.length >= PART_STREAMS_MAX || bytes + own > PART_BYTES || events + share.undecided.length > PART_EVENTS_MAX) {
      parts.push([share]);
      bytes = own;
      events = share.undecided.length;
    } else {
      part.push(share);
      bytes += own;
      events += share.undecided.length;
    }
  }
  return parts;
}

/** As many from the front as one append carries, at least one. */
function slice(events: readonly Outgoing[]): readonly Outgoing[] {
  let bytes = 0;
  const end = events.findIndex((event, index) => {
    bytes += bytesOf(event);
    return index >= PART_EVENTS_MAX || (index > 0 && bytes > PART_BYTES);
  });
  return end < 0 ? events : events.slice(0, end);
}
