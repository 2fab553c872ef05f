// Every so many bytes of the log, one position and its place: where a scan that begins in the middle starts.
import { SPARSE_BYTES } from './limits.js';
import type { Place } from './log-format.js';

export interface SparseMark extends Place {
  /** The first position of the batch that begins there. */
  readonly position: number;
}

/** 8,000 marks for two gigabytes, so all of them are in memory; the index keeps them for the next start. */
export class Sparse {
  private readonly marks: SparseMark[] = [];

  clear(): void {
    this.marks.length = 0;
  }

  /** Notes a batch, in the order of the log, unless the mark before it is near. */
  note(mark: SparseMark): void {
    const last = this.marks.at(-1);
    if (last !== undefined && mark.position <= last.position) return;
    if (last === undefined || mark.base !== last.base || mark.offset - last.offset >= SPARSE_BYTES) this.marks.push(mark);
  }

  /** The last mark at or before the position. */
  floor(position: number): SparseMark | undefined {
    return this.marks[this.below(position + 1) - 1];
  }

  /** Marks with `from` <= position < `before`. */
  between(from: number, before: number): readonly SparseMark[] {
    return this.marks.slice(this.below(from), this.below(before));
  }

  private below(position: number): number {
    let low = 0;
    let high = this.marks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.marks[middle]?.position ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
