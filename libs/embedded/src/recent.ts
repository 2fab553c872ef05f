// The newest durable batches in memory, so that followers and fresh reads touch no disk.
import { RECENT_BYTES_MAX } from './limits.js';

export interface RecentBatch {
  readonly firstPosition: number;
  readonly count: number;
  /** The whole batch as it lies on disk, header first. Never changed. */
  readonly bytes: Uint8Array;
  /** Where it lies in its segment. */
  readonly offset: number;
}

/** So many empty places are taken away together, which costs little each time. */
const COMPACT_AT = 1_024;

export class Recent {
  private readonly batches: (RecentBatch | undefined)[] = [];
  private start = 0;
  private size = 0;

  constructor(private readonly bytesMax = RECENT_BYTES_MAX) {}

  push(batch: RecentBatch): void {
    this.batches.push(batch);
    this.size += batch.bytes.length;
    while (this.size > this.bytesMax && this.start < this.batches.length - 1) {
      this.size -= this.batches[this.start]?.bytes.length ?? 0;
      // Let go at once: the places before `start` are only taken away now and then.
      this.batches[this.start] = undefined;
      this.start++;
    }
    if (this.start >= COMPACT_AT) {
      this.batches.splice(0, this.start);
      this.start = 0;
    }
  }

  /** The batch that holds the position, or undefined when it is not in memory. */
  at(position: number): RecentBatch | undefined {
    let low = this.start;
    let high = this.batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.batches[middle]?.firstPosition ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    const batch = low > this.start ? this.batches[low - 1] : undefined;
    return batch !== undefined && position < batch.firstPosition + batch.count ? batch : undefined;
  }
}
