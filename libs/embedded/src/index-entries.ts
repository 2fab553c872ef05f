// Keys and values of the index, those of ids aside (id-entries.ts). The first byte of a key says which kind it is; numbers are
// big-endian, so order is theirs.
//
//   name    stream name -> ordinal
//   head    ordinal, 0 -> newest revision, first revision of its last run
//   run     ordinal, 1, first revision -> places: position u48, offset u32 each
//   sparse  position -> segment base, offset
//   mark    -> format version, indexed up to this position, place behind it, next ordinal, when it was recorded
//   damaged -> there if the index led astray: it is built anew
import { getU32, getU48, putText, putU32, putU48 } from './bytes.js';
import { STREAM_NAME_BYTES_MAX } from './limits.js';
import type { LogEnd, Place } from './log-format.js';
import type { SparseMark } from './sparse.js';

const KIND = { name: 2, stream: 3, sparse: 4, mark: 5, damaged: 6 } as const;
const INDEX_VERSION = 2;

export const PLACE_BYTES = 10;
export function nameKey(stream: string): Uint8Array {
  const key = new Uint8Array(1 + 3 * stream.length);
  key[0] = KIND.name;
  return key.subarray(0, Math.min(putText(key, 1, stream), 1 + STREAM_NAME_BYTES_MAX));
}

export function u48Value(value: number): Uint8Array {
  const bytes = new Uint8Array(6);
  putU48(bytes, 0, value);
  return bytes;
}

export function headKey(ordinal: number): Uint8Array {
  const key = new Uint8Array(8);
  key[0] = KIND.stream;
  putU48(key, 1, ordinal);
  return key;
}

export function headValue(revision: number, lastRun: number): Uint8Array {
  const bytes = new Uint8Array(12);
  putU48(bytes, 0, revision);
  putU48(bytes, 6, lastRun);
  return bytes;
}

export function runKey(ordinal: number, firstRevision: number): Uint8Array {
  const key = new Uint8Array(14);
  key[0] = KIND.stream;
  putU48(key, 1, ordinal);
  key[7] = 1;
  putU48(key, 8, firstRevision);
  return key;
}

export function runFirst(key: Uint8Array): number {
  return getU48(key, 8);
}

export function putRunPlace(bytes: Uint8Array, at: number, position: number, offset: number): void {
  putU48(bytes, at, position);
  putU32(bytes, at + 6, offset);
}

export function sparseKey(position: number): Uint8Array {
  const key = new Uint8Array(7);
  key[0] = KIND.sparse;
  putU48(key, 1, position);
  return key;
}

export function sparseValue({ base, offset }: Place): Uint8Array {
  const bytes = new Uint8Array(12);
  putU48(bytes, 0, base);
  putU48(bytes, 6, offset);
  return bytes;
}

export function sparseMark(key: Uint8Array, value: Uint8Array): SparseMark {
  return { position: getU48(key, 1), base: getU48(value, 0), offset: getU48(value, 6) };
}

export const MARK_KEY = Uint8Array.of(KIND.mark);
export const DAMAGED_KEY = Uint8Array.of(KIND.damaged);

/** How far the index has come. */
export interface IndexMark {
  /** The newest indexed position; 0 for none. */
  readonly position: number;
  /** Right behind it in the log, or null before the first segment. */
  readonly place: LogEnd | null;
  readonly nextOrdinal: number;
}

export function markValue({ position, place, nextOrdinal }: IndexMark): Uint8Array {
  const bytes = new Uint8Array(34);
  putU32(bytes, 0, INDEX_VERSION);
  putU48(bytes, 4, position);
  putU48(bytes, 10, place?.base ?? 0);
  putU48(bytes, 16, place?.offset ?? 0);
  putU48(bytes, 22, nextOrdinal);
  putU48(bytes, 28, place?.recordedAt ?? 0);
  return bytes;
}

/** Null when there is no mark or when another version of this program wrote it: the index is built anew. */
export function readMark(bytes: Uint8Array | undefined): IndexMark | null {
  if (bytes === undefined || getU32(bytes, 0) !== INDEX_VERSION) return null;
  const base = getU48(bytes, 10);
  return { position: getU48(bytes, 4), place: base === 0 ? null : { base, offset: getU48(bytes, 16), recordedAt: getU48(bytes, 28) }, nextOrdinal: getU48(bytes, 22) };
}
