// Pages of streams and of the log. Every read asks the leader: what is decided on must rest on every acknowledged event.
import type { Recorded, Revision, StreamName } from '@trellis/event-sourcing';
import type { KeptEvent } from './answers.js';
import type { Connection } from './connection.js';
import { ForeignEventError } from './errors.js';
import { PAGE_EVENTS_MAX } from './limits.js';
import { foundIn, type Found } from './mapping.js';
import { isAfter, type Place } from './place.js';
import { logRequest, streamRequest, type LogRange, type StreamRange } from './read-requests.js';
import type { StreamNames } from './stream-names.js';

export class Pages {
  /** Asked for and not sent yet: who asks for the same before that gets the same answer, and it is as fresh. */
  private readonly unsent = new Map<string, Promise<readonly Found[]>>();

  constructor(private readonly connection: Connection, readonly names: StreamNames) {}

  /** Up to `count` events of one stream; none if it does not exist. */
  ofStream(stream: StreamName, range: StreamRange): Promise<readonly Found[]> {
    const key = `${range.direction} ${range.from} ${range.count} ${stream}`;
    const asked = this.unsent.get(key) ?? this.sent(key, stream, range);
    this.unsent.set(key, asked);
    return asked;
  }

  private async sent(key: string, stream: StreamName, range: StreamRange): Promise<readonly Found[]> {
    // Once everybody who goes on at this moment has said what they need.
    await new Promise<void>((send) => process.nextTick(send));
    this.unsent.delete(key);
    const request = streamRequest(this.names.inside(stream), range);
    const events = await this.connection.reading(`reading ${stream}`, (client, msMax) => client.page(request, msMax));
    return (events ?? []).map((event) => {
      const found = foundIn(event, this.names);
      if (found === null) throw new ForeignEventError(stream, event.revision);
      return found;
    });
  }

  async *read(stream: StreamName, { from = 0, to = Infinity }: { readonly from?: Revision; readonly to?: Revision }): AsyncGenerator<readonly Recorded[]> {
    for (let at = Math.max(0, from); at <= to; ) {
      const count = Math.min(PAGE_EVENTS_MAX, to - at + 1);
      const page = await this.ofStream(stream, { from: at, direction: 'forwards', count });
      if (page.length > 0) yield page.map(({ record }) => record);
      if (page.length < count) return;
      at += page.length;
    }
  }

  /** The newest event of ours whose stream has one of the prefixes. */
  async newest(prefixes: readonly string[]): Promise<Found | null> {
    if (prefixes.length === 0) return null;
    for (let from: LogRange['from'] = 'end'; ; ) {
      const [event]: readonly KeptEvent[] = await this.ofLog({ from, direction: 'backwards', count: 1, prefixes });
      if (event === undefined) return null;
      const found = foundIn(event, this.names);
      if (found !== null) return found;
      // Somebody else's event in a stream that is named like ours: look before it.
      from = event.place;
    }
  }

  /** Pages behind `after` up to and including `to`. */
  async *between(after: Place | null, to: Place, prefixes: readonly string[]): AsyncGenerator<readonly Found[]> {
    for (let at = after; at === null || isAfter(to, at); ) {
      const start = at;
      const events: readonly KeptEvent[] = await this.ofLog({ from: start ?? 'start', direction: 'forwards', count: PAGE_EVENTS_MAX, prefixes });
      // KurrentDB begins with the event at the position itself, which was read before.
      const page = events.flatMap((event) => foundIn(event, this.names) ?? []).filter(({ place }) => (start === null || isAfter(place, start)) && !isAfter(place, to));
      if (page.length > 0) yield page;
      at = events.at(-1)?.place ?? to;
      if (events.length < PAGE_EVENTS_MAX) return;
    }
  }

  private async ofLog(range: LogRange): Promise<readonly KeptEvent[]> {
    const request = logRequest(range);
    return (await this.connection.reading('reading the log', (client, msMax) => client.page(request, msMax))) ?? [];
  }
}
