// Makes sure of a tail that nothing says was durable, before anybody is shown it: a process that ended between its write and its
// sync left it in the memory of the system only, and after a failed sync the system may believe that the disk has what it has
// not, and forget it at any time. So the very bytes that were verified are written once more, and synced.
import type { Disk, DiskFile } from './disk.js';
import { SEGMENT_HEADER_BYTES, segmentHeader, type Place } from './log-format.js';
import type { ScannedBatch } from './segment-scan.js';
import type { Segments } from './segments.js';

export class Renewal {
  private file: DiskFile | null = null;
  private base = 0;

  constructor(
    private readonly disk: Disk,
    private readonly segments: Segments,
  ) {}

  /** In the order of the log. */
  async batch({ bytes, at, header, place }: ScannedBatch): Promise<void> {
    const file = await this.fileOf(place);
    await file.write(bytes.subarray(at, at + header.length), place.offset);
  }

  /** A segment that was made and not used: its header is as unsure as a batch. */
  async segment(place: Place): Promise<void> {
    await this.fileOf(place);
  }

  /** Durable once it resolves. */
  async done(): Promise<void> {
    await this.file?.sync();
    await this.close();
  }

  /** Without a promise of anything. */
  async close(): Promise<void> {
    const { file } = this;
    this.file = null;
    await file?.close();
  }

  private async fileOf({ base, offset }: Place): Promise<DiskFile> {
    if (this.file !== null && this.base === base) return this.file;
    await this.done();
    const version = await this.segments.checkHeader(base);
    const file = await this.disk.open(this.segments.pathOf(base), 'write');
    this.file = file;
    this.base = base;
    if (offset === SEGMENT_HEADER_BYTES) await file.write(segmentHeader(base, version), 0);
    return file;
  }
}
