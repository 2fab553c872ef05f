// The writing side put together: decisions, group commit, the index behind them, and who is told of what is durable. After a
// failed write it is also what tries again: what was decided and not acknowledged is forgotten, and a new segment begins.
import type { KeyValue } from './key-value.js';
import type { Disk } from './disk.js';
import { CLEAN_FILE, writeCleanMark, type DurableMark } from './durable-mark.js';
import { AppendsRefusedError, type DamageError, type IndexDamageError } from './errors.js';
import { EventIndex } from './event-index.js';
import { GroupCommit } from './group-commit.js';
import { HeadFile } from './head-file.js';
import { FLUSH_DELAY_MS, FLUSH_EVENTS, PROBE_BYTES, RESUME_DELAY_MS, RESUME_DELAY_MS_MAX } from './limits.js';
import { FORMAT_VERSION, SEGMENT_HEADER_BYTES, type LogEnd, type Place } from './log-format.js';
import type { LogParts } from './log-reader.js';
import { Waiting, type LogSource } from './log-source.js';
import { Recent, type RecentBatch } from './recent.js';
import { readInto, recover } from './recovery.js';
import type { OpenReport, StoreEvent } from './report.js';
import type { Scheduler } from './scheduler.js';
import { SegmentScan } from './segment-scan.js';
import { Segments } from './segments.js';
import { Writer, type Indexed } from './writer.js';
import { join } from 'node:path';

const PROBE_FILE = 'probe';
/** Positions whose damage is told of. */
const DAMAGE_TOLD_MAX = 100;

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

export class LogEngine implements LogSource, Indexed {
  closed = false;
  readonly writer: Writer;
  readonly log: LogParts;
  private readonly group: GroupCommit;
  private readonly waiting = new Waiting();
  private flushing: Promise<void> | null = null;
  private flushTimer: (() => void) | null = null;
  private flushDue = false;
  private indexFault: AppendsRefusedError | null = null;
  private refused = false;
  private resuming: Promise<void> | null = null;
  private resumeTimer: (() => void) | null = null;
  private closing = false;
  private readonly damagedAt = new Set<string>();

  private constructor(
    private readonly options: EngineOptions,
    private readonly segments: Segments,
    public index: EventIndex,
    private readonly head: HeadFile,
    recovered: Awaited<ReturnType<typeof recover>>,
  ) {
    const { disk, scheduler, now, segmentBytes } = options;
    const isIndex = (): EventIndex => this.index;
    this.log = {
      segments,
      recent: new Recent(options.recentBytes),
      get sparse() {
        return isIndex().sparse;
      },
    };
    this.group = new GroupCommit(
      { disk, segments, scheduler, now, segmentBytes, events: { opening: this.opening, sealed: this.sealed, durable: this.durable } },
      recovered.durable,
      recovered.lastTime,
    );
    this.writer = new Writer(this, this.group);
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
    let recovered = await recover({ disk, segments, index });
    if (recovered.version !== FORMAT_VERSION) recovered = { ...recovered, durable: await beginSegment(segments, recovered.durable.position) };
    // From here on the log may grow, so the mark of the last close no longer tells where it ends.
    await disk.remove(join(directory, CLEAN_FILE));
    const head = await HeadFile.open({ disk, directory, scheduler, failed: (error) => options.report({ kind: 'publish-failed', error }) });
    await disk.syncDirectory(directory);
    return new LogEngine(options, segments, index, head, recovered);
  }

  get refusal(): AppendsRefusedError | null {
    return this.group.fault ?? (this.index.full ? this.indexFault : null);
  }

