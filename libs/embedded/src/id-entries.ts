// How the index keeps ids: in runs, each sorted and never changed, of blocks that fill a page of LMDB. Keys are big-endian.
//
//   block  7, run u48, first id 16 bytes -> entries, sorted by id
//   run    8, run u48 -> level u8, entries u48, blocks u32, the first id of each block, the filter
//   entry  id 16 bytes, ordinal u48, position u48, offset u32, revision u48, digest 8 bytes
import { getU32, getU48, putU32, putU48 } from './bytes.js';

const KIND = { block: 7, run: 8 } as const;

export const ID_BYTES = 16;
export const ENTRY_BYTES = 46;
/** With LMDB's header a block of so many fits a page of 4 KiB, and is one write. */
export const BLOCK_ENTRIES = 88;

const RUN_HEAD_BYTES = 11;

/** What is found of an id. */
export interface IdHit {
  ordinal: number;
  position: number;
  offset: number;
  revision: number;
  digestHigh: number;
  digestLow: number;
}

export function putEntry(bytes: Uint8Array, at: number, hit: IdHit, words: Uint32Array, wordsAt: number): void {
  for (let n = 0; n < 4; n++) putU32(bytes, at + 4 * n, words[wordsAt + n] ?? 0);
  putU48(bytes, at + 16, hit.ordinal);
  putU48(bytes, at + 22, hit.position);
  putU32(bytes, at + 28, hit.offset);
  putU48(bytes, at + 32, hit.revision);
  putU32(bytes, at + 38, hit.digestHigh);
  putU32(bytes, at + 42, hit.digestLow);
}

export function readEntry(bytes: Uint8Array, at: number, hit: IdHit): void {
  hit.ordinal = getU48(bytes, at + 16);
  hit.position = getU48(bytes, at + 22);
  hit.offset = getU32(bytes, at + 28);
  hit.revision = getU48(bytes, at + 32);
  hit.digestHigh = getU32(bytes, at + 38);
  hit.digestLow = getU32(bytes, at + 42);
}

/** The four words of the id at `at`. */
export function entryWords(bytes: Uint8Array, at: number, words: Uint32Array): void {
  for (let n = 0; n < 4; n++) words[n] = getU32(bytes, at + 4 * n);
}

/** The order of the id at `at` and the one in `words`. */
export function compareId(bytes: Uint8Array, at: number, words: Uint32Array, wordsAt: number): number {
  for (let n = 0; n < 4; n++) {
    const difference = getU32(bytes, at + 4 * n) - (words[wordsAt + n] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** The order of the ids at two places. */
export function compareIds(one: Uint8Array, at: number, other: Uint8Array, otherAt: number): number {
  for (let n = 0; n < ID_BYTES; n++) {
    const difference = (one[at + n] ?? 0) - (other[otherAt + n] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function blockKey(run: number, ids: Uint8Array, at: number): Uint8Array {
  const key = new Uint8Array(7 + ID_BYTES);
  key[0] = KIND.block;
  putU48(key, 1, run);
  key.set(ids.subarray(at, at + ID_BYTES), 7);
  return key;
}

/** All blocks of the run lie from here to before that of the next. */
export function blocksFrom(run: number): Uint8Array {
  const key = new Uint8Array(7);
  key[0] = KIND.block;
  putU48(key, 1, run);
  return key;
}

/** Behind the blocks of every run. */
export const BLOCKS_END = Uint8Array.of(KIND.block + 1);

export function runOfBlock(key: Uint8Array): number {
  return getU48(key, 1);
}

export function runKey(run: number): Uint8Array {
  const key = new Uint8Array(7);
  key[0] = KIND.run;
  putU48(key, 1, run);
  return key;
}

export const RUNS = { from: Uint8Array.of(KIND.run), before: Uint8Array.of(KIND.run + 1) };

export interface RunParts {
  /** How many times its entries were merged. */
  readonly level: number;
  readonly count: number;
  /** The first id of each block. */
  readonly fences: Uint8Array;
  readonly filter: Uint8Array;
}

export function runValue({ level, count, fences, filter }: RunParts): Uint8Array {
  const bytes = new Uint8Array(RUN_HEAD_BYTES + fences.length + filter.length);
  bytes[0] = level;
  putU48(bytes, 1, count);
  putU32(bytes, 7, fences.length / ID_BYTES);
  bytes.set(fences, RUN_HEAD_BYTES);
  bytes.set(filter, RUN_HEAD_BYTES + fences.length);
  return bytes;
}

export function readRun(value: Uint8Array): RunParts {
  const end = RUN_HEAD_BYTES + getU32(value, 7) * ID_BYTES;
  return { level: value[0] ?? 0, count: getU48(value, 1), fences: new Uint8Array(value.subarray(RUN_HEAD_BYTES, end)), filter: value.subarray(end, value.length) };
}

export function runOfKey(key: Uint8Array): number {
  return getU48(key, 1);
}
