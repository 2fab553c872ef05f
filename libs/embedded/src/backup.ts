// A copy of the log in another folder, consistent to one position, beside a running engine or of a folder at rest. What the
// folder holds already is not copied again, and is never changed: the backup of before stands until the new one is whole.
import { join } from 'node:path';
import { BackupError, BACKUP_FORMAT, isBackupFile, MANIFEST_FILE, readManifest, segmentFile, UNFINISHED_SEGMENT, writeManifest, type BackupSegment, type Manifest } from './backup-manifest.js';
import { backupPorts, checkRoom, hashOf, inWords, isLockFile, sizeOf, type BackupPorts } from './backup-files.js';
import { copySource } from './copy-source.js';
import type { Disk } from './disk.js';
import type { Torn } from './report.js';
import { copySegments } from './segment-copy.js';
import { Segments } from './segments.js';

export interface BackupOptions {
  /** The data folder. */
  readonly data: string;
  /** New, empty, or with an earlier backup of the same log. */
  readonly target: string;
  readonly now?: () => number;
  /** Ends it; the earlier backup stands. */
  readonly signal?: AbortSignal;
  /** Hears how far it is, of how many bytes. */
  readonly watch?: (doneBytes: number, ofBytes: number) => void;
  readonly ports?: Partial<BackupPorts>;
}

export interface BackupReport {
  /** 0 for an empty log. */
  readonly position: number;
  readonly recordedAt: string | null;
  readonly segments: number;
  /** Segments written now, and those that were there. */
  readonly copied: number;
  readonly kept: number;
  /** Of all segments, and of those written now. */
  readonly bytes: number;
  readonly copiedBytes: number;
  /** What a crash had left at the end of the log, if this found it. */
  readonly torn: Torn | null;
}

/** Throws `DamageError` where the log is not what was written, and `BackupError` where the target cannot be what it is to be. */
export async function makeBackup(options: BackupOptions): Promise<BackupReport> {
  const { data, target } = options;
  const ports = backupPorts(options.ports);
  const { disk, lock } = ports;
  const segments = new Segments(disk, join(data, 'log'));
  try {
    // Before anything is made or locked: a folder that cannot be a target stays as it is.
    await earlierBackup(disk, target);
    const { position, torn } = await copySource(data, ports);
    await segments.refresh();
    const held = lock(target);
    try {
      await disk.makeDirectory(target);
      const before = await earlierBackup(disk, target);
      return { ...(await backUp({ ...options, ports, segments, before, position })), torn };
    } finally {
      held.release();
    }
  } catch (error) {
    throw inWords(error, `the backup into ${target} failed; what was backed up there before stays as it is`);
  } finally {
    await segments.close();
  }
}

/** Refuses a folder with anything else in it. */
async function earlierBackup(disk: Disk, target: string): Promise<Manifest | null> {
  const manifest = await readManifest(disk, target);
  if (manifest !== null) return manifest;
  // What a first backup leaves that broke off is nobody else's.
  const other = (await disk.list(target)).find((name) => !isBackupFile(name) && !isLockFile(name));
  if (other === undefined) return null;
  throw new BackupError(`${target} holds no backup, and it is not empty: there is ${other} in it; name an empty or a new folder`);
}

interface Work extends BackupOptions {
  readonly ports: BackupPorts;
  readonly segments: Segments;
  readonly before: Manifest | null;
  readonly position: number;
}

interface Planned {
  readonly earlier: BackupSegment | null;
  /** The earlier file holds all of the segment. */
  readonly isKept: boolean;
  readonly bytes: number;
}

