// Reads a damaged log once: what is lost of it, which of its segments have to be written anew, and what the streams lack.
import { crc32 } from 'node:zlib';
import { getU32 } from './bytes.js';
import type { Disk } from './disk.js';
import { CLEAN_FILE, HEAD_FILE, readMarkFile } from './durable-mark.js';
import { DataFolderError } from './errors.js';
import { IdRuns } from './id-runs.js';
import { MARK_KEY, readMark } from './index-entries.js';
import type { KeyValue } from './key-value.js';
import { LogFacts } from './log-facts.js';
import { FORMAT_VERSION, SEGMENT_HEADER_BYTES, segmentVersion } from './log-format.js';
import { walkLog } from './log-walk.js';
import { Problems } from './problems.js';
import type { Positions } from './salvage.js';
import type { Segments } from './segments.js';
import { StreamLedger, type RevisionGap } from './stream-ledger.js';

/** More than so many are not replaced: such a log is restored from a backup. */
const LOST_MAX = 1_000_000;

export interface Survey {
  readonly ledger: StreamLedger;
  readonly kept: number;
  /** In ascending order. */
  readonly lost: readonly Positions[];
  readonly gaps: readonly RevisionGap[];
  /** First positions of segments, those that are there and those that are missing, in ascending order. */
  readonly rewritten: readonly number[];
  /** The newest position, whole or lost. */
  readonly end: number;
  /** Of each segment: when the last event before it was recorded; for the first one, when the first event was that is left. */
  readonly timesBefore: ReadonlyMap<number, number>;
}

export interface SurveyParts {
  readonly disk: Disk;
  readonly segments: Segments;
  readonly index: KeyValue;
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
  readonly watch?: ((done: number, of: number | null) => void) | undefined;
}

export async function survey({ disk, segments, index, directory, signal, watch }: SurveyParts): Promise<Survey> {
  await refuseLaterFormat(segments, directory);
  const marks = [await readMarkFile(disk, segments.directory, CLEAN_FILE), await readMarkFile(disk, segments.directory, HEAD_FILE)];
  const known = Math.max(indexedPosition(index), ...marks.map((mark) => mark?.position ?? 0));
  const ledger = new StreamLedger(() => -1);
  const facts = new LogFacts(ledger, new Problems(), known);
  const gaps: RevisionGap[] = [];
  const rewritten = new Set<number>();
  const timesBefore = new Map<number, number>();
  for await (const walked of walkLog(segments)) {
    signal?.throwIfAborted();
    const { base } = 'damage' in walked ? walked.damage.place : walked.batch.place;
    if (facts.lastTime > 0 && !timesBefore.has(base)) timesBefore.set(base, facts.lastTime);
    const isHistory = facts.take(walked, ({ record, gap }) => {
      if (timesBefore.size === 0) timesBefore.set(1, record.recordedAt);
      if (gap !== null) gaps.push(gap);
    });
    // What is missing before the first segment gets one of its own.
    if ('damage' in walked && isHistory) rewritten.add(Math.min(walked.damage.place.base, walked.damage.position));
    if (facts.lost > LOST_MAX || gaps.length > LOST_MAX) throw tooMuch(directory);
    watch?.(facts.end, known > 0 ? Math.max(known, facts.end) : null);
  }
  if (facts.end < facts.durable) {
    const base = segments.bases.at(-1) ?? 1;
    rewritten.add(base);
    // Nothing of it may be left.
    if (!timesBefore.has(base)) timesBefore.set(base, facts.lastTime);
  }
  facts.finish();
  if (facts.lost > LOST_MAX) throw tooMuch(directory);
  const ascending = [...rewritten].sort((one, other) => one - other);
  return { ledger, kept: facts.events, lost: facts.ranges, gaps, rewritten: ascending, end: facts.end, timesBefore };
}

/** What the index knows to have been durable, if it agrees with itself: every event has an id. */
function indexedPosition(index: KeyValue): number {
  try {
    const ids = new IdRuns(index);
    ids.load();
    const position = readMark(index.get(MARK_KEY))?.position ?? 0;
    return ids.count === position ? position : 0;
  } catch {
    // It is built anew, and says nothing until then.
    return 0;
  }
}

async function refuseLaterFormat(segments: Segments, directory: string): Promise<void> {
  for (const base of segments.bases) {
    const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
    const isWhole = (await segments.read(base, bytes, 0)) === SEGMENT_HEADER_BYTES && crc32(bytes.subarray(0, 18)) === getU32(bytes, 18);
    if (isWhole && segmentVersion(bytes) > FORMAT_VERSION) {
      throw new DataFolderError(directory, `a later version of this program wrote ${segments.pathOf(base)} (format ${segmentVersion(bytes)}); repair it with that one`);
    }
  }
}

function tooMuch(directory: string): DataFolderError {
  return new DataFolderError(directory, `more than ${LOST_MAX} events of its log are lost; restore a backup`);
}
