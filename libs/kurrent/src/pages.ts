// Pages of streams and of the log. Every read asks the leader: what is decided on must rest on every acknowledged event.
import { BACKWARDS, END, FORWARDS, START, streamNameFilter, type RecordedEvent } from '@kurrent/kurrentdb-client';
import type { Recorded, Revision, StreamName } from '@trellis/event-sourcing';
import type { Connection } from './connection.js';
import { ForeignEventError, typeOf } from './errors.js';
import { PAGE_EVENTS_MAX } from './limits.js';
import { foundIn, type Found } from './mapping.js';
import { isAfter, type Place } from './place.js';
import type { StreamNames } from './stream-names.js';

export interface StreamRange {
  readonly from: Revision | 'end';
  readonly direction: typeof FORWARDS | typeof BACKWARDS;
  readonly count: number;
}

export class Pages {
  constructor(private readonly connection: Connection, readonly names: StreamNames) {}

  /** Up to `count` events of one stream; none if it does not exist. */
  async ofStream(stream: StreamName, { from, direction, count }: StreamRange): Promise<readonly Found[]> {
    const name = this.names.inside(stream);
    const events = await this.connection.reading(`reading ${stream}`, async (client) => {
      const options = { direction, fromRevision: from === 'end' ? END : BigInt(from), maxCount: count, requiresLeader: true } as const;
      try {
        return await collected(client.readStream(name, options));
      } catch (error) {
        if (typeOf(error) === 'stream-not-found') return [];
        throw error;
      }
    });
    return events.map((event) => {
      const found = foundIn(event, this.names);
      if (found === null) throw new ForeignEventError(stream, event.revision);
      return found;
    });
  }

  async *read(stream: StreamName, { from = 0, to = Infinity }: { readonly from?: Revision; readonly to?: Revision }): AsyncGenerator<readonly Recorded[]> {
    for (let at = Math.max(0, from); at <= to; ) {
      const count = Math.min(PAGE_EVENTS_MAX, to - at + 1);
      const page = await this.ofStream(stream, { from: at, direction: FORWARDS, count });
      if (page.length > 0) yield page.map(({ record }) => record);
      if (page.length < count) return;
      at += page.length;
    }
  }

  /** The newest event of ours whose stream has one of the prefixes. */
  async newest(prefixes: readonly string[]): Promise<Found | null> {
    if (prefixes.length === 0) return null;
    for (let from: Place | typeof END = END; ; ) {
      const events: readonly RecordedEvent[] = await this.ofLog(prefixes, { from, direction: BACKWARDS, count: 1 });
      const event = events[0];
      if (event?.position === undefined) return null;
      const found = foundIn(event, this.names);
      if (found !== null) return found;
      // Somebody else's event in a stream that is named like ours: look before it.
      from = event.position;
    }
  }

  /** Pages behind `after` up to and including `to`. */
  async *between(after: Place | null, to: Place, prefixes: readonly string[]): AsyncGenerator<readonly Found[]> {
    for (let at = after; at === null || isAfter(to, at); ) {
      const start = at;
      const events: readonly RecordedEvent[] = await this.ofLog(prefixes, { from: start ?? START, direction: FORWARDS, count: PAGE_EVENTS_MAX });
      // KurrentDB begins with the event at the position itself, which was read before.
      const page = events.flatMap((event) => foundIn(event, this.names) ?? []).filter(({ place }) => (start === null || isAfter(place, start)) && !isAfter(place, to));
      if (page.length > 0) yield page;
      at = events.at(-1)?.position ?? to;
      if (events.length < PAGE_EVENTS_MAX) return;
    }
  }

  private ofLog(
    prefixes: readonly string[],
    { from, direction, count }: { readonly from: Place | typeof START | typeof END; readonly direction: typeof FORWARDS | typeof BACKWARDS; readonly count: number },
  ): Promise<readonly RecordedEvent[]> {
    const filter = streamNameFilter({ prefixes: [...prefixes] });
    return this.connection.reading('reading the log', (client) => collected(client.readAll({ direction, fromPosition: from, maxCount: count, filter, requiresLeader: true })));
  }
}

async function collected(events: AsyncIterable<{ readonly event?: RecordedEvent }>): Promise<RecordedEvent[]> {
  const page: RecordedEvent[] = [];
  for await (const { event } of events) if (event !== undefined) page.push(event);
  return page;
}
