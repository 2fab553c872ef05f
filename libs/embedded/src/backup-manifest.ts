// What a backup folder holds: `backup.json` names its position and every file with its length and hash. It is replaced as a whole
// and last of all, so that a backup that breaks off leaves the one before it.
//
//   backup.json              format, position, recordedAt (of the event there), madeAt, segments, sha256 (over all before it)
//   <first>-<sha256>.log     one segment of the log as far as the backup goes: 15 digits, 16 digits
//
// A file is never changed once it has its name. A segment that has grown since is another file; the one before goes afterwards.
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Disk } from './disk.js';

export interface BackupSegment {
  readonly file: string;
  readonly first: number;
  readonly last: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface Manifest {
  readonly format: number;
  /** Of the newest event, 0 for an empty log. */
  readonly position: number;
  /** When that event was recorded; null for an empty log. RFC 3339, as `madeAt`. */
  readonly recordedAt: string | null;
  readonly madeAt: string;
  readonly segments: readonly BackupSegment[];
}

/** A backup cannot be made, read or restored. Nothing that was there before is lost by it. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
  readonly retriable = false;
}

export const BACKUP_FORMAT = 1;
export const MANIFEST_FILE = 'backup.json';

/** What is being written has another name until it is whole. */
const UNFINISHED_MANIFEST = `${MANIFEST_FILE}.new`;
export const UNFINISHED_SEGMENT = 'segment.new';

/** About 200 bytes a segment of 64 MiB: more than 10 TiB of log. */
const MANIFEST_BYTES_MAX = 64 * 1_024 * 1_024;

const SEGMENT_FILE = /^\d{15}-[0-9a-f]{16}\.log$/;

/** A name that tells what is in the file, so that another content never takes it. */
export function segmentFile({ first, sha256 }: Pick<BackupSegment, 'first' | 'sha256'>): string {
  return `${String(first).padStart(15, '0')}-${sha256.slice(0, 16)}.log`;
}

/** Whether a backup writes files of this name, besides the manifest. */
export function isBackupFile(name: string): boolean {
  return SEGMENT_FILE.test(name) || name === UNFINISHED_SEGMENT || name === UNFINISHED_MANIFEST;
}

/** Null where the folder holds no manifest; throws `BackupError` where it holds one that is not whole. */
export async function readManifest(disk: Disk, folder: string): Promise<Manifest | null> {
  if (!(await disk.list(folder)).includes(MANIFEST_FILE)) return null;
  const path = join(folder, MANIFEST_FILE);
  const file = await disk.open(path, 'read');
  try {
    const size = await file.size();
    if (size > MANIFEST_BYTES_MAX) throw new BackupError(`${path} has ${size} bytes; a manifest has at most ${MANIFEST_BYTES_MAX}`);
    const bytes = Buffer.alloc(size);
    return manifestOf(bytes.subarray(0, await file.read(bytes, 0)).toString('utf8'), path);
  } finally {
    await file.close();
  }
}

/** Whole and durable under its name, or not there. The files that it names have to be durable, and their names with them. */
export async function writeManifest(disk: Disk, folder: string, manifest: Manifest): Promise<void> {
  const made = join(folder, UNFINISHED_MANIFEST);
  await disk.remove(made);
  const file = await disk.open(made, 'create');
  try {
    await file.write(Buffer.from(`${JSON.stringify({ ...manifest, sha256: sumOf(manifest) }, null, 2)}\n`), 0);
    await file.sync();
  } finally {
    await file.close();
  }
  await disk.rename(made, join(folder, MANIFEST_FILE));
  await disk.syncDirectory(folder);
}

function manifestOf(text: string, path: string): Manifest {
  const content = parsed(text, path);
  const { sha256, ...body } = content;
  if (body['format'] !== BACKUP_FORMAT) throw new BackupError(`${path}: format is ${JSON.stringify(body['format'])}; this program reads ${BACKUP_FORMAT}`);
  if (sha256 !== sumOf(body)) throw new BackupError(`${path} is damaged: its hash is not that of what it says`);
  const manifest = body as unknown as Manifest; // what was hashed was one; the chain is checked all the same
  let next = 1;
  for (const { file, first, last, bytes } of manifest.segments) {
    if (first !== next || last < first) throw new BackupError(`${path}: ${file} has the positions ${first} to ${last}, though ${next} comes next`);
    if (!SEGMENT_FILE.test(file) || !(bytes > 0)) throw new BackupError(`${path}: ${JSON.stringify(file)} with ${bytes} bytes is no segment`);
    next = last + 1;
  }
  if (manifest.position !== next - 1) throw new BackupError(`${path}: position is ${manifest.position}, though the segments end at ${next - 1}`);
  return manifest;
}

function parsed(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>; // any object is one
  } catch (error) {
    throw new BackupError(`${path} is damaged: it is not JSON`, { cause: error });
  }
  throw new BackupError(`${path} is damaged: it is not an object`);
}

function sumOf(body: object): string {
  return createHash('sha256').update(JSON.stringify(body)).digest('hex');
}
