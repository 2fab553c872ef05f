// Logs for the tests of backup and restore: several small segments, opened with memory instead of LMDB.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Recorded } from '@trellis/event-sourcing';
import { openEmbedded, type Embedded, type EmbeddedOptions, type EmbeddedPorts } from '../open-embedded.js';
import { restoreBackup } from '../restore.js';
import { ana, ben, collect, eventOf, KeptKeyValues } from './written-log.js';

/** A few batches fill one. */
export const SEGMENT_BYTES = 1_024;

export function openLog(directory: string, options: EmbeddedOptions = {}): Promise<Embedded> {
  return openEmbedded(directory, { segmentBytes: SEGMENT_BYTES, now: () => 1_000, ...options, ports: { keyValue: new KeptKeyValues().open, ...options.ports } });
}

/** Appends `count` events from the `from`-th on, two in a batch, alternating between two streams. */
export async function grow({ store }: Embedded, from: number, count: number): Promise<void> {
  for (let n = from; n < from + count; n += 2) {
    await store.appendObservations([n, n + 1].filter((each) => each < from + count).map((each) => ({ stream: each % 2 === 0 ? ana : ben, event: eventOf(each) })));
  }
}

/** A log of so many events, cleanly closed. */
export async function closedLog(directory: string, count: number): Promise<readonly Recorded[]> {
  const log = await openLog(directory);
  await grow(log, 0, count);
  const records = await collect(log.store.readAll());
  await log.close();
  return records;
}

/** Everything that is in a backup, by way of a restore into a folder beside it. */
export async function restored(backup: string, data: string, ports: Partial<EmbeddedPorts> = {}): Promise<readonly Recorded[]> {
  await restoreBackup({ backup, data, ports: { keyValue: new KeptKeyValues().open, ...ports } });
  const log = await openLog(data, { ports });
  try {
    return await collect(log.store.readAll());
  } finally {
    await log.close();
  }
}

export async function filesOf(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
}

export function segmentsOf(data: string): Promise<readonly string[]> {
  return filesOf(join(data, 'log'));
}
