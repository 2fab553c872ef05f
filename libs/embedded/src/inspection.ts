// A data folder for those who look at it and change nothing: as the only one, up to the end of what is whole, or beside the process
// that writes, up to the head that it publishes.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventStore, ViewStore } from '@trellis/event-sourcing';
import { HEAD_FILE, readMarkFile } from './durable-mark.js';
import { EmbeddedStore } from './embedded-store.js';
import { EmbeddedViews } from './embedded-views.js';
import { DataFolderError, DataHeldError } from './errors.js';
import { EventIndex } from './event-index.js';
import { emptyKeyValue, type KeyValue } from './key-value.js';
import { POLL_MS, SEGMENT_BYTES } from './limits.js';
import type { Lock } from './lock.js';
import { NODE_PORTS, openEmbedded, type EmbeddedPorts } from './open-embedded.js';
import { Problems, type Problem } from './problems.js';
import { repairData, type Repaired } from './repair.js';
import { Segments } from './segments.js';
import { StillLog } from './still-log.js';
import { verifyData, type Verified } from './verification.js';

export interface Watching {
  readonly signal?: AbortSignal;
  /** Hears the position it is at, and that of the end where it is known. */
  readonly watch?: (done: number, of: number | null) => void;
}

export interface Verification extends Verified {
  /** The first thousand. */
  readonly problems: readonly Problem[];
  readonly problemsTotal: number;
}

export interface Inspection {
  /** Another process has the folder, or may have. */
  readonly isBesideWriter: boolean;
  /** Log and index, and how far the rows say that they are. */
  verify(options?: Watching & { readonly windowPositions?: number }): Promise<Verification>;
  /** Log and rows to be folded and compared; null where the index has to be built first. Only for a log that is whole up to `position`. */
  read(position: number): Promise<{ readonly store: EventStore; readonly views: ViewStore } | null>;
  /**
   * What can be repaired. Not beside another process. Nothing else of the inspection can be used behind it; a dry run only says what
   * would be done.
   */
  repair(options: Watching & { readonly dryRun: boolean }): Promise<Repaired>;
  close(): Promise<void>;
}

/** Looks for the writer's head so often, until it has reached what the index has. */
const HEAD_LOOKS_MAX = 250;

export async function openInspection(directory: string, options: { readonly ports?: Partial<EmbeddedPorts>; readonly segmentBytes?: number } = {}): Promise<Inspection> {
  const ports = { ...NODE_PORTS, ...options.ports };
  const { disk } = ports;
  const names = await disk.list(directory);
  if (!names.includes('log')) throw new DataFolderError(directory, 'it holds no log');
  const lock = lockOf(ports, directory);
  const segments = new Segments(disk, join(directory, 'log'));
  const damaged: { readonly kind: 'index' | 'rows'; readonly detail: string }[] = [];
  const opened: KeyValue[] = [];
  const keyValueOf = (kind: 'index' | 'rows'): KeyValue => {
    if (!names.includes(kind)) return emptyKeyValue;
    try {
      const keyValue = ports.keyValue({ path: join(directory, kind), readOnly: true });
      opened.push(keyValue);
      return keyValue;
    } catch (error) {
      damaged.push({ kind, detail: `it cannot be opened: ${error instanceof Error ? error.message : String(error)}` });
      return emptyKeyValue;
    }
  };
  const [index, rows] = [keyValueOf('index'), keyValueOf('rows')];
  return {
    isBesideWriter: lock === null,
    async verify(how = {}) {
      const problems = new Problems();
      for (const { kind, detail } of damaged) problems.add(kind, null, detail);
      const head = lock === null ? (atLeast: number) => publishedHead(ports, segments, atLeast) : null;
      await segments.refresh();
      const verified = await verifyData({ disk, segments, index, rows, head, problems, ...how });
      return { ...verified, problems: problems.listed, problemsTotal: problems.total };
    },
    async read(position) {
      if (lock === null) {
        const { store, views } = await openEmbedded(directory, { readOnly: true, ports });
        opened.push({ ...emptyKeyValue, close: () => store.close() });
        return { store, views };
      }
      const log = await StillLog.open(segments, new EventIndex(index), position);
      return log === null ? null : { store: new EmbeddedStore(log, null, () => Promise.resolve()), views: new EmbeddedViews(rows, { readOnly: true }) };
    },
    async repair(how) {
      if (lock === null) throw new DataHeldError(directory, null);
      for (const each of opened.splice(0)) await each.close();
      await segments.refresh();
      return repairData({ directory, ports, segments, segmentBytes: options.segmentBytes ?? SEGMENT_BYTES, ...how });
    },
    async close() {
      for (const each of opened.splice(0)) await each.close();
      await segments.close();
      lock?.release();
    },
  };
}

/** Null where it cannot be had: then somebody else may write. */
function lockOf({ lock }: EmbeddedPorts, directory: string): Lock | null {
  try {
    return lock(directory);
  } catch (error) {
    if (error instanceof DataHeldError || error instanceof DataFolderError) return null;
    throw error;
  }
}

/** The writer publishes a few milliseconds after it indexes; a mark that is being written just now reads as none. */
async function publishedHead({ disk }: EmbeddedPorts, segments: Segments, atLeast: number): Promise<number> {
  for (let looks = 1; ; looks++) {
    const mark = await readMarkFile(disk, segments.directory, HEAD_FILE);
    if ((mark === null || mark.position < atLeast) && looks < HEAD_LOOKS_MAX) {
      await pause(POLL_MS);
      continue;
    }
    await segments.refresh();
    return mark?.position ?? 0;
  }
}
