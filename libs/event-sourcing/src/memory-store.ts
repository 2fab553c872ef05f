// The event store in memory: the reference of what every store promises, and the one that tests of the domain use.
import type { Appended, EventStore, Expected, FollowedPage, FollowOptions, Observation, Outcome, Recording } from './event-store.js';
import { EMPTY, EVENT_BYTES_MAX, type EventId, type Outgoing, type Position, type Recorded, type Revision, type StreamName } from './records.js';

const PAGE_EVENTS = 512;

export class MemoryStore implements EventStore {
  private readonly log: Recorded[] = [];
  private readonly streams = new Map<StreamName, Recorded[]>();
  private readonly byId = new Map<EventId, Recorded>();
  private readonly waiting = new Set<() => void>();
  private lastTime = 0;

  /** `now` gives milliseconds since 1970. */
  constructor(private readonly now: () => number) {}

  append(stream: StreamName, events: readonly Outgoing[], expected: Expected): Promise<Appended | 'conflict'> {
    if (events.length === 0) throw new Error(`${stream}: an append needs at least one event`);
    if (new Set(events.map(({ id }) => id)).size < events.length) throw new Error(`${stream}: an append has one id twice`);
    for (const event of events) refuseTooLarge(event);
    const known = events.flatMap(({ id }) => this.byId.get(id) ?? []);
    const first = known[0];
    if (first !== undefined) {
      if (known.length < events.length || known.some((record) => record.stream !== stream)) return Promise.resolve('conflict');
      const last = known.reduce((newest, record) => (record.revision > newest.revision ? record : newest), first);
      return Promise.resolve({ revision: last.revision, position: last.position, repeated: true });
    }
    const at = this.streams.get(stream)?.length ?? 0;
    if (expected !== 'any' && expected !== at - 1) return Promise.resolve('conflict');
    const put = events.map((event) => this.put(stream, event));
    this.wake();
    // There was at least one.
    const { revision, position } = put[put.length - 1] as Recorded;
    return Promise.resolve({ revision, position, repeated: false });
  }

  appendObservations(batch: readonly Observation[]): Promise<Recording> {
    for (const { event } of batch) refuseTooLarge(event);
    const outcomes = batch.map(({ stream, event }): Outcome => {
      const known = this.byId.get(event.id);
      if (known !== undefined) return known.digest === event.digest ? 'duplicate' : 'contradiction';
      this.put(stream, event);
      return 'accepted';
    });
    this.wake();
    return Promise.resolve({ outcomes, position: this.newest() });
  }

  async *read(stream: StreamName, range: { readonly from?: Revision; readonly to?: Revision } = {}): AsyncGenerator<readonly Recorded[]> {
    const end = Math.min((range.to ?? Infinity) + 1, this.streams.get(stream)?.length ?? 0);
    for (let at = range.from ?? 0; at < end; at += PAGE_EVENTS) {
      yield this.streams.get(stream)?.slice(at, Math.min(at + PAGE_EVENTS, end)) ?? [];
    }
  }

  async *readAll(range: { readonly after?: Position | null; readonly prefix?: string } = {}): AsyncGenerator<readonly Recorded[]> {
    const end = this.log.length;
    for (let at = placeAfter(range.after ?? null); at < end; at += PAGE_EVENTS) {
      const page = this.log.slice(at, Math.min(at + PAGE_EVENTS, end)).filter(({ stream }) => stream.startsWith(range.prefix ?? ''));
      if (page.length > 0) yield page;
    }
  }

  async *follow({ after, signal, prefix = '' }: FollowOptions): AsyncGenerator<FollowedPage> {
    let at = placeAfter(after);
    for (let first = true; !signal.aborted; first = false) {
      if (at >= this.log.length && !first) await this.more(signal);
      if (signal.aborted) return;
      const end = Math.min(at + PAGE_EVENTS, this.log.length);
      const records = this.log.slice(at, end).filter(({ stream }) => stream.startsWith(prefix));
      at = Math.max(at, end);
      yield { records, position: this.log[at - 1]?.position ?? null, caughtUp: at >= this.log.length };
    }
  }

  find(stream: StreamName, id: EventId): Promise<Recorded | null> {
    const record = this.byId.get(id);
    return Promise.resolve(record?.stream === stream ? record : null);
  }

  head(): Promise<Position | null> {
    return Promise.resolve(this.newest());
  }

  lag(after: Position | null): Promise<number> {
    return Promise.resolve(this.log.length - placeAfter(after));
  }

  close(): Promise<void> {
    this.wake();
    return Promise.resolve();
  }

  private put(stream: StreamName, event: Outgoing): Recorded {
    const records = this.streams.get(stream) ?? [];
    this.lastTime = Math.max(this.lastTime, this.now());
    const record: Recorded = {
      ...event,
      stream,
      revision: (records.at(-1)?.revision ?? EMPTY) + 1,
      // Positions are opaque strings made by the adapter that reads them back.
      position: String(this.log.length) as Position,
      recordedAt: this.lastTime,
    };
    records.push(record);
    this.streams.set(stream, records);
    this.log.push(record);
    this.byId.set(event.id, record);
    return record;
  }

  private newest(): Position | null {
    return this.log.at(-1)?.position ?? null;
  }

  private wake(): void {
    for (const resume of this.waiting) resume();
  }

  private more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const resume = (): void => {
        this.waiting.delete(resume);
        signal.removeEventListener('abort', resume);
        resolve();
      };
      this.waiting.add(resume);
      signal.addEventListener('abort', resume);
    });
  }
}

function refuseTooLarge({ id, type, bytes }: Outgoing): void {
  if (bytes.length > EVENT_BYTES_MAX) throw new Error(`${type} ${id} takes ${bytes.length} bytes; an event may have ${EVENT_BYTES_MAX}`);
}

function placeAfter(position: Position | null): number {
  return position === null ? 0 : Number(position) + 1;
}
