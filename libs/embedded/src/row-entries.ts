// Keys and values of the rows. Names end in a zero byte, so no view's keys run into another's.
//
//   row         1, view, 0, generation u32, key -> revision u48, version length u16, version, bytes
//   checkpoint  2, view, 0, generation u32 -> position
//   live        3, view, 0 -> generation u32
import type { Row } from '@trellis/event-sourcing';
import { getU16, getU32, getU48, putU16, putU32, putU48 } from './bytes.js';
import { ROW_KEY_BYTES_MAX } from './limits.js';

const KIND = { row: 1, checkpoint: 2, live: 3 } as const;
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
  const value = new Uint8Array(8 + text.length + bytes.length);
  // Revisions count from 0; a row of an empty stream has -1.
  putU48(value, 0, revision + 1);
  putU16(value, 6, text.length);
  value.set(text, 8);
  value.set(bytes, 8 + text.length);
  return value;
}

export function readRow(value: Uint8Array): Row {
  const end = 8 + getU16(value, 6);
  return { revision: getU48(value, 0) - 1, version: decoder.decode(value.subarray(8, end)), bytes: new Uint8Array(value.buffer, value.byteOffset + end, value.length - end) };
}

export const positionBytes = (position: string): Uint8Array => encoder.encode(position);
export const positionText = (bytes: Uint8Array): string => decoder.decode(bytes);
