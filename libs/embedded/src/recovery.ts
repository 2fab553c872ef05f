// Opening a log: reads what the index does not have, tells a torn end from damaged history, and cuts only the former.
import { basename, join } from 'node:path';
import type { Disk } from './disk.js';
import { CLEAN_FILE, HEAD_FILE, readMarkFile, type DurableMark } from './durable-mark.js';
import { DamageError } from './errors.js';
import type { EventIndex } from './event-index.js';
import { frameLength, frameRevision, frameStream, frameWords } from './frame.js';
import { PAGE_BYTES } from './limits.js';
import { BATCH_HEADER_BYTES, BATCH_MAGIC_BYTES, batchHeader, batchIsWhole, FORMAT_VERSION, SEGMENT_HEADER_BYTES, segmentFault, type Place } from './log-format.js';
import { Renewal } from './renewal.js';
import type { OpenReport, Torn } from './report.js';
import { SegmentScan, type ScannedBatch } from './segment-scan.js';
import type { Segments } from './segments.js';

export interface Recovered {
  readonly durable: DurableMark;
  /** Of the format of the newest segment. */
  readonly version: number;
  /** Of the newest batch. */
  readonly lastTime: number;
  readonly report: OpenReport;
}

export interface RecoveryParts {
  readonly disk: Disk;
  readonly segments: Segments;
  readonly index: EventIndex;
}

const NOWHERE: Place = { base: 0, offset: 0 };

export async function recover({ disk, segments, index }: RecoveryParts): Promise<Recovered> {
  const { directory } = segments;
  const clean = await readMarkFile(disk, directory, CLEAN_FILE);
  const head = await readMarkFile(disk, directory, HEAD_FILE);
  await segments.refresh();
  const isIndexed = index.isUsable && index.load().position === index.idCount;
  // One that contradicts itself says nothing about what was durable either.
  if (!isIndexed) await index.clear();
  const mark = index.load();
  await index.tidy();
  /** Everything up to here was acknowledged: damage there is never cut. */
  const known = Math.max(mark.position, clean?.position ?? 0, head?.position ?? 0);
  const torn = await cutTornSegment({ disk, segments, index }, known);
  const first = segments.bases[0];
  if (first === undefined || (mark.place === null && first !== 1)) {
    if (known > 0 || first !== undefined) throw new DamageError('1', directory, 'the first segment of the log is missing');
    return { durable: { position: 0, end: NOWHERE }, version: FORMAT_VERSION, lastTime: 0, report: { position: 0, clean: clean !== null, scanned: 0, indexRebuilt: false, torn } };
  }
  const place = mark.place ?? { base: first, offset: SEGMENT_HEADER_BYTES };
  if (!segments.bases.includes(place.base) || (await segments.size(place.base)) < place.offset) {
    throw new DamageError(String(Math.max(first, mark.position)), segments.pathOf(place.base), 'the log ends before it, though it was durable');
  }
  await segments.checkHeader(place.base);
  const scan = new SegmentScan(segments, place, mark.position + 1);
  const scanned = await scanForward({ disk, segments, index }, { scan, known, lastTime: mark.place?.recordedAt ?? 0 });
  return {
    durable: { position: scanned.position, end: scanned.end },
    version: await segments.checkHeader(scanned.end.base),
    lastTime: scanned.lastTime,
    report: {
      position: scanned.position,
      clean: clean !== null && clean.position === scanned.position,
      scanned: scanned.position - mark.position,
      indexRebuilt: !isIndexed && scanned.position > 0,
      torn: torn ?? scanned.torn,
    },
  };
}

interface ScanResult {
  readonly position: number;
  readonly end: Place;
  readonly lastTime: number;
  readonly torn: Torn | null;
}

interface ScanStart {
  readonly scan: SegmentScan;
  readonly known: number;
  /** Of the batch before the scan. */
  readonly lastTime: number;
}

async function scanForward(parts: RecoveryParts, start: ScanStart): Promise<ScanResult> {
  const renewal = new Renewal(parts.disk, parts.segments);
  try {
    return await scanRenewing(parts, start, renewal);
  } finally {
    await renewal.close();
  }
}

async function scanRenewing(parts: RecoveryParts, { scan, known, lastTime: timeBefore }: ScanStart, renewal: Renewal): Promise<ScanResult> {
  const { index, segments } = parts;
  let lastTime = timeBefore;
  for (;;) {
    const before = scan.place;
    const found = await scan.next();
    const position = scan.position - 1;
    if (found === 'end' || 'fault' in found) {
      if (found === 'end' && position < known) throw new DamageError(String(scan.position), segments.pathOf(scan.place.base), `the log ends before it, though ${known} was durable`);
      const torn = found === 'end' ? null : await cut(parts, scan, { known, why: found.fault });
      if (position < scan.place.base && scan.place.base > known) await renewal.segment(scan.place);
      await renewal.done();
      return { position, end: scan.place, lastTime, torn };
    }
    if (position > known) await renewal.batch(found);
    if (index.rotate({ ...before, recordedAt: lastTime })) {
      // The index must not be ahead of what is durable.
      await renewal.done();
      await index.flush(position - found.header.count);
      await index.merge();
    }
    lastTime = found.header.recordedAt;
    takeIn(index, found, segments);
  }
}

