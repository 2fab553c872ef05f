// A small file that says up to where the log is durable: the head that readers follow, and the mark of a clean close.
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { getU32, getU48, putU32, putU48 } from './bytes.js';
import type { Disk } from './disk.js';
import type { Place } from './log-format.js';

export interface DurableMark {
  /** The newest durable position. */
  readonly position: number;
  /** Right behind it. */
  readonly end: Place;
}

const MAGIC = 0x7e11_15ed;
export const MARK_BYTES = 26;
export const HEAD_FILE = 'head';
export const CLEAN_FILE = 'clean';

export function markBytes({ position, end }: DurableMark): Uint8Array {
  const bytes = new Uint8Array(MARK_BYTES);
  putU32(bytes, 0, MAGIC);
  putU48(bytes, 4, position);
  putU48(bytes, 10, end.base);
  putU48(bytes, 16, end.offset);
  putU32(bytes, 22, crc32(bytes.subarray(0, 22)));
  return bytes;
}

/** Null for anything that is not a whole mark: such a mark only tells less, it never misleads. */
export function markIn(bytes: Uint8Array): DurableMark | null {
  if (bytes.length !== MARK_BYTES || getU32(bytes, 0) !== MAGIC || crc32(bytes.subarray(0, 22)) !== getU32(bytes, 22)) return null;
  return { position: getU48(bytes, 4), end: { base: getU48(bytes, 10), offset: getU48(bytes, 16) } };
}

/** The mark in a file, or null when there is none. */
export async function readMarkFile(disk: Disk, directory: string, name: string): Promise<DurableMark | null> {
  if (!(await disk.list(directory)).includes(name)) return null;
  const file = await disk.open(join(directory, name), 'read');
  try {
    const bytes = new Uint8Array(MARK_BYTES);
    return markIn(bytes.subarray(0, await file.read(bytes, 0)));
  } finally {
    await file.close();
  }
}

/** Only at a clean close: whole and durable, or not there. */
export async function writeCleanMark(disk: Disk, directory: string, mark: DurableMark): Promise<void> {
  const made = join(directory, `${CLEAN_FILE}.new`);
  const file = await disk.open(made, 'write');
  await file.write(markBytes(mark), 0);
  await file.sync();
  await file.close();
  await disk.rename(made, join(directory, CLEAN_FILE));
  await disk.syncDirectory(directory);
}
