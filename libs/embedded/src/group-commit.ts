// Joins what is appended at the same time into one batch, one write and one fdatasync. Nothing is acknowledged before it.
import type { Outgoing, StreamName } from '@trellis/event-sourcing';
import type { Disk, DiskFile } from './disk.js';
import type { DurableMark } from './durable-mark.js';
import { AppendsRefusedError } from './errors.js';
import { frameRoom, putFrame } from './frame.js';
import { CHUNK_BYTES, CHUNK_FIRST_BYTES, GROUP_BYTES } from './limits.js';
import { BATCH_HEADER_BYTES, sealBatch, SEGMENT_HEADER_BYTES, type LogEnd, type Place } from './log-format.js';
import type { RecentBatch } from './recent.js';
import type { Scheduler } from './scheduler.js';
import type { Segments } from './segments.js';

export interface Waiter {
  /** The group it waited for is durable. */
  settle(): void;
  fail(error: Error): void;
}

export interface GroupEvents {
  /** Before the first event of a group: where its batch will lie, and the place behind the batch before it. */
  opening(position: number, place: Place, before: LogEnd): void;
  /** A group has left for the disk: there is room in the next. */
  sealed(): void;
  durable(batch: RecentBatch): void;
}

export interface GroupCommitParts {
  readonly disk: Disk;
  readonly segments: Segments;
  readonly scheduler: Scheduler;
  readonly now: () => number;
  readonly segmentBytes: number;
  readonly events: GroupEvents;
}

interface Chunk {
  readonly bytes: Uint8Array;
  used: number;
}

interface Group {
  chunk: Chunk;
  start: number;
  length: number;
  count: number;
  readonly firstPosition: number;
  readonly place: Place;
  readonly recordedAt: number;
  readonly waiters: Waiter[];
}

export class GroupCommit {
  /** Why nothing is written any more. */
  fault: AppendsRefusedError | null = null;
  private open: Group | null = null;
  private flight: Group | null = null;
  private scheduled = false;
  private chunk: Chunk = { bytes: new Uint8Array(0), used: 0 };
  private file: DiskFile | null = null;
  private fileBase = 0;
  private end: Place;
  private durablePlace: Place;
  private durablePosition: number;
  private durableTime: number;
  private nextPosition: number;
  private readonly idle: (() => void)[] = [];

  /** `lastTime` is the time of the newest batch in the log: later ones are never older. */
  constructor(
    private readonly parts: GroupCommitParts,
    durable: DurableMark,
    private lastTime: number,
  ) {
    this.end = durable.end;
    this.durablePlace = durable.end;
    this.durablePosition = durable.position;
    this.durableTime = lastTime;
    this.nextPosition = durable.position + 1;
  }

  get durable(): DurableMark {
    return { position: this.durablePosition, end: this.durablePlace };
  }

  get hasRoom(): boolean {
    return this.open === null || this.open.length < GROUP_BYTES;
  }

  /** True between groups: the place behind the last batch is where everything decided so far ends. */
  get betweenGroups(): LogEnd | null {
    return this.open === null && this.fault === null && this.end.base > 0 ? { ...this.end, recordedAt: this.lastTime } : null;
  }

  /** The position that the next event gets; opens a group if there is none. */
  next(): number {
    if (this.open === null) this.begin();
    return this.nextPosition;
  }

  /** Encodes an event at the next position and answers the offset of its frame in its segment. */
  add(event: { readonly stream: StreamName; readonly event: Outgoing; readonly words: Uint32Array; readonly wordsAt: number; readonly revision: number }): number {
    const group = this.open ?? this.begin();
    this.makeRoom(group, frameRoom(event.stream, event.event));
    const at = group.start + group.length;
    const offset = group.place.offset + group.length;
    const end = putFrame(group.chunk.bytes, at, {
      stream: event.stream,
      event: event.event,
      words: event.words,
      wordsAt: event.wordsAt,
      position: this.nextPosition,
      revision: event.revision,
      recordedAt: group.recordedAt,
    });
    group.length = end - group.start;
    group.count++;
    this.nextPosition++;
    return offset;
  }

  /** Answers when everything decided up to now is durable; at once if it is. */
  settle(waiter: Waiter): void {
    const group = this.open ?? this.flight;
    if (group === null) waiter.settle();
    else group.waiters.push(waiter);
  }

