// The durable head, published for other processes. Behind the acknowledgement, and never ahead of what is durable.
import { join } from 'node:path';
import type { Disk, DiskFile } from './disk.js';
import { HEAD_FILE, markBytes, type DurableMark } from './durable-mark.js';
import { PUBLISH_DELAY_MS } from './limits.js';
import type { Scheduler } from './scheduler.js';

export class HeadFile {
  private newest: DurableMark | null = null;
  private writing: Promise<void> | null = null;
  private waits = false;
  private closing = false;

  private constructor(
    private readonly file: DiskFile,
    private readonly scheduler: Scheduler,
    private readonly failed: (error: unknown) => void,
  ) {}

  static async open(parts: { readonly disk: Disk; readonly directory: string; readonly scheduler: Scheduler; readonly failed: (error: unknown) => void }): Promise<HeadFile> {
    return new HeadFile(await parts.disk.open(join(parts.directory, HEAD_FILE), 'write'), parts.scheduler, parts.failed);
  }

  /** At once, or together with what comes within a few milliseconds. */
  publish(mark: DurableMark): void {
    this.newest = mark;
    if (this.waits || this.writing !== null || this.closing) return;
    void this.write();
    this.waits = true;
    this.scheduler.later(PUBLISH_DELAY_MS, () => {
      this.waits = false;
      this.publishWaiting();
    });
  }

  async close(): Promise<void> {
    this.closing = true;
    await this.writing;
    await this.write();
    await this.file.close();
  }

  private async write(): Promise<void> {
    const mark = this.newest;
    if (mark === null) return;
    this.newest = null;
    this.writing = this.file.write(markBytes(mark), 0).catch(this.failed);
    await this.writing;
    this.writing = null;
    // What came during a write that took longer than the delay has no timer any more.
    this.publishWaiting();
  }

  private publishWaiting(): void {
    if (this.newest !== null) this.publish(this.newest);
  }
}
