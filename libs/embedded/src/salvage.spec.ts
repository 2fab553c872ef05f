// What is found in bytes that cannot be trusted.
import type { Outgoing, StreamName } from '@trellis/event-sourcing';
import { digestWords, uuidWords } from './bytes.js';
import { frameRoom, putFrame } from './frame.js';
import { BATCH_HEADER_BYTES, sealBatch } from './log-format.js';
import { framesIn, nextBatch } from './salvage.js';
import { ana, eventOf } from './testing/written-log.js';

const EVERYWHERE = { from: 1, before: 1_000 };

function frameOf(position: number, event: Outgoing = eventOf(position), stream: StreamName = ana): Uint8Array {
  const words = new Uint32Array(6);
  uuidWords(event.id, words, 0);
  digestWords(event.digest, words, 4);
  const bytes = new Uint8Array(frameRoom(stream, event));
  return bytes.subarray(0, putFrame(bytes, 0, { stream, event, words, wordsAt: 0, position, revision: position, recordedAt: 1_000 }));
}

function batchOf(firstPosition: number, frames: readonly Uint8Array[]): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(BATCH_HEADER_BYTES), ...frames]);
  sealBatch(bytes, { count: frames.length, firstPosition, recordedAt: 1_000, durableBefore: firstPosition - 1 });
  return bytes;
}

const positionsIn = (bytes: Buffer, positions = EVERYWHERE): readonly number[] => framesIn(bytes, { from: 0, to: bytes.length, offset: 0 }, positions).map(({ position }) => position);

it('finds the whole events around a damaged one, and where they lie', () => {
  const frames = [1, 2, 3].map((position) => frameOf(position));
  const bytes = batchOf(1, frames);
  const [first] = frames;
  bytes[BATCH_HEADER_BYTES + (first?.length ?? 0) + 70] = 255;
  const found = framesIn(bytes, { from: 0, to: bytes.length, offset: 500 }, EVERYWHERE);
  expect(found.map(({ position, offset }) => [position, offset])).toEqual([
    [1, 500 + BATCH_HEADER_BYTES],
    [3, 500 + BATCH_HEADER_BYTES + 2 * (first?.length ?? 0)],
  ]);
});

it('finds every whole event wherever one bit of a batch is another', () => {
  const frames = [1, 2, 3, 4].map((position) => frameOf(position));
  const whole = batchOf(1, frames);
  const length = frames[0]?.length ?? 0;
  for (let bit = 0; bit < 8 * whole.length; bit++) {
    const bytes = Buffer.from(whole);
    bytes[bit >>> 3] = (bytes[bit >>> 3] ?? 0) ^ (1 << (bit & 7));
    const hit = Math.floor(((bit >>> 3) - BATCH_HEADER_BYTES) / length) + 1;
    expect(positionsIn(bytes)).toEqual([1, 2, 3, 4].filter((position) => position !== hit));
  }
});

it('does not take for an event what lies in the payload of a damaged one', () => {
  const inside = frameOf(2);
  const bytes = batchOf(2, [frameOf(2, { ...eventOf(2), bytes: Buffer.concat([Buffer.alloc(40, 7), inside]) }), frameOf(3)]);
  bytes[BATCH_HEADER_BYTES + 31] = 255;
  expect(positionsIn(bytes, { from: 2, before: 1_000 })).toEqual([3]);
});

it('takes no positions but those that are missing, in their order', () => {
  const bytes = Buffer.concat([5, 4, 9, 6, 7].map((position) => frameOf(position)));
  expect(positionsIn(bytes, { from: 4, before: 8 })).toEqual([5, 6, 7]);
});

it('finds the next whole batch, and none whose positions do not fit', () => {
  const damaged = batchOf(1, [frameOf(1)]);
  damaged[50] = 255;
  const bytes = Buffer.concat([Buffer.alloc(9, 1), damaged, batchOf(2, [frameOf(2), frameOf(3)])]);
  expect(nextBatch(bytes, 0, EVERYWHERE)).toMatchObject({ at: 9 + damaged.length, header: { firstPosition: 2, count: 2 } });
  expect(nextBatch(bytes, 0, { from: 3, before: 9 })).toBeNull();
  expect(nextBatch(bytes, 0, { from: 1, before: 3 })).toBeNull();
});
