// How the log lies on disk: segments of batches of frames. Numbers are big-endian; checksums are CRC-32.
//
//   segment  "TRLSLOG\n", version u32, position of its first event u48, crc u32 over all before
//   batch    crc u32 over all behind it, magic u32, length u32 (whole batch), count u32, first position u48,
//            recorded at u48 (ms since 1970), highest position durable before u48
//   frame    see frame.ts
//
// A batch is what one write carried. Its checksum makes it whole or torn; its mark of what was durable before it
// is what lets recovery tell a torn end from damaged history.
//
// A segment ends where the next one begins, as its name says. What lies behind that is what a failed write left.
//
// Version 2 knows erased frames and such left-overs; version 1 had neither. A segment is never gone on with in another
// version than its own: a new one begins.
import { crc32 } from 'node:zlib';
import { getU32, getU48, putU32, putU48 } from './bytes.js';

export const FORMAT_VERSION = 2;
const FORMAT_VERSION_LEAST = 1;
export const SEGMENT_HEADER_BYTES = 22;
export const BATCH_HEADER_BYTES = 34;

const SEGMENT_MAGIC = Buffer.from('TRLSLOG\n', 'latin1');
const BATCH_MAGIC = 0xba7c_4e0d;

/** To look for batches where none is expected: they stand 4 bytes behind a batch's beginning. */
export const BATCH_MAGIC_BYTES = Buffer.of(0xba, 0x7c, 0x4e, 0x0d);

/** Where something lies: the segment by its first position, and the offset in its file. */
export interface Place {
  readonly base: number;
  readonly offset: number;
}

/** The place behind a batch, and when that batch was recorded: later ones must not be older. */
export interface LogEnd extends Place {
  readonly recordedAt: number;
}

export interface BatchHeader {
  readonly length: number;
  readonly count: number;
  readonly firstPosition: number;
  readonly recordedAt: number;
  readonly durableBefore: number;
}

export function segmentHeader(base: number, version = FORMAT_VERSION): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  bytes.set(SEGMENT_MAGIC);
  putU32(bytes, 8, version);
  putU48(bytes, 12, base);
  putU32(bytes, 18, crc32(bytes.subarray(0, 18)));
  return bytes;
}

export function segmentVersion(bytes: Uint8Array): number {
  return getU32(bytes, 8);
}

/** What is wrong with a segment's header, or null. */
export function segmentFault(bytes: Uint8Array, base: number): string | null {
  if (bytes.length < SEGMENT_HEADER_BYTES) return 'the segment has no whole header';
  if (!SEGMENT_MAGIC.equals(bytes.subarray(0, 8))) return 'this is not a segment of a log';
  if (crc32(bytes.subarray(0, 18)) !== getU32(bytes, 18)) return 'the checksum of the segment header does not match';
  const version = segmentVersion(bytes);
  if (version < FORMAT_VERSION_LEAST || version > FORMAT_VERSION) {
    return `the format is version ${version}; this program reads the versions ${FORMAT_VERSION_LEAST} to ${FORMAT_VERSION}`;
  }
  const found = getU48(bytes, 12);
  return found === base ? null : `the segment says that it begins at ${found}, its name ${base}`;
}

/** Fills in the header of the batch that is all of `bytes`. */
export function sealBatch(bytes: Uint8Array, header: Omit<BatchHeader, 'length'>): void {
  putU32(bytes, 4, BATCH_MAGIC);
  putU32(bytes, 8, bytes.length);
  putU32(bytes, 12, header.count);
  putU48(bytes, 16, header.firstPosition);
  putU48(bytes, 22, header.recordedAt);
  putU48(bytes, 28, header.durableBefore);
  putU32(bytes, 0, crc32(bytes.subarray(4)));
}

/** The header at `at`, unverified, or null when no batch begins there. */
export function batchHeader(bytes: Uint8Array, at: number): BatchHeader | null {
  if (bytes.length - at < BATCH_HEADER_BYTES || getU32(bytes, at + 4) !== BATCH_MAGIC) return null;
  const length = getU32(bytes, at + 8);
  if (length < BATCH_HEADER_BYTES) return null;
  return {
    length,
    count: getU32(bytes, at + 12),
    firstPosition: getU48(bytes, at + 16),
    recordedAt: getU48(bytes, at + 22),
    durableBefore: getU48(bytes, at + 28),
  };
}

/** Whether the batch of that length at `at`, all of it in `bytes`, is what was written. */
export function batchIsWhole(bytes: Uint8Array, at: number, length: number): boolean {
  return at + length <= bytes.length && crc32(bytes.subarray(at + 4, at + length)) === getU32(bytes, at);
}
