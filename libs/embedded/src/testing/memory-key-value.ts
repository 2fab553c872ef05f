// The key-value port in memory, for tests that open a store hundreds of times. A commit is seen after a turn, as with LMDB.
import type { Entry, KeyValue, WriteBatch } from '../key-value.js';

export class MemoryKeyValue implements KeyValue {
  private entries = new Map<string, Uint8Array>();
  private sorted: string[] | null = null;
  /** Rejects the next commits while it is set. */
  fault: Error | null = null;

  /** A copy as it is now: what a crash may go back to. */
  snapshot(): MemoryKeyValue {
    const copy = new MemoryKeyValue();
    copy.entries = new Map(this.entries);
    return copy;
  }

  peek(key: Uint8Array): Uint8Array | undefined {
    return this.entries.get(textOf(key));
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.peek(key)?.slice();
  }

  range({ from, before, limit }: { readonly from: Uint8Array; readonly before: Uint8Array; readonly limit: number }): readonly Entry[] {
    const keys = this.keys();
    const start = lowerBound(keys, textOf(from));
    return keys.slice(start, Math.min(start + limit, lowerBound(keys, textOf(before)))).map((key) => this.entry(key));
  }

  count(from: Uint8Array, before: Uint8Array): number {
    const keys = this.keys();
    return lowerBound(keys, textOf(before)) - lowerBound(keys, textOf(from));
  }

  lastIn(from: Uint8Array, to: Uint8Array): Entry | undefined {
    const keys = this.keys();
    const key = keys[lowerBound(keys, `${textOf(to)}\0`) - 1];
    return key === undefined || key < textOf(from) ? undefined : this.entry(key);
  }

  async commit(fill: (batch: WriteBatch) => void): Promise<void> {
    const writes: [string, Uint8Array | null][] = [];
    fill({ put: (key, value) => void writes.push([textOf(key), value]), remove: (key) => void writes.push([textOf(key), null]) });
    await new Promise(setImmediate);
    if (this.fault !== null) throw this.fault;
    for (const [key, value] of writes) {
      if (value === null) this.entries.delete(key);
      else this.entries.set(key, value.slice());
    }
    this.sorted = null;
  }

  clear(): Promise<void> {
    this.entries.clear();
    this.sorted = null;
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private keys(): string[] {
    return (this.sorted ??= [...this.entries.keys()].sort());
  }

  private entry(key: string): Entry {
    return { key: Buffer.from(key, 'latin1'), value: this.entries.get(key)?.slice() ?? new Uint8Array() };
  }
}

/** One character a byte, so that strings are in the order of the bytes. */
function textOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('latin1');
}

function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
