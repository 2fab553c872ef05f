// The limit of everything that is durable: bytes appended to a file, an fdatasync after them, and nothing else. What arrives
// while one is under way goes together into the next.
import { close, fdatasync, openSync, write } from 'node:fs';
import { promisify } from 'node:util';

const writeBytes = promisify(write);
const sync = promisify(fdatasync);

export class JoinedFile {
  private readonly fd: number;
  private waiting: { readonly bytes: Uint8Array; readonly done: () => void; readonly fail: (error: unknown) => void }[] = [];
  private writing = false;

  constructor(path: string) {
    this.fd = openSync(path, 'ax', 0o640);
  }

  /** Resolves when the bytes are durable. */
  append(bytes: Uint8Array): Promise<void> {
    return new Promise((done, fail) => {
      this.waiting.push({ bytes, done, fail });
      if (this.writing) return;
      this.writing = true;
      // What else this turn of the event loop brings comes along, as it does in the store.
      setImmediate(() => void this.drain());
    });
  }

  close(): Promise<void> {
    return promisify(close)(this.fd);
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) {
      const group = this.waiting;
      this.waiting = [];
      try {
        const [first] = group;
        const bytes = first !== undefined && group.length === 1 ? first.bytes : Buffer.concat(group.map((entry) => entry.bytes));
        for (let from = 0; from < bytes.length; ) from += (await writeBytes(this.fd, bytes, from, bytes.length - from, null)).bytesWritten;
        await sync(this.fd);
        for (const { done } of group) done();
      } catch (error) {
        for (const { fail } of group) fail(error);
      }
    }
    this.writing = false;
  }
}
