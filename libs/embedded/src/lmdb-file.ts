// Looks at a file of LMDB before it is opened: what LMDB itself does with one that is cut short or is none ends the process.
import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** Where the fields of a meta page lie, from its beginning, as this version of LMDB writes them. Little-endian. */
const META = { magic: 24, version: 28, pageBytes: 48, lastPage: 144, transaction: 152, end: 160 } as const;
const MAGIC = 0xbeef_c0de;
const VERSION = 2;
const PAGE_BYTES = [4_096, 8_192, 16_384, 32_768, 65_536];

/** What is wrong with the file, as far as its two meta pages tell, or null. A file that is not there or empty is made anew. */
export function lmdbFault(path: string): string | null {
  if (!existsSync(path)) return null;
  const file = openSync(path, 'r');
  try {
    if (fstatSync(file).size === 0) return null;
    const metaAt = (at: number): Buffer => {
      const bytes = Buffer.alloc(META.end);
      return bytes.subarray(0, readSync(file, bytes, 0, META.end, at));
    };
    const first = metaAt(0);
    if (!isMeta(first)) return 'it is no file of LMDB';
    const pageBytes = first.readUInt32LE(META.pageBytes);
    const second = PAGE_BYTES.includes(pageBytes) ? metaAt(pageBytes) : first.subarray(0, 0);
    if (!isMeta(second)) return 'its second page is no page of LMDB';
    const newest = second.readBigUInt64LE(META.transaction) > first.readBigUInt64LE(META.transaction) ? second : first;
    // Last, for a file that grows meanwhile.
    const { size } = fstatSync(file);
    const needed = (newest.readBigUInt64LE(META.lastPage) + 1n) * BigInt(pageBytes);
    return BigInt(size) < needed ? `it has ${size} bytes of ${needed}` : null;
  } finally {
    closeSync(file);
  }
}

function isMeta(bytes: Buffer): boolean {
  return bytes.length === META.end && bytes.readUInt32LE(META.magic) === MAGIC && bytes.readUInt32LE(META.version) === VERSION;
}
