// What is still whole in bytes of the log that are not what was written: the next batch, and single events.
import { FRAME_BYTES_MAX, FRAME_HEADER_BYTES, FRAME_KIND, frameIsWhole, frameKind, frameLength, framePosition } from './frame.js';
import { BATCH_HEADER_BYTES, BATCH_MAGIC_BYTES, batchHeader, batchIsWhole, type BatchHeader } from './log-format.js';

/** An event that is whole by its own checksum. */
export interface WholeFrame {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly length: number;
  readonly position: number;
  /** Of the frame in its segment. */
  readonly offset: number;
}

export interface Positions {
  /** Inclusive. */
  readonly from: number;
  /** Exclusive. */
  readonly before: number;
}

/** The first whole batch from `at` on whose events all have these positions, or null. */
export function nextBatch(bytes: Uint8Array, at: number, { from, before }: Positions): { readonly at: number; readonly header: BatchHeader } | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let found = buffer.indexOf(BATCH_MAGIC_BYTES, at + 4); found >= 0; found = buffer.indexOf(BATCH_MAGIC_BYTES, found + 1)) {
    const header = batchHeader(bytes, found - 4);
    if (header === null || header.firstPosition < from || header.firstPosition + header.count > before) continue;
    if (batchIsWhole(bytes, found - 4, header.length)) return { at: found - 4, header };
  }
  return null;
}

export interface Region {
  readonly from: number;
  readonly to: number;
  /** Of the first of `bytes` in its segment. */
  readonly offset: number;
}

/** The whole events among these bytes, in ascending positions. Nothing but their own checksums and positions is trusted. */
export function framesIn(bytes: Uint8Array, { from, to, offset }: Region, positions: Positions): readonly WholeFrame[] {
  const frames: WholeFrame[] = [];
  let next = positions.from;
  const wholeAt = (at: number): number => (holdsFrame(bytes, at, { to, from: next, before: positions.before }) ? frameLength(bytes, at) : 0);
  // Where the batch says that its first event begins: a damaged event is then passed over whole, with whatever its payload looks like.
  let expected = batchHeader(bytes, from) === null ? -1 : from + BATCH_HEADER_BYTES;
  for (let at = Math.max(from, expected); at + FRAME_HEADER_BYTES <= to; ) {
    const length = wholeAt(at);
    if (length > 0) {
      frames.push({ bytes, at, length, position: framePosition(bytes, at), offset: offset + at });
      next = framePosition(bytes, at) + 1;
      at += length;
      expected = at;
    } else if (at === expected && leadsOn(bytes, at, { to, position: next + 1 })) {
      next++;
      at += frameLength(bytes, at);
      expected = at;
    } else {
      at++;
    }
  }
  return frames;
}

/** What is wrong with the event at `at` of a batch whose checksum matches, or null. */
export function frameFault(bytes: Uint8Array, at: number, { end, position }: { readonly end: number; readonly position: number }): string | null {
  const length = at + FRAME_HEADER_BYTES <= end ? frameLength(bytes, at) : 0;
  if (at + length > end || !frameIsWhole(bytes, at, length)) return 'the checksum of the event does not match';
  if (framePosition(bytes, at) !== position) return `the event says that its position is ${framePosition(bytes, at)}`;
  const kind = frameKind(bytes, at);
  return kind === FRAME_KIND.event || kind === FRAME_KIND.erased ? null : `this program does not know events of the kind ${kind}`;
}

function holdsFrame(bytes: Uint8Array, at: number, { to, from, before }: Positions & { readonly to: number }): boolean {
  const position = framePosition(bytes, at);
  if (position < from || position >= before) return false;
  const length = frameLength(bytes, at);
  if (length < FRAME_HEADER_BYTES || length > FRAME_BYTES_MAX || at + length > to) return false;
  return frameFault(bytes, at, { end: to, position }) === null;
}

/** The length of the damaged event at `at` leads to a whole one that has the position behind it. */
function leadsOn(bytes: Uint8Array, at: number, { to, position }: { readonly to: number; readonly position: number }): boolean {
  const length = frameLength(bytes, at);
  if (length < FRAME_HEADER_BYTES || length > FRAME_BYTES_MAX || at + length + FRAME_HEADER_BYTES > to) return false;
  return frameFault(bytes, at + length, { end: to, position }) === null;
}
