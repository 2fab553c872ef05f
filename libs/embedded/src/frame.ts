// One event on disk. A frame carries everything of its record, so that it can be read, and verified, alone.
//
//   crc u32 over all behind it, length u32 (whole frame), kind u8, flags u8, type length u8, stream length u16,
//   position u48, revision u48, recorded at u48, id 16 bytes, digest 8 bytes, type, stream, payload
import { crc32 } from 'node:zlib';
import { EVENT_BYTES_MAX, type EventId, type Outgoing, type Position, type Recorded, type StreamName } from '@trellis/event-sourcing';
import { getU16, getU32, getU48, putText, putU16, putU32, putU48 } from './bytes.js';
import { STREAM_NAME_BYTES_MAX, TYPE_BYTES_MAX } from './limits.js';

export const FRAME_HEADER_BYTES = 55;
export const FRAME_BYTES_MAX = FRAME_HEADER_BYTES + TYPE_BYTES_MAX + STREAM_NAME_BYTES_MAX + EVENT_BYTES_MAX;

/** `erased`: the payload is gone and everything else stands, so that positions and revisions stay as they were. */
export const FRAME_KIND = { event: 1, erased: 2 } as const;

/** Kept for payloads that are stored in another way, such as compressed. */
const NO_FLAGS = 0;

const AT = { length: 4, kind: 8, flags: 9, typeLength: 10, streamLength: 11, position: 13, revision: 19, recordedAt: 25, id: 31, digest: 47 } as const;

export interface FrameFields {
  readonly stream: StreamName;
  readonly event: Outgoing;
  /** Four words of the id, then two of the digest, from `wordsAt`. */
  readonly words: Uint32Array;
  readonly wordsAt: number;
  readonly position: number;
  readonly revision: number;
  readonly recordedAt: number;
}

/** An upper bound of the bytes that `putFrame` writes. */
export function frameRoom(stream: StreamName, event: Outgoing): number {
  return FRAME_HEADER_BYTES + 3 * (stream.length + event.type.length) + event.bytes.length;
}

/** Writes a frame and answers the offset behind it. An erased one is given an event without bytes. */
export function putFrame(bytes: Uint8Array, at: number, fields: FrameFields, kind: number = FRAME_KIND.event): number {
  const { event, words, wordsAt } = fields;
  const typeAt = at + FRAME_HEADER_BYTES;
  const streamAt = putText(bytes, typeAt, event.type);
  const payloadAt = putText(bytes, streamAt, fields.stream);
  bytes.set(event.bytes, payloadAt);
  const end = payloadAt + event.bytes.length;
  putU32(bytes, at + AT.length, end - at);
  bytes[at + AT.kind] = kind;
  bytes[at + AT.flags] = NO_FLAGS;
  bytes[at + AT.typeLength] = streamAt - typeAt;
  putU16(bytes, at + AT.streamLength, payloadAt - streamAt);
  putU48(bytes, at + AT.position, fields.position);
  putU48(bytes, at + AT.revision, fields.revision);
  putU48(bytes, at + AT.recordedAt, fields.recordedAt);
  for (let n = 0; n < 6; n++) putU32(bytes, at + AT.id + 4 * n, words[wordsAt + n] ?? 0);
  putU32(bytes, at, crc32(bytes.subarray(at + 4, end)));
  return end;
}

export function frameLength(bytes: Uint8Array, at: number): number {
  return getU32(bytes, at + AT.length);
}

export function frameKind(bytes: Uint8Array, at: number): number {
  return bytes[at + AT.kind] ?? 0;
}

export function framePosition(bytes: Uint8Array, at: number): number {
  return getU48(bytes, at + AT.position);
}

export function frameRevision(bytes: Uint8Array, at: number): number {
  return getU48(bytes, at + AT.revision);
}

/** The words of id and digest into `words`, as `FrameFields` has them. */
export function frameWords(bytes: Uint8Array, at: number, words: Uint32Array): void {
  for (let n = 0; n < 6; n++) words[n] = getU32(bytes, at + AT.id + 4 * n);
}

/** Whether the whole frame of that length lies at `at`, as it was written. */
export function frameIsWhole(bytes: Uint8Array, at: number, length: number): boolean {
  return length >= FRAME_HEADER_BYTES && at + length <= bytes.length && crc32(bytes.subarray(at + 4, at + length)) === getU32(bytes, at);
}

