// The states that a projector holds between pages: those that changed and wait to be written, and the most recently used others.
import type { Loaded } from './projection.js';
import type { Position } from './records.js';

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

export class StatesOf<State> {
  private readonly kept = new Sized<Loaded<State>>();
  private readonly dirty = new Sized<Loaded<State>>();
  private eventsWaiting = 0;
  /** Since the last write. */
  pages = 0;
  /** Up to here everything is folded. Of these rows alone: a rebuild may run beside the live rows. */
  seen: Position | null = null;
  /** Up to here everything is written. */
  position: Position | null = null;

  get full(): boolean {
    return this.eventsWaiting >= EVENTS_BETWEEN_WRITES || this.dirty.size >= ROWS_BETWEEN_WRITES || this.dirty.bytes >= WAITING_BYTES;
  }

  /** Whether rows wait to be written. */
  get waiting(): boolean {
    return this.dirty.size > 0;
  }

  has(key: string): boolean {
    return this.dirty.has(key) || this.kept.has(key);
  }

  get(key: string): Loaded<State> | undefined {
    return this.dirty.get(key) ?? this.kept.get(key);
  }

  /** `rowBytes`: of the row that the state was read from. */
  set(key: string, loaded: Loaded<State>, rowBytes: number): void {
    this.kept.set(key, loaded, STATE_BYTES + rowBytes);
  }

  change(key: string, loaded: Loaded<State>, events: number): void {
    const bytes = this.kept.delete(key) + this.dirty.delete(key);
    this.dirty.set(key, loaded, bytes + EVENT_BYTES * events);
    this.eventsWaiting += events;
  }

  changed(): [string, Loaded<State>][] {
    return Array.from(this.dirty.entries(), ([key, { value }]) => [key, value]);
  }

  written(position: Position | null): void {
    this.position = position;
    for (const [key, { value, bytes }] of this.dirty.entries()) this.kept.set(key, value, bytes);
    this.dirty.clear();
    this.eventsWaiting = 0;
    this.pages = 0;
    this.trim();
  }

  /** Lets go of states that nothing waits for, the oldest first, down to what may be kept. */
  trim(): void {
    for (const [key] of this.kept.entries()) {
      if (this.kept.bytes <= KEPT_BYTES) break;
      this.kept.delete(key);
    }
  }
}

/** A map that knows how much it holds, in the order of insertion. */
class Sized<Value> {
  bytes = 0;
  private readonly map = new Map<string, { readonly value: Value; readonly bytes: number }>();

  get size(): number {
    return this.map.size;
  }

  has(key: string): boolean {
    return this.map.has(key);
  }

  get(key: string): Value | undefined {
    return this.map.get(key)?.value;
  }

  set(key: string, value: Value, bytes: number): void {
    this.delete(key);
    this.map.set(key, { value, bytes });
    this.bytes += bytes;
  }

  /** Answers how much it held. */
  delete(key: string): number {
    const bytes = this.map.get(key)?.bytes ?? 0;
    this.map.delete(key);
    this.bytes -= bytes;
    return bytes;
  }

  clear(): void {
    this.map.clear();
    this.bytes = 0;
  }

  entries(): MapIterator<[string, { readonly value: Value; readonly bytes: number }]> {
    return this.map.entries();
  }
}
