// The reading side of a log that nobody writes: up to a position that was found to be whole, durable or not.
import type { EventIndex } from './event-index.js';
import { SEGMENT_HEADER_BYTES } from './log-format.js';
import type { LogParts } from './log-reader.js';
import { Waiting, type LogSource } from './log-source.js';
import { Recent } from './recent.js';
import { readInto } from './recovery.js';
import { SegmentScan } from './segment-scan.js';
import type { Segments } from './segments.js';

/** Events that the index does not have are held in memory: at most so many. */
const UNINDEXED_EVENTS_MAX = 500_000;

export class StillLog implements LogSource {
  readonly closed = false;
  readonly log: LogParts;
  private readonly waiting = new Waiting();

  private constructor(
    segments: Segments,
    readonly index: EventIndex,
    readonly durablePosition: number,
  ) {
    this.log = { segments, recent: new Recent(), sparse: index.sparse };
  }

  /** Null where the index has to be built first. */
  static async open(segments: Segments, index: EventIndex, position: number): Promise<StillLog | null> {
    const mark = index.load();
    if (position - mark.position > UNINDEXED_EVENTS_MAX || (mark.position > 0 && !index.isUsable)) return null;
    const place = mark.place ?? { base: segments.bases[0] ?? 1, offset: SEGMENT_HEADER_BYTES };
    await readInto(index, segments, { scan: new SegmentScan(segments, place, mark.position + 1), to: position });
    return new StillLog(segments, index, position);
  }

  refresh(): undefined {
    return undefined;
  }

  /** Nothing more comes. */
  more(_position: number, signal: AbortSignal): Promise<void> {
    return this.waiting.wait(signal);
  }

  indexDamaged(): Promise<void> {
    return Promise.resolve();
  }

  damageFound(): void {
    return;
  }
}
