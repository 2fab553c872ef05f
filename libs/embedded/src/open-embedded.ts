// Opens both ports on one data folder: `log/` is the truth, `index/` and `rows/` can always be rebuilt from it.
import { join } from 'node:path';
import type { EventStore, ViewStore } from '@trellis/event-sourcing';
import { nodeDisk, type Disk } from './disk.js';
import { EmbeddedStore } from './embedded-store.js';
import { EmbeddedViews } from './embedded-views.js';
import { DataFolderError } from './errors.js';
import { emptyKeyValue, type KeyValue } from './key-value.js';
import { RECENT_BYTES_MAX, SEGMENT_BYTES } from './limits.js';
import { openLmdb } from './lmdb-key-value.js';
import { lockDirectory, type Lock } from './lock.js';
import { LogEngine } from './log-engine.js';
import { LogFollower } from './log-follower.js';
import type { OpenReport, StoreEvent } from './report.js';
import { nodeScheduler, type Scheduler } from './scheduler.js';

/** What a simulated world replaces. */
export interface EmbeddedPorts {
  readonly disk: Disk;
  readonly scheduler: Scheduler;
  readonly keyValue: (options: { readonly path: string; readonly readOnly: boolean }) => KeyValue;
  readonly lock: (directory: string) => Lock;
}

export interface EmbeddedOptions {
  /** Milliseconds since 1970; the system's clock unless given. */
  readonly now?: () => number;
  /** Beside a process that writes: no appends, and the log up to the head that the writer publishes. */
  readonly readOnly?: boolean;
  /** Hears what the store has to say while it runs. */
  readonly report?: (event: StoreEvent) => void;
  readonly ports?: Partial<EmbeddedPorts>;
  /** A new segment begins once the current one is this long. */
  readonly segmentBytes?: number;
  /** Memory for the newest batches. */
  readonly recentBytes?: number;
}

export interface Embedded {
  readonly store: EventStore;
  readonly views: ViewStore;
  /** What opening found and did; null when read-only. */
  readonly report: OpenReport | null;
  /** Acknowledges what was sent, indexes it, marks the close as clean, and gives the folder free. */
  close(): Promise<void>;
}

export const NODE_PORTS: EmbeddedPorts = { disk: nodeDisk, scheduler: nodeScheduler, keyValue: openLmdb, lock: lockDirectory };

/**
 * Throws `DataHeldError` when another process has the folder, `DataFolderError` when it cannot be used, and
 * `DamageError` when what was durable is not there any more.
 */
export async function openEmbedded(directory: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  const ports = { ...NODE_PORTS, ...options.ports };
  return options.readOnly === true ? openReader(directory, ports) : openWriter(directory, ports, options);
}

async function openWriter(directory: string, ports: EmbeddedPorts, options: EmbeddedOptions): Promise<Embedded> {
  const lock = ports.lock(directory);
  const opened: KeyValue[] = [];
  const release = async (): Promise<void> => {
    for (const keyValue of opened) await keyValue.close();
    lock.release();
  };
  try {
    const index = await openFolder(directory, 'index', ports);
    opened.push(index);
    const rows = await openFolder(directory, 'rows', ports);
    opened.push(rows);
    const engine = await LogEngine.open({
      directory: join(directory, 'log'),
      disk: ports.disk,
      scheduler: ports.scheduler,
      keyValue: index,
      now: options.now ?? Date.now,
      segmentBytes: options.segmentBytes ?? SEGMENT_BYTES,
      recentBytes: options.recentBytes ?? RECENT_BYTES_MAX,
      report: options.report ?? (() => undefined),
    });
    const views = new EmbeddedViews(rows, { readOnly: false });
    await views.forgetAhead(engine.durablePosition).catch(async (error: unknown) => {
      await engine.close();
      throw error;
    });
    const close = once(async () => {
      try {
        // Begun together: from now on neither takes anything new.
        const written = views.close();
        await engine.close();
        await written;
      } finally {
        await release();
      }
    });
    return { store: new EmbeddedStore(engine, engine.writer, close), views, report: engine.openReport, close };
  } catch (error) {
    await release();
    throw error;
  }
}

/** What cannot be opened is put aside and made anew: the log has everything that was in it. */
async function openFolder(directory: string, name: string, { keyValue, disk }: EmbeddedPorts): Promise<KeyValue> {
  const path = join(directory, name);
  try {
    return keyValue({ path, readOnly: false });
  } catch (error) {
    try {
      const names = await disk.list(directory);
      let aside = `${name}.unreadable`;
      for (let n = 2; names.includes(aside); n++) aside = `${name}.unreadable-${n}`;
      await disk.rename(path, join(directory, aside));
      return keyValue({ path, readOnly: false });
    } catch {
      // The first error says more than that it could not be put aside.
      throw new DataFolderError(directory, `${name} cannot be opened (${error instanceof Error ? error.message : String(error)})`, error);
    }
  }
}

async function openReader(directory: string, ports: EmbeddedPorts): Promise<Embedded> {
  const names = await ports.disk.list(directory);
  const opened = (['index', 'rows'] as const).map((name) => (names.includes(name) ? ports.keyValue({ path: join(directory, name), readOnly: true }) : emptyKeyValue));
  const [index, rows] = opened as [KeyValue, KeyValue]; // one for each name
  const follower = await LogFollower.open({ directory: join(directory, 'log'), disk: ports.disk, scheduler: ports.scheduler, keyValue: index }).catch(async (error: unknown) => {
    for (const keyValue of opened) await keyValue.close();
    throw error;
  });
  const close = once(async () => {
    await follower.close();
    for (const keyValue of opened) await keyValue.close();
  });
  return { store: new EmbeddedStore(follower, null, close), views: new EmbeddedViews(rows, { readOnly: true }), report: null, close };
}

/** Closing twice, through the store and through the whole, is closing once. */
function once(close: () => Promise<void>): () => Promise<void> {
  let closing: Promise<void> | null = null;
  return () => (closing ??= close());
}

