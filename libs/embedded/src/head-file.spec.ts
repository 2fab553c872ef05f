// The head that other processes read: newest at last, however slow its writes are.
import { nodeDisk, type Disk, type DiskFile } from './disk.js';
import { markIn, type DurableMark } from './durable-mark.js';
import { HeadFile } from './head-file.js';
import type { Scheduler } from './scheduler.js';

const markAt = (position: number): DurableMark => ({ position, end: { base: 1, offset: position * 10 } });

/** Writes end when the spec says so, and time passes when it says so. */
class SlowFile implements Pick<DiskFile, 'write' | 'close'> {
  readonly written: (number | undefined)[] = [];
  closedDuringWrite: boolean | null = null;
  private readonly ends: (() => void)[] = [];

  write(bytes: Uint8Array): Promise<void> {
    this.written.push(markIn(bytes)?.position);
    return new Promise((resolve) => this.ends.push(resolve));
  }

  close(): Promise<void> {
    this.closedDuringWrite = this.ends.length > 0;
    return Promise.resolve();
  }

  async endWrite(): Promise<void> {
    this.ends.shift()?.();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

class HandTimer implements Scheduler {
  private due: (() => void)[] = [];

  soon(run: () => void): void {
    run();
  }

  later(_delayMs: number, run: () => void): () => void {
    this.due.push(run);
    return () => undefined;
  }

  pass(): void {
    for (const run of this.due.splice(0)) run();
  }
}

let file: SlowFile;
let timer: HandTimer;
let head: HeadFile;
const faults: unknown[] = [];
beforeEach(async () => {
  file = new SlowFile();
  timer = new HandTimer();
  // The cast: a head is only written and closed.
  const disk: Disk = { ...nodeDisk, open: () => Promise.resolve(file as unknown as DiskFile) };
  head = await HeadFile.open({ disk, directory: '/none', scheduler: timer, failed: (error) => faults.push(error) });
});
afterEach(() => expect(faults).toEqual([]));

it('is written at once, and what comes within the delay together', async () => {
  for (const position of [1, 2, 3]) head.publish(markAt(position));
  expect(file.written).toEqual([1]);
  await file.endWrite();
  timer.pass();
  expect(file.written).toEqual([1, 3]);
});

it('is written again when the one before took longer than the delay', async () => {
  head.publish(markAt(1));
  head.publish(markAt(2));
  timer.pass();
  await file.endWrite();
  timer.pass();
  expect(file.written).toEqual([1, 2]);
});

it('is written to the last before it is closed', async () => {
  head.publish(markAt(1));
  head.publish(markAt(2));
  const closed = head.close();
  await file.endWrite();
  expect([file.written, file.closedDuringWrite]).toEqual([[1, 2], null]);
  await file.endWrite();
  await closed;
  timer.pass();
  expect([file.written, file.closedDuringWrite]).toEqual([[1, 2], false]);
});