  /** The index led astray: it is built anew at the next opening. */
  async indexDamaged(error: IndexDamageError): Promise<void> {
    const { report } = this.options;
    report({ kind: 'index-damaged', error });
    await this.index.markDamaged().catch((why: unknown) => report({ kind: 'index-failed', error: why }));
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

  damageFound(error: DamageError): void {
    if (this.damagedAt.has(error.position) || this.damagedAt.size >= DAMAGE_TOLD_MAX) return;
    this.damagedAt.add(error.position);
    this.options.report({ kind: 'damage-found', error });
  }

  /** Acknowledges what was sent, indexes all of it, and marks the close as clean. */
  async close(): Promise<void> {
    if (this.closed) return;
    const written = this.writer.close(() => this.indexAll());
    this.closing = true;
    this.resumeTimer?.();
    await this.resuming;
    await written;
    this.flushTimer?.();
    this.closed = true;
    this.waiting.wake();
    await this.indexAll();
    await this.group.close();
    await this.head.close();
    if (this.group.fault === null && this.durablePosition > 0) await this.markClean();
    await this.segments.close();
  }

  private readonly opening = (position: number, place: Place, before: LogEnd): void => {
    if (this.index.rotate(before, this.flushDue || this.index.pending >= FLUSH_EVENTS)) this.flushDue = false;
    this.index.sparse.note({ position, ...place });
  };

  private readonly sealed = (): void => {
    this.tellRefusal();
    if (this.group.fault !== null) this.resumeLater(RESUME_DELAY_MS);
    this.writer.admit();
  };

  /** Says once that appends are refused, and once that they are not any more. */
  private tellRefusal(): void {
    const { refusal } = this;
    if ((refusal !== null) === this.refused) return;
    this.refused = refusal !== null;
    this.options.report(refusal === null ? { kind: 'appends-resumed' } : { kind: 'appends-refused', error: refusal });
  }

  private resumeLater(delayMs: number): void {
    if (this.resumeTimer !== null || this.closing) return;
    this.resumeTimer = this.options.scheduler.later(delayMs, () => {
      this.resumeTimer = null;
      this.resuming = this.resume()
        // What failed is already what appends are refused for.
        .catch(() => this.resumeLater(Math.min(2 * delayMs, RESUME_DELAY_MS_MAX)))
        .finally(() => {
          this.resuming = null;
        });
    });
  }

  /**
   * Once the disk takes a file again: goes back to what is durable, and begins a segment there, so that whatever the failed
   * write left is behind the end of its segment before anything new is decided.
   */
  private async resume(): Promise<void> {
    await this.flushing;
    await this.probe();
    const index = new EventIndex(this.options.keyValue);
    const mark = index.load();
    await index.tidy();
    const { position } = this.group.durable;
    if (position > mark.position) {
      const first = this.segments.bases[0] ?? 1;
      const place = mark.place ?? { base: first, offset: SEGMENT_HEADER_BYTES };
      await readInto(index, this.segments, { scan: new SegmentScan(this.segments, place, mark.position + 1), to: position });
    }
    const durable = await beginSegment(this.segments, position);
    this.index = index;
    await this.group.resume(durable.end);
    this.head.publish(this.group.durable);
    this.tellRefusal();
    this.flushLater();
  }

  private async probe(): Promise<void> {
    const { disk, directory } = this.options;
    const path = join(directory, PROBE_FILE);
    const file = await disk.open(path, 'write');
    try {
      await file.write(new Uint8Array(PROBE_BYTES), 0);
      await file.sync();
    } finally {
      await file.close();
      await disk.remove(path);
    }
  }

  private readonly durable = (batch: RecentBatch): void => {
    this.log.recent.push(batch);
    this.head.publish(this.group.durable);
    this.waiting.wake();
    this.flushSoon();
    this.flushLater();
  };

  /** Indexes a quiet log's last events too. */
  private flushLater(): void {
    if (this.flushTimer !== null || !this.index.isBehind || this.closed) return;
    this.flushTimer = this.options.scheduler.later(FLUSH_DELAY_MS, () => {
      this.flushTimer = null;
      this.flushDue = true;
      this.flushSoon();
      this.flushLater();
    });
  }

  private flushSoon(): void {
    // A fault's events are in the newest generation, and while the index is read again nothing may change it.
    if (this.flushing !== null || this.closed || this.group.fault !== null) return;
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
        this.indexFault = null;
        this.tellRefusal();
        this.writer.admit();
        this.rotateIfDue();
        await this.index.merge();
        // It may have become due during the merge, when nobody could start another flush.
        this.rotateIfDue();
      }
    } catch (error) {
      // The generation stays in memory and is tried again with the next durable group or by the timer.
      if (this.indexFault === null) this.options.report({ kind: 'index-failed', error });
      this.indexFault = new AppendsRefusedError(`the index cannot be written (${error instanceof Error ? error.message : String(error)}); it is tried again`, error);
      this.tellRefusal();
      this.writer.admit();
    }
  }

  /** As far as it can be written; the next opening reads the rest from the log. */
  private async indexAll(): Promise<void> {
    await this.flushing;
    for (let before = -1; this.index.isBehind && this.index.indexedPosition > before; ) {
      before = this.index.indexedPosition;
      this.rotateIfDue(true);
      await this.flush();
    }
    this.writer.admit();
  }

  /** Without the mark the next opening only has more to look at. */
  private async markClean(): Promise<void> {
    const { disk, directory, report } = this.options;
    await writeCleanMark(disk, directory, this.group.durable).catch((error: unknown) => report({ kind: 'publish-failed', error }));
  }
}

/** A new segment behind this position; there is nothing in it yet, and it is durable. */
async function beginSegment(segments: Segments, position: number): Promise<DurableMark> {
  const base = position + 1;
  await (await segments.create(base)).close();
  return { position, end: { base, offset: SEGMENT_HEADER_BYTES } };
}