async function backUp(work: Work): Promise<Omit<BackupReport, 'torn'>> {
  const { ports, target, before, position, now = Date.now } = work;
  const { disk } = ports;
  if (before !== null && before.position > position) {
    throw new BackupError(`${target} is backed up to ${before.position}, and the log ends at ${position}: it has lost events, or it is another log; name another folder`);
  }
  const plan = await planned(work);
  const toCopy = [...plan.values()].filter(({ isKept }) => !isKept).reduce((sum, { bytes }) => sum + bytes, 0);
  await removeUnnamed(disk, target, before);
  await checkRoom(target, toCopy, ports);
  const { made, recordedAt } = await copyAll(work, plan).catch(async (error: unknown) => {
    // The target may be full, and its disk may be that of the log. What could not be removed now is when the next backup begins.
    await removeUnnamed(disk, target, before).catch(() => undefined);
    throw error;
  });
  await disk.syncDirectory(target);
  const manifest: Manifest = { format: BACKUP_FORMAT, position, recordedAt, madeAt: new Date(now()).toISOString(), segments: made };
  await writeManifest(disk, target, manifest);
  await removeUnnamed(disk, target, manifest);
  const copied = made.filter(({ first }) => plan.get(first)?.isKept !== true);
  return { position, recordedAt, segments: made.length, copied: copied.length, kept: made.length - copied.length, bytes: bytesOf(made), copiedBytes: bytesOf(copied) };
}

/** What becomes of each segment, by its first position. */
async function planned({ ports: { disk }, target, segments, before, position }: Work): Promise<ReadonlyMap<number, Planned>> {
  const plan = new Map<number, Planned>();
  const gone = before?.segments.find(({ first }) => !segments.bases.includes(first));
  if (gone !== undefined) throw differs(target, gone);
  const earlier = new Map(before?.segments.map((segment) => [segment.first, segment]));
  const names = new Set(await disk.list(target));
  for (const base of segments.bases.filter((each) => each <= position)) {
    const known = earlier.get(base) ?? null;
    const last = Math.min(position, (segments.after(base) ?? Infinity) - 1);
    const isKept = known !== null && known.last === last && names.has(known.file) && (await sizeOf(disk, join(target, known.file))) === known.bytes && (await hashOf(disk, join(target, known.file))) === known.sha256;
    plan.set(base, { earlier: known, isKept, bytes: await segments.size(base) });
  }
  return plan;
}

async function copyAll(work: Work, plan: ReadonlyMap<number, Planned>): Promise<{ readonly made: readonly BackupSegment[]; readonly recordedAt: string | null }> {
  const { ports: { disk }, target, segments, position, signal, watch } = work;
  const made: BackupSegment[] = [];
  const unfinished = join(target, UNFINISHED_SEGMENT);
  const ofBytes = [...plan.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  let doneBytes = 0;
  const newest = await copySegments({
    segments,
    from: 1,
    to: position,
    signal,
    copied: (bytes) => watch?.((doneBytes += bytes), ofBytes),
    begin: async (first) => {
      const { earlier, isKept } = plan.get(first) ?? { earlier: null, isKept: false };
      return { file: isKept ? null : await disk.open(unfinished, 'create'), prefix: earlier?.bytes ?? 0 };
    },
    done: async (copied) => {
      const { earlier, isKept } = plan.get(copied.first) ?? { earlier: null, isKept: false };
      if (earlier !== null && copied.prefixSha256 !== earlier.sha256) throw differs(target, earlier);
      const segment = { file: segmentFile(copied), first: copied.first, last: copied.last, bytes: copied.bytes, sha256: copied.sha256 };
      if (!isKept) await disk.rename(unfinished, join(target, segment.file));
      made.push(segment);
    },
  });
  return { made, recordedAt: newest === null ? null : new Date(newest.recordedAt).toISOString() };
}

/** What no manifest names: left by a backup that broke off, or of the backup before. */
async function removeUnnamed(disk: Disk, target: string, manifest: Manifest | null): Promise<void> {
  const named = new Set([MANIFEST_FILE, ...(manifest?.segments.map(({ file }) => file) ?? [])]);
  for (const name of await disk.list(target)) if (isBackupFile(name) && !named.has(name)) await disk.remove(join(target, name));
}

function differs(target: string, { file, first, last }: BackupSegment): BackupError {
  return new BackupError(`${target} holds other bytes than the log for the positions ${first} to ${last} (${file}): it is the backup of another log, or one of them was changed; name another folder`);
}

function bytesOf(segments: readonly BackupSegment[]): number {
  return segments.reduce((sum, { bytes }) => sum + bytes, 0);
}
