// A backup becomes a data folder again. The log is made beside its place and gets its name last of all: what a restore that
// breaks off leaves is no log, and the next one clears it away.
import { join } from 'node:path';
import { BackupError, MANIFEST_FILE, readManifest, type BackupSegment, type Manifest } from './backup-manifest.js';
import { backupPorts, BackupSegments, checkRoom, inWords, isLockFile, sizeOf, type BackupPorts } from './backup-files.js';
import type { Disk } from './disk.js';
import { writeCleanMark } from './durable-mark.js';
import { DamageError } from './errors.js';
import { openEmbedded } from './open-embedded.js';
import { copySegments, type SegmentCopying } from './segment-copy.js';
import { Segments } from './segments.js';

export interface CheckOptions {
  /** A folder that a backup was made into. */
  readonly backup: string;
  readonly signal?: AbortSignal;
  /** Hears how far it is, of how many bytes. */
  readonly watch?: (doneBytes: number, ofBytes: number) => void;
  readonly ports?: Partial<BackupPorts>;
}

export interface RestoreOptions extends CheckOptions {
  /** The data folder: new or empty. */
  readonly data: string;
}

/** A file that is not what the backup wrote. */
export interface BackupProblem {
  readonly file: string;
  readonly detail: string;
}

export interface CheckReport {
  readonly position: number;
  readonly recordedAt: string | null;
  readonly madeAt: string;
  readonly segments: number;
  readonly bytes: number;
  /** In the order of the log; none for a backup that is whole. */
  readonly problems: readonly BackupProblem[];
}

export interface RestoreReport extends Omit<CheckReport, 'problems'> {
  /** Events that the new index was built from. */
  readonly indexed: number;
}

const UNFINISHED_LOG = 'log.restoring';

/** Reads every file, and holds it against its hash and the checksums in it. Writes nothing. */
export async function checkBackup({ backup, signal, watch, ports }: CheckOptions): Promise<CheckReport> {
  const { disk } = backupPorts(ports);
  const manifest = await readable(disk, backup);
  const ofBytes = bytesOf(manifest);
  let doneBytes = 0;
  const segments = new BackupSegments(disk, backup, manifest);
  const problems: BackupProblem[] = [];
  try {
    for (const segment of manifest.segments) {
      const copied = (bytes: number): void => watch?.((doneBytes += bytes), ofBytes);
      const detail = await faultOf(disk, segments, segment, { signal, copied });
      if (detail !== null) problems.push({ file: segments.pathOf(segment.first), detail });
    }
  } finally {
    await segments.close();
  }
  const { position, recordedAt, madeAt } = manifest;
  return { position, recordedAt, madeAt, segments: manifest.segments.length, bytes: ofBytes, problems };
}

/** Throws `BackupError` where the backup is not whole, or the data folder not empty; then nothing was touched. */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreReport> {
  const { data, watch } = options;
  const ports = backupPorts(options.ports);
  const { disk, lock } = ports;
  try {
    await checkEmpty(disk, data);
    // The bytes are read twice: first, so that nothing is made of a backup that is not whole.
    const { problems, ...checked } = await checkBackup({ ...options, watch: (done, of) => watch?.(done, 2 * of) });
    const [problem] = problems;
    if (problem !== undefined) throw new BackupError(`the backup is damaged: ${problem.file}: ${problem.detail}${problems.length > 1 ? ` (and ${problems.length - 1} files more)` : ''}`);
    const held = lock(data);
    try {
      await checkEmpty(disk, data);
      await restoreLog(options, ports);
      // Under the same lock, so that nobody begins to write before the index is there.
      const { report, close } = await openEmbedded(data, { ports: { ...ports, lock: () => ({ release: () => undefined }) } });
      await close();
      if (report?.position !== checked.position) throw new Error(`${data} was restored up to ${checked.position}, and opens at ${report?.position}`);
      return { ...checked, indexed: report.scanned };
    } finally {
      held.release();
    }
  } catch (error) {
    throw inWords(error, `the restore into ${data} failed`);
  }
}

async function restoreLog({ backup, data, signal, watch }: RestoreOptions, ports: BackupPorts): Promise<void> {
  const { disk } = ports;
  const manifest = await readable(disk, backup);
  const ofBytes = bytesOf(manifest);
  await disk.makeDirectory(data);
  await checkRoom(data, ofBytes, ports);
  const made = join(data, UNFINISHED_LOG);
  await disk.makeDirectory(made);
  await removeFiles(disk, made);
  const from = new BackupSegments(disk, backup, manifest);
  const to = new Segments(disk, made);
  const expected = new Map(manifest.segments.map((segment) => [segment.first, segment]));
  let doneBytes = ofBytes;
  try {
    const newest = await copySegments({
      segments: from,
      from: 1,
      to: manifest.position,
      signal,
      copied: (bytes) => watch?.((doneBytes += bytes), 2 * ofBytes),
      begin: async (first) => ({ file: await disk.open(to.pathOf(first), 'create'), prefix: 0 }),
      done: (copied) => {
        if (copied.sha256 === expected.get(copied.first)?.sha256) return Promise.resolve();
        throw new BackupError(`${from.pathOf(copied.first)} has changed while it was copied`);
      },
    });
    // Everything that was restored counts as durable, so damage to it is never taken for a torn end. The names of the segments
    // are durable with the mark.
    if (newest !== null) await writeCleanMark(disk, made, { position: newest.last, end: { base: newest.first, offset: newest.bytes } });
  } catch (error) {
    // The disk may be full. What could not be removed now is when the next restore begins.
    await removeFiles(disk, made).catch(() => undefined);
    throw error;
  } finally {
    await from.close();
  }
  await disk.rename(made, join(data, 'log'));
  await disk.syncDirectory(data);
}

async function removeFiles(disk: Disk, folder: string): Promise<void> {
  for (const name of await disk.list(folder)) await disk.remove(join(folder, name));
}

/** Refuses a folder with anything in it but what a restore that broke off left. */
async function checkEmpty(disk: Disk, data: string): Promise<void> {
  const other = (await disk.list(data)).find((name) => name !== UNFINISHED_LOG && !isLockFile(name));
  if (other !== undefined) throw new BackupError(`${data} is not empty: there is ${other} in it; restore into a new folder`);
}

async function readable(disk: Disk, backup: string): Promise<Manifest> {
  const manifest = await readManifest(disk, backup);
  if (manifest === null) throw new BackupError(`${backup} holds no backup: there is no ${MANIFEST_FILE} in it`);
  return manifest;
}

/** What is wrong with a file of the backup, or null. */
async function faultOf(disk: Disk, segments: BackupSegments, { first, last, bytes, sha256 }: BackupSegment, copying: Pick<SegmentCopying, 'signal' | 'copied'>): Promise<string | null> {
  try {
    const size = await sizeOf(disk, segments.pathOf(first));
    if (size !== bytes) return `it has ${size} bytes, and had ${bytes} when it was written`;
    const read = await copySegments({ ...copying, segments, from: first, to: last, begin: () => Promise.resolve({ file: null, prefix: 0 }) });
    return read?.sha256 === sha256 ? null : 'its hash is not the one that it was written with';
  } catch (error) {
    copying.signal?.throwIfAborted();
    if (error instanceof DamageError) return `it is damaged at position ${error.position}`;
    return error instanceof Error ? error.message : String(error);
  }
}

function bytesOf({ segments }: Manifest): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0);
}
