// The event store over one machine's log.
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
import { uuidWords } from './bytes.js';
import { AppendsRefusedError, DamageError, IndexDamageError } from './errors.js';
import type { Located } from './event-index.js';
import { STREAM_PAGE_EVENTS_MAX } from './limits.js';
import { fetchRecords, LogCursor } from './log-reader.js';
import type { LogSource } from './log-source.js';
import { positionOf, type Writer } from './writer.js';

export class EmbeddedStore implements EventStore {
  /** Without a writer the store is read-only. */
  constructor(
    private readonly source: LogSource,
    private readonly writer: Writer | null,
    private readonly closing: () => Promise<void>,
  ) {}

  append(stream: StreamName, events: readonly Outgoing[], expected: Expected): Promise<Appended | 'conflict'> {
    return this.writer === null ? Promise.reject(readOnly()) : this.writer.append(stream, events, expected);
  }

  appendObservations(batch: readonly Observation[]): Promise<Recording> {
    return this.writer === null ? Promise.reject(readOnly()) : this.writer.appendObservations(batch);
  }

  async *read(stream: StreamName, range: { readonly from?: Revision; readonly to?: Revision } = {}): AsyncGenerator<readonly Recorded[]> {
    const { source } = this;
    const to = range.to ?? Infinity;
    await source.refresh();
    const durable = source.durablePosition;
    for (let from = Math.max(0, range.from ?? 0); from <= to; ) {
      const places = await this.placesOf(stream, { from, to, durable });
      if (places.length === 0) return;
      const first = from;
      yield await this.recordsAt(places, (record, n) => record.stream === stream && record.revision === first + n);
      from += places.length;
    }
  }

  async *readAll(range: { readonly after?: Position | null; readonly prefix?: string } = {}): AsyncGenerator<readonly Recorded[]> {
    const { source } = this;
    await source.refresh();
    const to = source.durablePosition;
    let at = numberOf(range.after ?? null);
    const cursor = new LogCursor(source.log, at + 1, range.prefix ?? '');
    while (at < to) {
      const page = await this.told(cursor.page(to));
      at = page.position;
      if (page.records.length > 0) yield page.records;
    }
  }

  async *follow({ after, signal, prefix = '' }: FollowOptions): AsyncGenerator<FollowedPage> {
    const { source } = this;
    let at = numberOf(after);
    const cursor = new LogCursor(source.log, at + 1, prefix);
    for (let first = true; !signal.aborted; first = false) {
      if (first) await source.refresh();
      else if (at >= source.durablePosition) await source.more(at, signal);
      if (signal.aborted || source.closed) return;
      const page = at < source.durablePosition ? await this.told(cursor.page(source.durablePosition)) : { records: [], position: at };
      at = page.position;
      yield { records: page.records, position: at === 0 ? null : positionOf(at), caughtUp: at >= source.durablePosition };
    }
  }

  async find(stream: StreamName, id: EventId): Promise<Recorded | null> {
    const { source } = this;
    const words = new Uint32Array(4);
    if (!uuidWords(id, words, 0)) return null;
    await source.refresh();
    const { index } = source;
    if (index.whereabouts(words, 0, index.head(stream)) !== 'here') return null;
    const { position, offset } = index.hit;
    if (position > source.durablePosition) return null;
    const [record] = await this.recordsAt([{ position, offset }], (found) => found.id === id && found.stream === stream);
    return record ?? null;
  }

  /** Operators hear of damage that a read meets. */
  private told<Page>(page: Promise<Page>): Promise<Page> {
    return page.catch((error: unknown) => {
      if (error instanceof DamageError) this.source.damageFound(error);
      throw error;
    });
  }

  private async placesOf(stream: StreamName, range: { readonly from: Revision; readonly to: Revision; readonly durable: number }): Promise<readonly Located[]> {
    const { source } = this;
    try {
      return source.index.locate(stream, { ...range, limit: STREAM_PAGE_EVENTS_MAX });
    } catch (error) {
      if (error instanceof IndexDamageError) await source.indexDamaged(error);
      throw error;
    }
  }

  /** The records that the index leads to, if they are the ones that were asked for: nobody verifies the index itself. */
  private async recordsAt(places: readonly Located[], isMeant: (record: Recorded, n: number) => boolean): Promise<readonly Recorded[]> {
    const { source } = this;
    try {
      const records = await fetchRecords(source.log, places);
      const wrong = records.findIndex((record, n) => !isMeant(record, n));
      if (wrong < 0) return records;
      throw new IndexDamageError(String(places[wrong]?.position));
    } catch (error) {
      const blamed = error instanceof DamageError && (await this.isWhole(Number(error.position))) ? new IndexDamageError(error.position) : error;
      if (blamed instanceof IndexDamageError) await source.indexDamaged(blamed);
      if (blamed instanceof DamageError) source.damageFound(blamed);
      throw blamed;
    }
  }

  /** Whether reading the log in its order finds an event that could not be read at the place where the index has it. */
  private async isWhole(position: number): Promise<boolean> {
    if (position < 1 || position > this.source.durablePosition) return true;
    try {
      await new LogCursor(this.source.log, position, '').page(position);
      return true;
    } catch (error) {
      if (error instanceof DamageError) return false;
      throw error;
    }
  }

  async head(): Promise<Position | null> {
    await this.source.refresh();
    const { durablePosition } = this.source;
    return durablePosition === 0 ? null : positionOf(durablePosition);
  }

  async lag(after: Position | null): Promise<number> {
    await this.source.refresh();
    return Math.max(0, this.source.durablePosition - numberOf(after));
  }

  close(): Promise<void> {
    return this.closing();
  }
}

function readOnly(): AppendsRefusedError {
  return new AppendsRefusedError('the store was opened read-only');
}

function numberOf(position: Position | null): number {
  if (position === null) return 0;
  if (!/^[1-9]\d{0,14}$/.test(position)) throw new Error(`${JSON.stringify(position)} is not a position of this store`);
  return Number(position);
}
