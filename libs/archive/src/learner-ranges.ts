// Whole histories in the order of their names, in bounded memory: the log is read once for each range of names whose events fit.
import type { EventStore, Position, Recorded, StreamName } from '@trellis/event-sourcing';
import { ArchiveError } from './errors.js';
import { RANGE_BYTES_MAX } from './limits.js';
import { PackedRecords } from './packed-records.js';
import { Pieces } from './pieces.js';
import { Vocabulary } from './vocabulary.js';

export interface History {
  readonly stream: StreamName;
  /** In the order of the stream; without digest and position. */
  readonly records: readonly Recorded[];
}

export interface Reading {
  /** The names of the streams begin so. */
  readonly prefix: string;
  readonly signal: AbortSignal;
  readonly bytesMax?: number;
}

/** What the first pass over the log found; every later one reads as far. */
export interface Extent {
  readonly events: number;
  readonly position: Position | null;
}

export class LearnerRanges {
  private events = 0;
  private position: Position | null = null;

  constructor(
    private readonly store: EventStore,
    private readonly reading: Reading,
  ) {}

  /** Of the log as far as it is read; known once the first history was handed out, or the end reached. */
  get extent(): Extent {
    return { events: this.events, position: this.position };
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<History> {
    const { prefix, signal, bytesMax = RANGE_BYTES_MAX } = this.reading;
    const pieces = new Pieces();
    for (let from: string | null = ''; from !== null; ) {
      const range: Range = new Range(from, bytesMax, pieces);
      const isFirst = from === '';
      let seen = 0;
      pages: for await (const page of this.store.readAll({ prefix })) {
        signal.throwIfAborted();
        for (const record of page) {
          if (!isFirst && seen === this.events) break pages;
          seen++;
          range.take(record);
          if (isFirst) this.position = record.position;
        }
      }
      if (isFirst) this.events = seen;
      else if (seen < this.events) throw new ArchiveError(`the log has ${seen} events of ${prefix} where it had ${this.events} a moment before`);
      yield* range.histories();
      from = range.before;
    }
  }
}

/** The streams from a name on, up to one that it draws nearer whenever they take too much. */
class Range {
  /** Names from here on are left to the next range; null: there are none. */
  before: string | null = null;
  private readonly packed = new Map<StreamName, PackedRecords>();
  /** Types repeat: a record has a number in place of one. */
  private readonly types = new Vocabulary();
  private bytes = 0;

  constructor(
    private readonly from: string,
    private readonly bytesMax: number,
    private readonly pieces: Pieces,
  ) {}

  take(record: Recorded): void {
    const { stream } = record;
    if (stream < this.from || (this.before !== null && stream >= this.before)) return;
    let records = this.packed.get(stream);
    if (records === undefined) {
      records = new PackedRecords(this.pieces);
      this.packed.set(stream, records);
      this.bytes += records.size;
    }
    const before = records.size;
    records.add(record, this.types.numberOf(record.type));
    this.bytes += records.size - before;
    if (this.bytes > this.bytesMax) this.narrow();
  }

  /** Each is gone from memory once it was handed out. */
  *histories(): Generator<History> {
    for (const stream of [...this.packed.keys()].sort(inOrder)) {
      const packed = this.packed.get(stream);
      this.packed.delete(stream);
      const records = packed?.unpack(stream, this.types.texts) ?? [];
      packed?.free();
      yield { stream, records };
    }
  }

  /** Leaves the upper half of the names to the next range. */
  private narrow(): void {
    const names = [...this.packed.keys()].sort(inOrder);
    const half = Math.ceil(names.length / 2);
    const before = names[half];
    if (before === undefined) return;
    this.before = before;
    for (const name of names.slice(half)) {
      const packed = this.packed.get(name);
      this.bytes -= packed?.size ?? 0;
      packed?.free();
      this.packed.delete(name);
    }
  }
}

function inOrder(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
