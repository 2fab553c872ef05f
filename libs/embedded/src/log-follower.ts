// The reading side where another process writes: follows the published head, and holds in memory what is not indexed yet.
import type { Disk } from './disk.js';
import { HEAD_FILE, readMarkFile } from './durable-mark.js';
import { DataFolderError } from './errors.js';
import { EventIndex } from './event-index.js';
import type { KeyValue } from './key-value.js';
import { FLUSH_EVENTS, POLL_MS } from './limits.js';
import { SEGMENT_HEADER_BYTES, type Place } from './log-format.js';
import type { LogParts } from './log-reader.js';
import { Waiting, type LogSource } from './log-source.js';
import { Recent } from './recent.js';
import { readInto } from './recovery.js';
import type { Scheduler } from './scheduler.js';
import { SegmentScan } from './segment-scan.js';
import { Segments } from './segments.js';

export interface FollowerOptions {
  readonly directory: string;
  readonly disk: Disk;
  readonly keyValue: KeyValue;
  readonly scheduler: Scheduler;
}

export class LogFollower implements LogSource {
  closed = false;
  durablePosition = 0;
  readonly log: LogParts;
  index: EventIndex;
  private scanPlace: Place | null = null;
  private refreshing: Promise<void> | null = null;
  private readonly waiting = new Waiting();

  private constructor(private readonly options: FollowerOptions) {
    this.index = new EventIndex(options.keyValue);
    const now = (): EventIndex => this.index;
    this.log = {
      segments: new Segments(options.disk, options.directory),
      recent: new Recent(),
      get sparse() {
        return now().sparse;
      },
    };
  }

  static async open(options: FollowerOptions): Promise<LogFollower> {
    if ((await options.disk.list(options.directory)).length === 0) throw new DataFolderError(options.directory, 'it holds no log yet');
    const follower = new LogFollower(options);
    await follower.log.segments.refresh();
    follower.scanPlace = follower.index.load().place;
    await follower.refresh();
    return follower;
  }

  refresh(): Promise<void> {
    if (this.closed) throw new Error('the store is closed');
    this.refreshing ??= this.readOn().finally(() => {
      this.refreshing = null;
    });
    return this.refreshing;
  }

  async more(position: number, signal: AbortSignal): Promise<void> {
    while (!signal.aborted && !this.closed) {
      await this.refresh();
      if (this.durablePosition > position) return;
      const stop = this.options.scheduler.later(POLL_MS, () => this.waiting.wake());
      await this.waiting.wait(signal);
      stop();
    }
  }

  /** The index belongs to the process that writes: it finds out for itself. */
  indexDamaged(): Promise<void> {
    return Promise.resolve();
  }

  /** Whoever asked is told, and the process that writes meets it too. */
  damageFound(): void {
    return;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.waiting.wake();
    await this.refreshing;
    await this.log.segments.close();
  }

  private async readOn(): Promise<void> {
    const { segments } = this.log;
    const head = await readMarkFile(this.options.disk, this.options.directory, HEAD_FILE);
    // A mark that is being written just now reads as none: the next look sees it.
    if (head === null || head.position <= this.durablePosition) return;
    if (!segments.bases.includes(head.end.base)) await segments.refresh();
    // Another index is filled and takes the place of this one whole: reads that are on their way see the one or the other.
    const isLater = this.index.indexedOnDisk() >= this.index.indexedPosition + FLUSH_EVENTS;
    const index = isLater ? new EventIndex(this.options.keyValue) : this.index;
    const from = isLater ? index.load().place : this.scanPlace;
    if (from !== null && !segments.bases.includes(from.base)) await segments.refresh();
    const scan = new SegmentScan(segments, from ?? { base: segments.bases[0] ?? 1, offset: SEGMENT_HEADER_BYTES }, index.endPosition);
    try {
      await readInto(index, segments, { scan, to: head.position });
    } finally {
      if (!isLater) this.scanPlace = scan.place;
    }
    this.index = index;
    this.scanPlace = scan.place;
    this.durablePosition = Math.max(this.durablePosition, scan.position - 1);
  }
}