  /** Resolves when no group is open or on its way. */
  async drained(): Promise<void> {
    while (this.open !== null || this.flight !== null) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  /** Writes again after a fault, from `end` on: a segment that nothing was written to yet. */
  async resume(end: Place): Promise<void> {
    await this.close();
    this.end = end;
    this.durablePlace = end;
    this.nextPosition = this.durablePosition + 1;
    // Of what failed nothing is left, its time neither.
    this.lastTime = this.durableTime;
    this.fault = null;
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.close();
  }

  private begin(): Group {
    const rolls = this.end.base === 0 || this.end.offset >= this.parts.segmentBytes;
    const place = rolls ? { base: this.nextPosition, offset: SEGMENT_HEADER_BYTES } : this.end;
    this.parts.events.opening(this.nextPosition, place, { ...this.end, recordedAt: this.lastTime });
    this.lastTime = Math.max(this.lastTime, this.parts.now());
    const group: Group = {
      chunk: this.chunk,
      start: this.chunk.used,
      length: BATCH_HEADER_BYTES,
      count: 0,
      firstPosition: this.nextPosition,
      place,
      recordedAt: this.lastTime,
      waiters: [],
    };
    this.makeRoom(group, 0);
    this.open = group;
    this.schedule();
    return group;
  }

  /** A group lies in one piece, so one that outgrows its chunk moves to a new one. */
  private makeRoom(group: Group, room: number): void {
    const { chunk, start, length } = group;
    if (start + length + room <= chunk.bytes.length) return;
    const size = Math.max(chunk.bytes.length === 0 ? CHUNK_FIRST_BYTES : CHUNK_BYTES, 2 * (length + room));
    const bytes = new Uint8Array(Buffer.allocUnsafeSlow(size).buffer);
    bytes.set(chunk.bytes.subarray(start, start + length));
    this.chunk = { bytes, used: 0 };
    group.chunk = this.chunk;
    group.start = 0;
  }

  private schedule(): void {
    if (this.scheduled || this.flight !== null || this.open === null) return;
    this.scheduled = true;
    this.parts.scheduler.soon(() => {
      this.scheduled = false;
      const group = this.open;
      // A fault empties the open group; whoever drains sees to the rest.
      if (group !== null && this.flight === null) void this.fly(group);
    });
  }

  private async fly(group: Group): Promise<void> {
    const bytes = group.chunk.bytes.subarray(group.start, group.start + group.length);
    group.chunk.used = group.start + group.length;
    sealBatch(bytes, { count: group.count, firstPosition: group.firstPosition, recordedAt: group.recordedAt, durableBefore: this.durablePosition });
    this.open = null;
    this.flight = group;
    this.end = { base: group.place.base, offset: group.place.offset + group.length };
    this.parts.events.sealed();
    try {
      const file = await this.fileFor(group);
      await file.write(bytes, group.place.offset);
      await file.sync();
    } catch (error) {
      this.refuse(group, error);
      return;
    }
    this.flight = null;
    this.durablePosition = group.firstPosition + group.count - 1;
    this.durableTime = group.recordedAt;
    this.durablePlace = { base: group.place.base, offset: group.place.offset + group.length };
    this.parts.events.durable({ firstPosition: group.firstPosition, count: group.count, bytes, offset: group.place.offset });
    for (const waiter of group.waiters) waiter.settle();
    this.schedule();
    this.rest();
  }

  private async fileFor({ place, firstPosition }: Group): Promise<DiskFile> {
    if (this.file !== null && this.fileBase === place.base) return this.file;
    await this.close();
    const { disk, segments } = this.parts;
    this.file = place.base === firstPosition && place.offset === SEGMENT_HEADER_BYTES && !segments.bases.includes(place.base)
      ? await segments.create(place.base)
      : await disk.open(segments.pathOf(place.base), 'write');
    this.fileBase = place.base;
    return this.file;
  }

  /**
   * After a failed write or sync nobody knows what the disk holds: a second fdatasync may succeed without the pages
   * that the first one lost. So the segment is not written again, and nothing that was decided since is acknowledged.
   */
  private refuse(group: Group, error: unknown): void {
    this.fault = new AppendsRefusedError(`the log cannot be written (${error instanceof Error ? error.message : String(error)}); it is tried again`, error);
    const waiters = [...group.waiters, ...(this.open?.waiters ?? [])];
    this.flight = null;
    this.open = null;
    for (const waiter of waiters) waiter.fail(this.fault);
    this.parts.events.sealed();
    this.rest();
  }

  private rest(): void {
    if (this.open === null && this.flight === null) for (const resolve of this.idle.splice(0)) resolve();
  }
}