/** Takes the batches of a log that is being read into the index, up to a durable position. */
export async function readInto(index: EventIndex, segments: Segments, { scan, to }: { readonly scan: SegmentScan; readonly to: number }): Promise<void> {
  while (scan.position <= to) {
    const found = await scan.next();
    if (found === 'end' || 'fault' in found) {
      throw new DamageError(String(scan.position), segments.pathOf(scan.place.base), found === 'end' ? 'the log ends before it' : found.fault);
    }
    takeIn(index, found, segments);
  }
}

const words = new Uint32Array(6);

/** Adds the events of a batch to the index. Its checksum was verified. */
function takeIn(index: EventIndex, batch: ScannedBatch, segments: Segments): void {
  const { bytes, at, header, place } = batch;
  index.sparse.note({ position: header.firstPosition, ...place });
  let frame = at + BATCH_HEADER_BYTES;
  for (let n = 0; n < header.count; n++) {
    const head = index.head(frameStream(bytes, frame));
    const revision = frameRevision(bytes, frame);
    if (revision > head.revision + 1) {
      throw new DamageError(String(header.firstPosition + n), segments.pathOf(place.base), `${head.name} goes from revision ${head.revision} to ${revision}`);
    }
    frameWords(bytes, frame, words);
    index.add(head, words, 0, { offset: place.offset + frame - at, revision });
    frame += frameLength(bytes, frame);
  }
}

/** Cuts the end of the log at the scan's place, unless something says that what lies there was durable. */
async function cut({ disk, segments }: RecoveryParts, scan: SegmentScan, { known, why }: { readonly known: number; readonly why: string }): Promise<Torn> {
  const { position, place } = scan;
  const path = segments.pathOf(place.base);
  const rest = new Uint8Array((await segments.size(place.base)) - place.offset);
  await segments.read(place.base, rest, place.offset);
  const evidence = Math.max(known, segments.bases.at(-1) === place.base ? 0 : (segments.bases.at(-1) ?? 1) - 1, durableMarkIn(rest));
  if (position <= evidence) throw new DamageError(String(position), path, `${why}, though ${evidence} was durable`);
  const file = await keepTorn(disk, path, rest);
  const segment = await disk.open(path, 'write');
  await segment.truncate(place.offset);
  await segment.sync();
  await segment.close();
  return { position, bytes: rest.length, file, why };
}

/** The highest position that a whole batch somewhere in these bytes says was durable before it. */
function durableMarkIn(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  let highest = 0;
  for (let found = buffer.indexOf(BATCH_MAGIC_BYTES); found >= 0; found = buffer.indexOf(BATCH_MAGIC_BYTES, found + 1)) {
    const at = found - 4;
    const header = at < 0 ? null : batchHeader(bytes, at);
    if (header !== null && batchIsWhole(bytes, at, header.length)) highest = Math.max(highest, header.durableBefore);
  }
  return highest;
}

/**
 * In format 1 a crash while the newest segment was being made left one without a whole header, which nothing was written to.
 * Since then a segment is there with its header or not at all, and one without is damaged.
 */
async function cutTornSegment({ disk, segments }: RecoveryParts, known: number): Promise<Torn | null> {
  const base = segments.bases.at(-1);
  const before = segments.bases.at(-2);
  if (base === undefined || base <= known || (before !== undefined && (await segments.checkHeader(before)) > 1)) return null;
  const size = await segments.size(base);
  const bytes = new Uint8Array(Math.min(size, PAGE_BYTES));
  await segments.read(base, bytes, 0);
  const why = segmentFault(bytes, base);
  if (why === null || size > SEGMENT_HEADER_BYTES) return null;
  const path = segments.pathOf(base);
  const file = await keepTorn(disk, path, bytes);
  await segments.close();
  await disk.remove(path);
  await disk.syncDirectory(segments.directory);
  segments.bases.pop();
  return { position: base, bytes: size, file, why };
}

async function keepTorn(disk: Disk, path: string, bytes: Uint8Array): Promise<string> {
  const directory = join(path, '..');
  const names = await disk.list(directory);
  let name = `${basename(path)}.torn`;
  for (let n = 2; names.includes(name); n++) name = `${basename(path)}.${n}.torn`;
  const file = await disk.open(join(directory, name), 'create');
  await file.write(bytes, 0);
  await file.sync();
  await file.close();
  await disk.syncDirectory(directory);
  return join(directory, name);
}
