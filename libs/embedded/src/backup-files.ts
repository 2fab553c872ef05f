// The two folders of a backup as its parts see them: a backup read as the log that it is, and room for what is copied.
import { createHash } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { BackupError, type Manifest } from './backup-manifest.js';
import type { Disk } from './disk.js';
import { PAGE_BYTES } from './limits.js';
import { NODE_PORTS, type EmbeddedPorts } from './open-embedded.js';
import { Segments } from './segments.js';

export interface BackupPorts extends EmbeddedPorts {
  readonly freeBytes: (folder: string) => Promise<number>;
}

export function backupPorts(given: Partial<BackupPorts> = {}): BackupPorts {
  return { ...NODE_PORTS, freeBytes: freeBytesOf, ...given };
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** The segments of a backup, under the names that it gave them. */
export class BackupSegments extends Segments {
  private readonly names: ReadonlyMap<number, string>;

  constructor(disk: Disk, folder: string, { segments }: Manifest) {
    super(disk, folder);
    this.names = new Map(segments.map(({ first, file }) => [first, file]));
    this.bases.push(...this.names.keys());
  }

  override pathOf(base: number): string {
    return join(this.directory, this.names.get(base) ?? String(base));
  }
}

/** Holding a folder leaves these in it. */
export function isLockFile(name: string): boolean {
  return name.startsWith('lock.sqlite') || name === 'holder.pid';
}

export async function sizeOf(disk: Disk, path: string): Promise<number> {
  const file = await disk.open(path, 'read');
  try {
    return await file.size();
  } finally {
    await file.close();
  }
}

/** What a backup or a restore leaves free: a log on the same disk must be able to go on. */
const RESERVE_BYTES = 16 * 1_024 * 1_024;

/** Throws `BackupError` where so many bytes more do not fit. The folder exists. */
export async function checkRoom(folder: string, bytes: number, { freeBytes }: BackupPorts): Promise<void> {
  const free = await freeBytes(folder);
  if (bytes === 0 || bytes + RESERVE_BYTES <= free) return;
  throw new BackupError(`${folder} has ${free} bytes free, and ${bytes} have to be copied there with ${RESERVE_BYTES} left over; nothing was copied`);
}

/** A fault of a disk as a sentence that says what became of the folder; everything else as it is. */
export function inWords(error: unknown, what: string): unknown {
  const isOfSystem = typeof error === 'object' && error !== null && 'syscall' in error && 'message' in error;
  return isOfSystem ? new BackupError(`${what} (${String(error.message)})`, { cause: error }) : error;
}

/** SHA-256 of what is in a file. */
export async function hashOf(disk: Disk, path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await disk.open(path, 'read');
  try {
    for (let at = 0, count = PAGE_BYTES; count === PAGE_BYTES; at += count) {
      const bytes = new Uint8Array(PAGE_BYTES);
      count = await file.read(bytes, at);
      hash.update(bytes.subarray(0, count));
    }
  } finally {
    await file.close();
  }
  return hash.digest('hex');
}
