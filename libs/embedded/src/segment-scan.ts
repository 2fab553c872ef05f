// Walks the batches of the log from a place on, and verifies each. Whoever walks decides what a fault means.
import { batchHeader, batchIsWhole, BATCH_HEADER_BYTES, SEGMENT_HEADER_BYTES, type BatchHeader, type Place } from './log-format.js';
import { PAGE_BYTES, READ_FIRST_BYTES } from './limits.js';
import type { Segments } from './segments.js';

export interface ScannedBatch {
  readonly bytes: Uint8Array;
  /** Where the batch begins in `bytes`. */
  readonly at: number;
  readonly header: BatchHeader;
  readonly place: Place;
}

export type Scanned = ScannedBatch | { readonly fault: string } | 'end';

export class SegmentScan {
  private bytes = new Uint8Array(0);
  /** Offset in the file of the first of `bytes`. */
  private from = 0;
  private ahead = READ_FIRST_BYTES;

  /** `position` is that of the batch at `place`. */
  constructor(
    private readonly segments: Segments,
    public place: Place,
    public position: number,
  ) {}

  /**
   * The next batch with a position from `from` on, or what is wrong in its place, or the end of the log. Batches before
   * that are passed over unverified, so that damage hides nothing behind it. After a fault the scan stays where it is.
   */
  async next(from = 0): Promise<Scanned> {
    for (let asked = 0; ; ) {
      const ends = this.segments.after(this.place.base);
      if (ends !== this.position && this.available() < BATCH_HEADER_BYTES) await this.fill(BATCH_HEADER_BYTES);
      if (ends === this.position || this.available() === 0) {
        const fault = await this.nextSegment(ends);
        if (fault !== null) return fault;
        continue;
      }
      const header = batchHeader(this.bytes, this.at());
      if (header === null) return { fault: 'no batch begins here' };
      if (header.firstPosition === this.position && header.firstPosition + header.count <= from) {
        this.pass(header);
        continue;
      }
      if (header.length > this.available() && header.length > asked) {
        asked = header.length;
        await this.fill(asked);
        continue;
      }
      const at = this.at();
      if (header.length > this.available()) return { fault: 'the batch is cut short' };
      if (!batchIsWhole(this.bytes, at, header.length)) return { fault: 'the checksum of the batch does not match' };
      if (header.firstPosition !== this.position) return { fault: `the batch says that it begins at ${header.firstPosition}` };
      if (ends !== undefined && header.firstPosition + header.count > ends) return { fault: `the batch reaches beyond ${ends}, where the next segment begins` };
      const { place } = this;
      this.pass(header);
      return { bytes: this.bytes, at, header, place };
    }
  }

  /** Lets go of what was read ahead: it may have been read before it was durable, and be something else now. */
  forget(): void {
    this.bytes = new Uint8Array(0);
    this.from = this.place.offset;
  }

  private pass({ length, count }: BatchHeader): void {
    this.place = { base: this.place.base, offset: this.place.offset + length };
    this.position += count;
  }

  /** Goes on with the segment at `base`; answers why it cannot. */
  private async nextSegment(base: number | undefined): Promise<Scanned | null> {
    if (base === undefined) return 'end';
    if (base !== this.position) return { fault: `the next segment begins at ${base}` };
    await this.segments.checkHeader(base);
    this.place = { base, offset: SEGMENT_HEADER_BYTES };
    this.bytes = new Uint8Array(0);
    this.from = SEGMENT_HEADER_BYTES;
    return null;
  }

  private at(): number {
    return this.place.offset - this.from;
  }

  private available(): number {
    return Math.max(0, this.bytes.length - this.at());
  }

  /** Reads at least so many bytes, and the more the longer this scan goes on. */
  private async fill(least: number): Promise<void> {
    // Not into the old buffer: records that were handed out are views of it.
    const bytes = Buffer.allocUnsafeSlow(Math.max(least, this.ahead));
    this.ahead = Math.min(PAGE_BYTES, 2 * this.ahead);
    const count = await this.segments.read(this.place.base, bytes, this.place.offset);
    this.bytes = new Uint8Array(bytes.buffer, 0, count);
    this.from = this.place.offset;
  }
}
