// The segments of a log as bytes, and where the batches lie in them, without the code that is being tried.
import { posix } from 'node:path';
import { DIRECTORY, type Surroundings } from './session.js';

/** Where a batch says how long it is, how many events it has and which is its first (see the embedded adapter's log format). */
const BATCH = { magic: 0xba7c_4e0d, magicAt: 4, lengthAt: 8, countAt: 12, firstAt: 18 } as const;
export const SEGMENT_HEADER_BYTES = 22;

export interface Segment {
  readonly path: string;
  readonly base: number;
  readonly bytes: Uint8Array;
}

export function segmentsOf({ machine: { disk } }: Surroundings): readonly Segment[] {
  const directory = posix.join(DIRECTORY, 'log');
  return disk
    .names(directory)
    .filter((name) => name.endsWith('.log'))
    .map((name) => posix.join(directory, name))
    .map((path) => ({ path, base: Number(posix.basename(path, '.log')), bytes: disk.file(path)?.copy() ?? new Uint8Array() }));
}

/** The events of the batch that has the byte at `at`; null where only a failed write has left something. */
export function batchAt({ base, bytes }: Segment, all: readonly Segment[], at: number): { readonly from: number; readonly to: number } | null {
  const ends = Math.min(Infinity, ...all.filter((other) => other.base > base).map((other) => other.base));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let start = SEGMENT_HEADER_BYTES; start + BATCH.firstAt + 4 <= bytes.length && view.getUint32(start + BATCH.magicAt) === BATCH.magic; ) {
    const length = view.getUint32(start + BATCH.lengthAt);
    const from = view.getUint32(start + BATCH.firstAt);
    const to = from + view.getUint32(start + BATCH.countAt) - 1;
    if (at < start + length) return to < ends ? { from, to } : null;
    start += length;
  }
  return null;
}
