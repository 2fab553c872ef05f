// One run of ids: what is known of it in memory, and how it is put together.
import { blockKey, BLOCK_ENTRIES, ENTRY_BYTES, entryWords, ID_BYTES } from './id-entries.js';
import { IdFilter, idHashes } from './id-filter.js';
import type { WriteBatch } from './key-value.js';

export interface IdRun {
  readonly number: number;
  readonly level: number;
  readonly count: number;
  readonly fences: Uint8Array;
  readonly filter: IdFilter;
}

/** Puts a run together, block by block. */
export class RunBuilder {
  private readonly fences: Uint8Array;
  private readonly filter: IdFilter;
  private blocks = 0;
  private count = 0;
  private readonly words = new Uint32Array(4);
  private readonly hashes = { high: 0, low: 0 };

  /** `room`: at most so many entries. */
  constructor(
    readonly number: number,
    room: number,
  ) {
    this.fences = new Uint8Array(ID_BYTES * Math.ceil(room / BLOCK_ENTRIES));
    this.filter = IdFilter.for(room);
  }

  /** The next entries, at most `BLOCK_ENTRIES`, all behind those before; the bytes must not change before the transaction stands. */
  put(batch: WriteBatch, entries: Uint8Array): void {
    batch.put(blockKey(this.number, entries, 0), entries);
    this.fences.set(entries.subarray(0, ID_BYTES), ID_BYTES * this.blocks++);
    for (let at = 0; at < entries.length; at += ENTRY_BYTES) {
      entryWords(entries, at, this.words);
      idHashes(this.words, 0, this.hashes);
      this.filter.add(this.hashes.high, this.hashes.low);
      this.count++;
    }
  }

  done(level: number): IdRun {
    return { number: this.number, level, count: this.count, fences: this.fences.subarray(0, ID_BYTES * this.blocks), filter: this.filter };
  }
}
