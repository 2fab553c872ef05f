// The writing side put together: decisions, group commit, the index behind them, and who is told of what is durable.
import type { KeyValue } from './key-value.js';
import type { Disk } from './disk.js';
import { CLEAN_FILE, writeCleanMark } from './durable-mark.js';
import { EventIndex } from './event-index.js';
import { GroupCommit } from './group-commit.js';
import { HeadFile } from './head-file.js';
import { FLUSH_DELAY_MS, FLUSH_EVENTS } from './limits.js';
import type { LogEnd, Place } from './log-format.js';
import type { LogParts } from './log-reader.js';
import { Waiting, type LogSource } from './log-source.js';
import { Recent, type RecentBatch } from './recent.js';
import { recover } from './recovery.js';
import type { OpenReport, StoreEvent } from './report.js';
import type { Scheduler } from './scheduler.js';
import { Segments } from './segments.js';
import { Writer } from './writer.js';
import { join } from 'node:path';

export interface EngineOptions {
  readonly directory: string;
  readonly disk: Disk;
  readonly keyValue: KeyValue;
  readonly scheduler: Scheduler;
  readonly now: () => number;
  readonly segmentBytes: number;
  readonly recentBytes: number;
  readonly report: (event: StoreEvent) => void;
}

export class LogEngine implements LogSource {
  closed = false;
  readonly writer: Writer;
  private readonly group: GroupCommit;
  private readonly waiting = new Waiting();
  private flushing: Promise<void> | null = null;
  private flushTimer: (() => void) | null = null;
  private flushDue = false;

  private constructor(
    private readonly options: EngineOptions,
    readonly log: LogParts,
    readonly index: EventIndex,
    private readonly head: HeadFile,
    recovered: Awaited<ReturnType<typeof recover>>,
  ) {
    const { disk, scheduler, now, segmentBytes } = options;
    this.group = new GroupCommit(
      { disk, segments: log.segments, scheduler, now, segmentBytes, events: { opening: this.opening, sealed: this.sealed, durable: this.durable } },
      recovered.durable,
      recovered.lastTime,
    );
    this.writer = new Writer(index, this.group);
    this.openReport = recovered.report;
    head.publish(recovered.durable);
    this.flushLater();
  }

  readonly openReport: OpenReport;

  static async open(options: EngineOptions): Promise<LogEngine> {
    const { disk, directory, keyValue, scheduler } = options;
    await disk.makeDirectory(directory);
    const segments = new Segments(disk, directory);
    const index = new EventIndex(keyValue);
    const recovered = await recover({ disk, segments, index });
    // From here on the log may grow, so the mark of the last close no longer tells where it ends.
    await disk.remove(join(directory, CLEAN_FILE));
    const head = await HeadFile.open({ disk, directory, scheduler, failed: (error) => options.report({ kind: 'publish-failed', error }) });
    await disk.syncDirectory(directory);
    return new LogEngine(options, { segments, recent: new Recent(options.recentBytes), sparse: index.sparse }, index, head, recovered);
  }

  get durablePosition(): number {
    return this.group.durable.position;
  }

  refresh(): undefined {
    if (this.closed) throw new Error('the store is closed');
  }

  more(position: number, signal: AbortSignal): Promise<void> {
    return this.durablePosition > position || this.closed ? Promise.resolve() : this.waiting.wait(signal);
  }

  /** Acknowledges what was sent, indexes all of it, and marks the close as clean. */
  async close(): Promise<void> {
    if (this.closed) return;
    await this.writer.close(() => this.indexAll());
    this.flushTimer?.();
    this.closed = true;
    this.waiting.wake();
    if (this.group.fault === null) await this.indexAll();
    else await this.flushing;
    await this.group.close();
    await this.head.close();
    if (this.group.fault === null && this.durablePosition > 0) await writeCleanMark(this.options.disk, this.options.directory, this.group.durable);
    await this.log.segments.close();
  }

  private readonly opening = (position: number, place: Place, before: LogEnd): void => {
    if (this.index.rotate(before, this.flushDue || this.index.pending >= FLUSH_EVENTS)) this.flushDue = false;
    this.index.sparse.note({ position, ...place });
  };

  private readonly sealed = (): void => {
    if (this.group.fault !== null) this.options.report({ kind: 'appends-refused', error: this.group.fault });
    this.writer.admit();
  };

  private readonly durable = (batch: RecentBatch): void => {
    this.log.recent.push(batch);
    this.head.publish(this.group.durable);
    this.waiting.wake();
    this.flushSoon();
    this.flushLater();
  };

  /** Indexes a quiet log's last events too. */
  private flushLater(): void {
    if (this.flushTimer !== null || this.index.pending === 0 || this.closed) return;
    this.flushTimer = this.options.scheduler.later(FLUSH_DELAY_MS, () => {
      this.flushTimer = null;
      this.flushDue = true;
      this.flushSoon();
      this.flushLater();
    });
  }

  private flushSoon(): void {
    if (this.flushing !== null || this.closed) return;
    this.rotateIfDue();
    this.flushing = this.flush().finally(() => {
      this.flushing = null;
    });
  }

  private rotateIfDue(due = this.flushDue || this.index.pending >= FLUSH_EVENTS): void {
    const end = this.group.betweenGroups;
    if (due && end !== null && this.index.rotate(end, true)) this.flushDue = false;
  }

  private async flush(): Promise<void> {
    try {
      while (await this.index.flush(this.durablePosition)) {
        this.writer.admit();
        this.rotateIfDue();
      }
    } catch (error) {
      // The generation stays in memory and is tried again with the next durable group or by the timer.
      this.options.report({ kind: 'index-failed', error });
    }
  }

  private async indexAll(): Promise<void> {
    await this.flushing;
    do this.rotateIfDue(true);
    while (await this.index.flush(this.durablePosition));
    this.writer.admit();
  }
}
