// The states that a projector holds between pages: those that changed and wait to be written, and the most recently used others.
import type { Loaded } from './projection.js';
import type { Position, Revision, StreamName } from './records.js';

/**
 * Rows are written once this many events wait in them, or this many rows wait with their states in memory, or when nothing
 * is left to fold. Writing a row costs as much as folding dozens of events, so that few streams wait for many events.
 */
const EVENTS_BETWEEN_WRITES = 65_536;
const ROWS_BETWEEN_WRITES = 16_384;
/**
 * Of states that wait to be written, and of others kept between pages, counted as the bytes of their rows. As states they take
 * about five times as much memory.
 */
const WAITING_BYTES = 24 * 1024 * 1024;
const KEPT_BYTES = 8 * 1024 * 1024;
/** What a state takes beside what its row held, and what an event adds to it. */
const STATE_BYTES = 512;
const EVENT_BYTES = 32;

/** A stream's row, as far as it is folded. Whoever folds changes it in place. */
export interface Held<State> extends Loaded<State> {
  readonly stream: StreamName;
  /** Of its row. */
  readonly key: string;
  state: State;
  revision: Revision;
  /** What it counts for: its row when it was last read or written, and the events since. */
  bytes: number;
  /** It has changed since its row was written. */
  isWaiting: boolean;
}

export class StatesOf<State> {
  /** Those that nothing waits for are in the order of their last use. */
  private readonly held = new Map<StreamName, Held<State>>();
  private waitingRows: Held<State>[] = [];
  private waitingBytes = 0;
  private keptBytes = 0;
  private eventsWaiting = 0;
  /** Since the last write. */
  pages = 0;
  /** Up to here everything is folded. Of these rows alone: a rebuild may run beside the live rows. */
  seen: Position | null = null;
  /** Up to here everything is written. */
  position: Position | null = null;

  get full(): boolean {
    return this.eventsWaiting >= EVENTS_BETWEEN_WRITES || this.waitingRows.length >= ROWS_BETWEEN_WRITES || this.waitingBytes >= WAITING_BYTES;
  }

  /** Whether rows wait to be written. */
  get waiting(): boolean {
    return this.waitingRows.length > 0;
  }

  /** By the name of the stream: those of records are the same texts again and again, so nothing is hashed anew. */
  get(stream: StreamName): Held<State> | undefined {
    return this.held.get(stream);
  }

  /** One that is not held yet. `rowBytes`: of the row that the state was read from. */
  add({ stream, key }: Pick<Held<State>, 'stream' | 'key'>, { state, revision }: Loaded<State>, rowBytes: number): void {
    const bytes = heldBytes(rowBytes);
    this.held.set(stream, { stream, key, state, revision, bytes, isWaiting: false });
    this.keptBytes += bytes;
  }

  /** One more event was folded into it. */
  changed(held: Held<State>): void {
    if (!held.isWaiting) {
      held.isWaiting = true;
      this.waitingRows.push(held);
      this.keptBytes -= held.bytes;
      this.waitingBytes += held.bytes;
    }
    held.bytes += EVENT_BYTES;
    this.waitingBytes += EVENT_BYTES;
    this.eventsWaiting++;
  }

  /** Whose rows are to be written. */
  toWrite(): readonly Held<State>[] {
    return this.waitingRows;
  }

  written(position: Position | null): void {
    this.position = position;
    for (const held of this.waitingRows) {
      held.isWaiting = false;
      this.keptBytes += held.bytes;
      this.held.delete(held.stream);
      this.held.set(held.stream, held);
    }
    this.waitingBytes = 0;
    this.waitingRows = [];
    this.eventsWaiting = 0;
    this.pages = 0;
    this.trim();
  }

  /** Lets go of states that nothing waits for, the oldest first, down to what may be kept. */
  trim(): void {
    if (this.keptBytes <= KEPT_BYTES) return;
    for (const held of this.held.values()) {
      if (this.keptBytes <= KEPT_BYTES) return;
      if (held.isWaiting) continue;
      this.held.delete(held.stream);
      this.keptBytes -= held.bytes;
    }
  }
}

/** What a state counts for that has a row of so many bytes. */
export function heldBytes(rowBytes: number): number {
  return STATE_BYTES + rowBytes;
}
