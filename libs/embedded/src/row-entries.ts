// Keys and values of the rows. Names end in a zero byte, so no view's keys run into another's.
//
//   row         1, view, 0, generation u32, key -> crc u32 over all behind it, revision u48, version length u16, version, bytes
//   checkpoint  2, view, 0, generation u32 -> position
//   live        3, view, 0 -> generation u32
import { crc32 } from 'node:zlib';
import type { Row } from '@trellis/event-sourcing';
import { getU16, getU32, getU48, putU16, putU32, putU48 } from './bytes.js';
import { ROW_KEY_BYTES_MAX } from './limits.js';

const KIND = { row: 1, checkpoint: 2, live: 3 } as const;
const HEAD_BYTES = 12;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

export interface Build {
  readonly name: string;
  readonly generation: number;
}

function prefixed(kind: number, name: string, rest: number): { bytes: Uint8Array; at: number } {
  const text = encoder.encode(name);
  const bytes = new Uint8Array(2 + text.length + rest);
  bytes[0] = kind;
  bytes.set(text, 1);
  return { bytes, at: 2 + text.length };
}

/** What all row keys of the build begin with, then `key`. */
export function rowKey({ name, generation }: Build, key: string): Uint8Array {
  const text = encoder.encode(key);
  if (text.length + name.length > ROW_KEY_BYTES_MAX) throw new Error(`${name}: a key of ${text.length} bytes; view and key may have ${ROW_KEY_BYTES_MAX}`);
  const { bytes, at } = prefixed(KIND.row, name, 4 + text.length);
  putU32(bytes, at, generation);
  bytes.set(text, at + 4);
  return bytes;
}

/** Behind every key of the build that begins with `prefix`. No text in UTF-8 has the byte 255. */
export function rowsBehind(build: Build, prefix: string): Uint8Array {
  const key = rowKey(build, prefix);
  const end = new Uint8Array(key.length + 1);
  end.set(key);
  end[key.length] = 255;
  return end;
}

export function keyOfRow(build: Build, key: Uint8Array): string {
  return decoder.decode(key.subarray(rowKey(build, '').length));
}

export function checkpointKey({ name, generation }: Build): Uint8Array {
  const { bytes, at } = prefixed(KIND.checkpoint, name, 4);
  putU32(bytes, at, generation);
  return bytes;
}

/** All checkpoints, of every build: from, and before. */
export const CHECKPOINTS = { from: Uint8Array.of(KIND.checkpoint), before: Uint8Array.of(KIND.checkpoint + 1) };

/** The build whose checkpoint has this key. */
export function buildOfCheckpoint(key: Uint8Array): Build {
  return { name: decoder.decode(key.subarray(1, key.length - 5)), generation: getU32(key, key.length - 4) };
}

export function liveKey(name: string): Uint8Array {
  return prefixed(KIND.live, name, 0).bytes;
}

export function generationValue(generation: number): Uint8Array {
  const bytes = new Uint8Array(4);
  putU32(bytes, 0, generation);
  return bytes;
}

export function readGeneration(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : getU32(bytes, 0);
}

export function rowValue({ revision, version, bytes }: Row): Uint8Array {
  const text = encoder.encode(version);
  const value = new Uint8Array(HEAD_BYTES + text.length + bytes.length);
  // Revisions count from 0; a row of an empty stream has -1.
  putU48(value, 4, revision + 1);
  putU16(value, 10, text.length);
  value.set(text, HEAD_BYTES);
  value.set(bytes, HEAD_BYTES + text.length);
  putU32(value, 0, crc32(value.subarray(4)));
  return value;
}

/** Null for a row that is damaged: it is as good as none, for the log has everything. */
export function readRow(value: Uint8Array): Row | null {
  // The end is said: what LMDB lends is longer than its length says.
  if (value.length < HEAD_BYTES || crc32(value.subarray(4, value.length)) !== getU32(value, 0)) return null;
  const end = HEAD_BYTES + getU16(value, 10);
  return { revision: getU48(value, 4) - 1, version: decoder.decode(value.subarray(HEAD_BYTES, end)), bytes: new Uint8Array(value.buffer, value.byteOffset + end, value.length - end) };
}

export const positionBytes = (position: string): Uint8Array => encoder.encode(position);
export const positionText = (bytes: Uint8Array): string => decoder.decode(bytes);
