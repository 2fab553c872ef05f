// LMDB as the key-value port. Commits go through its write thread: a put costs the main thread a third of a microsecond.
import { open, type RootDatabase } from 'lmdb';
import { join } from 'node:path';
import type { Entry, KeyValue, WriteBatch } from './key-value.js';
import { lmdbFault } from './lmdb-file.js';

export interface LmdbOptions {
  readonly path: string;
  readonly readOnly: boolean;
}

/** Throws where the file cannot be one of LMDB's. */
export function openLmdb({ path, readOnly }: LmdbOptions): KeyValue {
  const fault = lmdbFault(join(path, 'data.mdb'));
  if (fault !== null) throw new Error(`data.mdb is damaged: ${fault}`);
  return new LmdbKeyValue(
    open<Buffer, Uint8Array>({
      path,
      readOnly,
      encoding: 'binary',
      keyEncoding: 'binary',
      noMemInit: true,
      noSubdir: false,
      cache: false,
      // With the first, a commit that fails leaves a rejection that nobody can handle, which ends the process; with the second, a
      // close behind such a commit waits for ever.
      eventTurnBatching: false,
      overlappingSync: false,
    }),
  );
}

class LmdbKeyValue implements KeyValue {
  constructor(private readonly db: RootDatabase<Buffer, Uint8Array>) {}

  peek(key: Uint8Array): Uint8Array | undefined {
    return this.db.getBinaryFast(key);
  }

  get(key: Uint8Array): Uint8Array | undefined {
    return this.db.getBinary(key);
  }

  range({ from, before, limit }: { readonly from: Uint8Array; readonly before: Uint8Array; readonly limit: number }): readonly Entry[] {
    const entries: Entry[] = [];
    for (const { key, value } of this.db.getRange({ start: from, end: before, limit })) entries.push({ key, value });
    return entries;
  }

  count(from: Uint8Array, before: Uint8Array): number {
    return this.db.getKeysCount({ start: from, end: before });
  }

  lastIn(from: Uint8Array, to: Uint8Array): Entry | undefined {
    for (const { key, value } of this.db.getRange({ start: to, end: from, reverse: true, inclusiveEnd: true, limit: 1 })) {
      return { key, value };
    }
    return undefined;
  }

  async commit(fill: (batch: WriteBatch) => void): Promise<void> {
    const writes: (readonly [key: Uint8Array, value: Uint8Array | null])[] = [];
    // Gathered first: what LMDB had taken before `fill` threw would go into the next transaction.
    fill({ put: (key, value) => void writes.push([key, value]), remove: (key) => void writes.push([key, null]) });
    try {
      await this.db.batch(() => {
        for (const [key, value] of writes) {
          // LMDB's type asks for Buffer; it takes any bytes. The promises of single writes are settled already: the batch's counts.
          if (value === null) void this.db.remove(key);
          else void this.db.put(key, value as Buffer);
        }
      });
    } catch (error) {
      throw await reasonOf(error);
    }
    this.db.resetReadTxn();
  }

  async clear(): Promise<void> {
    await this.db.clearAsync();
    this.db.resetReadTxn();
  }

  close(): Promise<void> {
    return this.db.close();
  }
}

/** LMDB keeps the reason of a failed commit in a promise of its error, which has to be handled in any case. */
async function reasonOf(error: unknown): Promise<unknown> {
  const { commitError } = error as { readonly commitError?: Promise<never> };
  if (commitError === undefined) return error;
  return commitError.catch((why: unknown) => why ?? error);
}
