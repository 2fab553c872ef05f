// Makes a damaged log whole again: every event that can be read keeps its place, and what was lost becomes an erased event, so that
// positions and revisions have no gaps. Index and rows are built anew. Damaged files are kept aside, never removed.
import { join } from 'node:path';
import type { EventId } from '@trellis/event-sourcing';
import { DataFolderError } from './errors.js';
import { claimsOf } from './index-claims.js';
import { DAMAGED_KEY } from './index-entries.js';
import { emptyKeyValue, type KeyValue } from './key-value.js';
import { placeLost } from './lost-events.js';
import { openEmbedded, type EmbeddedPorts } from './open-embedded.js';
import { survey, type Survey, type SurveyParts } from './repair-survey.js';
import { rewriteSegment, type Replacement } from './segment-rewrite.js';

export interface RepairParts extends Omit<SurveyParts, 'index' | 'disk'> {
  readonly ports: EmbeddedPorts;
  /** Where much was lost, the events in its place are put into segments of about this length. */
  readonly segmentBytes: number;
  /** Says what would be done. */
  readonly dryRun: boolean;
}

/**
 * Stream and revision are there where somebody still knows which event it was. Where several were lost near each other, and the
 * index does not say, which of their positions it had is a guess.
 */
export interface LostEvent {
  readonly position: string;
  readonly stream?: string;
  readonly revision?: number;
  readonly id?: string;
}

export interface Repaired {
  /** Events that are as they were. */
  readonly kept: number;
  /** The first thousand. */
  readonly lost: readonly LostEvent[];
  readonly lostTotal: number;
  /** What was put aside. */
  readonly files: readonly string[];
}

const LOST_LISTED_MAX = 1_000;

/** The caller holds the folder's lock, and has neither index nor rows open. */
export async function repairData(parts: RepairParts): Promise<Repaired> {
  const { found, replacements } = await planned(parts);
  const files = parts.dryRun ? [] : await rebuild(parts, found, new Map(replacements.map((each) => [each.position, each])));
  const lost = replacements.slice(0, LOST_LISTED_MAX).map(({ position, stream, revision, isKnown, lostId }) => ({
    position: String(position),
    ...(isKnown ? { stream, revision } : {}),
    ...(lostId === null ? {} : { id: lostId }),
  }));
  return { kept: found.kept, lost, lostTotal: replacements.length, files };
}

interface PlannedReplacement extends Replacement {
  readonly isKnown: boolean;
  /** The id that the event had, where the index knows it. */
  readonly lostId: EventId | null;
}

async function planned(parts: RepairParts): Promise<{ readonly found: Survey; readonly replacements: readonly PlannedReplacement[] }> {
  const { directory, ports } = parts;
  const index = await readOnlyIndex(directory, ports);
  try {
    const found = await survey({ ...parts, disk: ports.disk, index });
    const { claims, ids } = claimsOf(index, found.lost);
    const placed = placeLost({ ...found, claims });
    if ('stream' in placed) {
      const { stream, from, before, after, until } = placed;
      throw new DataFolderError(directory, `${stream} goes from revision ${from - 1} to ${before} between the positions ${after} and ${until} of its log, and no lost event explains that; restore a backup`);
    }
    const replacements = placed.map((each) => {
      const claim = ids.get(each.position);
      const hasId = claim !== undefined && claim.stream === each.stream && claim.revision === each.revision;
      // In the log it gets an id of its own: whoever still has the event may send it again with the one that it had.
      const words = madeUpId(each.position);
      return { ...each, words, id: uuidOf(words), lostId: hasId ? uuidOf(claim.words) : null };
    });
    return { found, replacements };
  } finally {
    await index.close();
  }
}

/** Answers what was put aside. */
async function rebuild(parts: RepairParts, { rewritten, timesBefore, end }: Survey, replacements: ReadonlyMap<number, Replacement>): Promise<readonly string[]> {
  const { directory, ports, segments, segmentBytes, signal } = parts;
  const { disk } = ports;
  const namesBefore = await disk.list(directory);
  const files: string[] = [];
  // Rows may rest on what is lost. They are forgotten first: they say nothing that the log does not.
  const rows = writable(ports, join(directory, 'rows'));
  await rows?.clear();
  await rows?.close();
  const index = writable(ports, join(directory, 'index'));
  try {
    // Places change from here on. What it says is kept until the log is whole, for a repair that breaks off and is begun again.
    await index?.commit((batch) => batch.put(DAMAGED_KEY, Uint8Array.of(1)));
    for (const base of rewritten) {
      const before = segments.after(base) ?? end + 1;
      const kept = await rewriteSegment({ disk, segments, segmentBytes, replacements, signal }, { base, before, time: timesBefore.get(base) ?? timesBefore.get(1) ?? 0 });
      if (kept !== null) files.push(kept);
    }
    await index?.clear();
  } finally {
    await index?.close();
    await segments.close();
  }
  // Builds the index and marks the log as whole: whoever opens it next finds a log like any other.
  const { report, close } = await openEmbedded(directory, { ports: { ...ports, lock: () => ({ release: () => undefined }) } });
  await close();
  if (report !== null && report.torn !== null) files.push(report.torn.file);
  const names = (await disk.list(directory)).filter((name) => name.includes('.unreadable') && !namesBefore.includes(name));
  return [...files, ...names.map((name) => join(directory, name))];
}

async function readOnlyIndex(directory: string, { disk, keyValue }: EmbeddedPorts): Promise<KeyValue> {
  if (!(await disk.list(directory)).includes('index')) return emptyKeyValue;
  try {
    return keyValue({ path: join(directory, 'index'), readOnly: true });
  } catch {
    // It says nothing any more, and is put aside when the folder is opened.
    return emptyKeyValue;
  }
}

/** Null for what cannot be opened: opening the folder puts it aside. */
function writable({ keyValue }: EmbeddedPorts, path: string): KeyValue | null {
  try {
    return keyValue({ path, readOnly: false });
  } catch {
    // The reason is of no use to anybody: all of it is built anew.
    return null;
  }
}

/** An id that no source can have given: of the version for such ids (8), made of the position. */
function madeUpId(position: number): Uint32Array {
  return Uint32Array.of(0, 0x8000, 0x80000000 + Math.floor(position / 2 ** 32), position % 2 ** 32, 0, 0);
}

function uuidOf(words: Uint32Array): EventId {
  const hex = [...words.subarray(0, 4)].map((word) => word.toString(16).padStart(8, '0')).join('');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-') as EventId; // the parts of a UUID
}
