// Writes a segment of the log anew under another name: batches that are whole as they were, and in new batches single events, saved
// or erased.
import type { Disk, DiskFile } from './disk.js';
import { FRAME_HEADER_BYTES, FRAME_KIND, putFrame, type FrameFields } from './frame.js';
import { GROUP_BYTES } from './limits.js';
import { BATCH_HEADER_BYTES, sealBatch, SEGMENT_HEADER_BYTES, segmentHeader } from './log-format.js';

/** Room for the longest stream name and type, at three bytes a character. */
const ERASED_BYTES_MAX = FRAME_HEADER_BYTES + 3 * 1_024;

export class RepairedSegment {
  private written = SEGMENT_HEADER_BYTES;
  /** The batch that single events go into. */
  private readonly bytes = new Uint8Array(2 * GROUP_BYTES);
  private end = BATCH_HEADER_BYTES;
  private count = 0;
  private firstPosition = 0;
  private recordedAt = 0;
  private isOpen = true;

  private constructor(
    readonly base: number,
    readonly path: string,
    private readonly file: DiskFile,
  ) {}

  static async begin(disk: Disk, base: number, path: string): Promise<RepairedSegment> {
    // What a repair that broke off has left.
    await disk.remove(path);
    const file = await disk.open(path, 'create');
    await file.write(segmentHeader(base), 0);
    return new RepairedSegment(base, path, file);
  }

  get length(): number {
    return this.written + (this.count === 0 ? 0 : this.end);
  }

  async batch(bytes: Uint8Array): Promise<void> {
    await this.closeBatch();
    await this.write(bytes);
  }

  /** An event as its frame was written. */
  async frame(frame: Uint8Array, event: { readonly position: number; readonly recordedAt: number }): Promise<void> {
    await this.room(event, frame.length);
    this.bytes.set(frame, this.end);
    this.end += frame.length;
    this.count++;
  }

  /** An event of which nothing but its place is left. */
  async erased(fields: FrameFields): Promise<void> {
    await this.room(fields, ERASED_BYTES_MAX);
    this.end = putFrame(this.bytes, this.end, fields, FRAME_KIND.erased);
    this.count++;
  }

  /** Durable when this resolves, under the name that it was begun with. */
  async finish(): Promise<void> {
    await this.closeBatch();
    await this.file.sync();
    await this.close();
  }

  async close(): Promise<void> {
    if (!this.isOpen) return;
    this.isOpen = false;
    await this.file.close();
  }

  /** The events of a batch were recorded together. */
  private async room({ position, recordedAt }: { readonly position: number; readonly recordedAt: number }, bytes: number): Promise<void> {
    if (this.count > 0 && (recordedAt !== this.recordedAt || this.end + bytes > this.bytes.length || this.end > GROUP_BYTES)) await this.closeBatch();
    if (this.count > 0) return;
    this.firstPosition = position;
    this.recordedAt = recordedAt;
  }

  private async closeBatch(): Promise<void> {
    if (this.count === 0) return;
    const { count, firstPosition, recordedAt } = this;
    const bytes = this.bytes.slice(0, this.end);
    // All before it is durable before the segment gets its name.
    sealBatch(bytes, { count, firstPosition, recordedAt, durableBefore: firstPosition - 1 });
    this.count = 0;
    this.end = BATCH_HEADER_BYTES;
    await this.write(bytes);
  }

  private async write(bytes: Uint8Array): Promise<void> {
    await this.file.write(bytes, this.written);
    this.written += bytes.length;
  }
}
