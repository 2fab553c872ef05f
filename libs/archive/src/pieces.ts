// Memory in pieces of one size that are used again: histories that come and go by the thousand, each with memory of its own, would
// leave holes in it.

export const PIECE_BYTES = 1_024;
const SLAB_PIECES = 4_096;

export class Pieces {
  private readonly free: Buffer[] = [];
  private slab = Buffer.alloc(0);
  private end = 0;

  /** What is in it is what was in it before. */
  take(): Buffer {
    const piece = this.free.pop();
    if (piece !== undefined) return piece;
    if (this.end === this.slab.length) {
      this.slab = Buffer.allocUnsafeSlow(SLAB_PIECES * PIECE_BYTES);
      this.end = 0;
    }
    this.end += PIECE_BYTES;
    return this.slab.subarray(this.end - PIECE_BYTES, this.end);
  }

  giveBack(pieces: readonly Buffer[]): void {
    for (const piece of pieces) this.free.push(piece);
  }
}
