// The event store over KurrentDB.
import type {
  Appended,
  EventId,
  EventStore,
  Expected,
  FollowedPage,
  FollowOptions,
  Observation,
  Outgoing,
  Position,
  Recorded,
  Recording,
  Revision,
  StreamName,
} from '@trellis/event-sourcing';
import { appendTo, type Writers } from './appending.js';
import type { Connection } from './connection.js';
import { followed } from './following.js';
import { APPEND_LOOK_BACK_EVENTS, LAG_COUNTED_EVENTS_MAX, PAGE_EVENTS_MAX, STREAM_IDS_MAX } from './limits.js';
import { Observations } from './observing.js';
import type { Pages } from './pages.js';
import { placeOf, type Place } from './place.js';

export class KurrentStore implements EventStore {
  private readonly observations: Observations;
  private readonly pages: Pages;

  constructor(private readonly connection: Connection, private readonly writers: Writers, private readonly subscribeTriesMax: number) {
    this.pages = writers.pages;
    this.observations = new Observations(writers);
  }

  async append(stream: StreamName, events: readonly Outgoing[], expected: Expected): Promise<Appended | 'conflict'> {
    return appendTo(this.writers, stream, events, expected);
  }

  async appendObservations(batch: readonly Observation[]): Promise<Recording> {
    return this.observations.append(batch);
  }

  read(stream: StreamName, range: { readonly from?: Revision; readonly to?: Revision } = {}): AsyncGenerator<readonly Recorded[]> {
    return this.pages.read(stream, range);
  }

  async *readAll({ after = null, prefix = '' }: { readonly after?: Position | null; readonly prefix?: string } = {}): AsyncGenerator<readonly Recorded[]> {
    const start = placeOrNull(after);
    const prefixes = this.pages.names.prefixes(prefix);
    const end = await this.pages.newest(prefixes);
    if (end === null) return;
    for await (const page of this.pages.between(start, end.place, prefixes)) yield page.map(({ record }) => record);
  }

  follow({ after, signal, prefix = '' }: FollowOptions): AsyncGenerator<FollowedPage> {
    return followed({ connection: this.connection, pages: this.pages, after: placeOrNull(after), signal, prefix, triesMax: this.subscribeTriesMax });
  }

  /** KurrentDB has no index of ids: those of the newest events are known here, the rest of the stream is read. */
  find(stream: StreamName, id: EventId): Promise<Recorded | null> {
    return this.writers.lanes.hold([stream], async () => {
      await this.writers.tails.refresh(stream, APPEND_LOOK_BACK_EVENTS);
      // What is looked for in one learner's stream is looked for there again.
      const { tail } = await this.writers.tails.reach(stream, STREAM_IDS_MAX);
      const known = tail.ids.get(id);
      if (known !== undefined) return (await this.pages.ofStream(stream, { from: known.revision, direction: 'forwards', count: 1 }))[0]?.record ?? null;
      for (let from = tail.from - 1; from >= 0; from -= PAGE_EVENTS_MAX) {
        const page = await this.pages.ofStream(stream, { from, direction: 'backwards', count: PAGE_EVENTS_MAX });
        const found = page.find(({ record }) => record.id === id);
        if (found !== undefined) return found.record;
      }
      return null;
    });
  }

  async head(): Promise<Position | null> {
    return (await this.pages.newest(this.pages.names.prefixes()))?.record.position ?? null;
  }

  /** Counted up to a page; beyond that the bytes of the log between are divided by those of an event of that page. */
  async lag(after: Position | null): Promise<number> {
    const start = placeOrNull(after);
    const prefixes = this.pages.names.prefixes();
    const end = await this.pages.newest(prefixes);
    if (end === null) return 0;
    let counted = 0;
    let first: Place | null = null;
    for await (const page of this.pages.between(start, end.place, prefixes)) {
      counted += page.length;
      first ??= page[0]?.place ?? null;
      const last = page.at(-1)?.place;
      if (counted < LAG_COUNTED_EVENTS_MAX || first === null || last === undefined) continue;
      const bytesEach = (last.commit - first.commit) / BigInt(counted) + 1n;
      return counted + Number((end.place.commit - last.commit) / bytesEach);
    }
    return counted;
  }

  close(): Promise<void> {
    return this.connection.close();
  }
}

function placeOrNull(position: Position | null): Place | null {
  return position === null ? null : placeOf(position);
}