/** The stream of a frame begins with these bytes. */
export function frameStreamBegins(bytes: Uint8Array, at: number, prefix: Uint8Array): boolean {
  const start = at + FRAME_HEADER_BYTES + (bytes[at + AT.typeLength] ?? 0);
  if (getU16(bytes, at + AT.streamLength) < prefix.length) return false;
  for (let n = 0; n < prefix.length; n++) if (bytes[start + n] !== prefix[n]) return false;
  return true;
}

export function frameStream(bytes: Uint8Array, at: number): StreamName {
  const start = at + FRAME_HEADER_BYTES + (bytes[at + AT.typeLength] ?? 0);
  return names.text(bytes, start, getU16(bytes, at + AT.streamLength)) as StreamName; // it was one when it was written
}

/** The record of a frame that was verified. Its bytes are a view of `bytes`; one that was erased has none. */
export function frameRecord(bytes: Uint8Array, at: number): Recorded {
  const typeAt = at + FRAME_HEADER_BYTES;
  const typeLength = bytes[at + AT.typeLength] ?? 0;
  const streamLength = getU16(bytes, at + AT.streamLength);
  const payloadAt = typeAt + typeLength + streamLength;
  const ids = idText(bytes, at + AT.id);
  return {
    id: ids.slice(0, 36) as EventId, // it was a UUID when it was written, and the checksum says that it still is
    type: types.text(bytes, typeAt, typeLength),
    digest: ids.slice(36),
    bytes: new Uint8Array(bytes.buffer, bytes.byteOffset + payloadAt, frameLength(bytes, at) - (payloadAt - at)),
    stream: names.text(bytes, typeAt + typeLength, streamLength) as StreamName,
    revision: getU48(bytes, at + AT.revision),
    position: String(getU48(bytes, at + AT.position)) as Position, // this adapter's positions are its event numbers
    recordedAt: getU48(bytes, at + AT.recordedAt),
  };
}

const HEX_DIGITS = Buffer.from('0123456789abcdef', 'latin1');
const scratch = Buffer.alloc(52);
for (const place of [8, 13, 18, 23]) scratch[place] = 45;
const DIGIT_PLACES = Uint8Array.of(0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34, 36, 38, 40, 42, 44, 46, 48, 50);

/** A UUID and, right behind it, a digest: one native call makes both. */
function idText(bytes: Uint8Array, at: number): string {
  for (let n = 0; n < 24; n++) {
    const byte = bytes[at + n] ?? 0;
    const place = DIGIT_PLACES[n] ?? 0;
    scratch[place] = HEX_DIGITS[byte >>> 4] ?? 0;
    scratch[place + 1] = HEX_DIGITS[byte & 15] ?? 0;
  }
  return scratch.toString('latin1');
}

/** Gives the same string for the same bytes, most of the time: names repeat, and making a string is the dear part. */
class Interned {
  private readonly kept: (string | undefined)[];
  private readonly keys: (Uint8Array | undefined)[];

  constructor(private readonly slots: number) {
    this.kept = Array<string | undefined>(slots).fill(undefined);
    this.keys = Array<Uint8Array | undefined>(slots).fill(undefined);
  }

  text(bytes: Uint8Array, at: number, length: number): string {
    let hash = length;
    for (let n = at; n < at + length; n++) hash = (Math.imul(hash, 31) + (bytes[n] ?? 0)) | 0;
    const slot = (hash ^ (hash >>> 15)) & (this.slots - 1);
    const key = this.keys[slot];
    const known = this.kept[slot];
    if (key !== undefined && known !== undefined && sameBytes(key, bytes, at, length)) return known;
    const copy = Buffer.from(bytes.subarray(at, at + length));
    const text = copy.toString('utf8');
    this.keys[slot] = copy;
    this.kept[slot] = text;
    return text;
  }
}

function sameBytes(key: Uint8Array, bytes: Uint8Array, at: number, length: number): boolean {
  if (key.length !== length) return false;
  for (let n = 0; n < length; n++) if (key[n] !== bytes[at + n]) return false;
  return true;
}

const types = new Interned(256);
const names = new Interned(16_384);
