// A small log on a real disk, batch by batch, with the length of its file behind each: what recovery tests damage.
import { cp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventId, Outgoing, Recorded, StreamName } from '@trellis/event-sourcing';
import { openEmbedded, type Embedded, type EmbeddedOptions } from '../open-embedded.js';
import { MemoryKeyValue } from './memory-key-value.js';

export const ana = 'learner-default.ana' as StreamName; // a name of this test
export const ben = 'learner-default.ben' as StreamName;

export function eventOf(n: number): Outgoing {
  const id = `00000000-0000-5000-8000-${n.toString(16).padStart(12, '0')}` as EventId; // a UUID by construction
  return { id, type: 'AnswerGiven', digest: n.toString(16).padStart(16, '0'), bytes: new TextEncoder().encode(`{"n":${n}}`) };
}

export async function collect(pages: AsyncIterable<readonly Recorded[]>): Promise<Recorded[]> {
  const records: Recorded[] = [];
  for await (const page of pages) records.push(...page);
  return records;
}

/** Key-value stores that outlive the store, as a folder would. */
export class KeptKeyValues {
  readonly kept = new Map<string, MemoryKeyValue>();

  readonly open = ({ path }: { readonly path: string }): MemoryKeyValue => {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const known = this.kept.get(name) ?? new MemoryKeyValue();
    this.kept.set(name, known);
    return known;
  };
}

export interface WrittenLog {
  readonly directory: string;
  readonly segment: string;
  /** Length of the segment behind each batch; the first is that of its header. */
  readonly ends: readonly number[];
  readonly records: readonly Recorded[];
  /** The index as it was after each batch. */
  readonly indexes: readonly MemoryKeyValue[];
}

const SEGMENT = '000000000000001.log';

/** Batches of `sizes` events, alternating between two streams, each durable before the next; then a clean close. */
export async function writeLog(directory: string, sizes: readonly number[]): Promise<WrittenLog> {
  const keyValues = new KeptKeyValues();
  const segment = join(directory, 'log', SEGMENT);
  const opened = await openEmbedded(directory, { ports: { keyValue: keyValues.open }, now: () => 1_000 });
  const ends: number[] = [];
  let n = 0;
  for (const size of sizes) {
    const batch = Array.from({ length: size }, () => ({ stream: n % 2 === 0 ? ana : ben, event: eventOf(n++) }));
    await opened.store.appendObservations(batch);
    if (ends.length === 0) ends.push(22);
    ends.push((await stat(segment)).size);
  }
  const records = await collect(opened.store.readAll());
  await opened.close();
  return { directory, segment, ends, records, indexes: [...keyValues.kept.values()] };
}

export interface Crash {
  /** The bytes of the segment after the crash. */
  readonly bytes: Uint8Array;
  /** Keep what says up to where the log was durable. */
  readonly keepHead?: boolean;
  readonly index?: MemoryKeyValue;
}

/** Opens the log as a crash may have left it, in a folder of its own, and removes that again. */
export async function afterCrash<Answer>(written: WrittenLog, crash: Crash, use: (open: (options?: EmbeddedOptions) => Promise<Embedded>, log: string) => Promise<Answer>): Promise<Answer> {
  const directory = `${written.directory}-crashed`;
  const log = join(directory, 'log');
  await cp(join(written.directory, 'log'), log, { recursive: true });
  await rm(join(log, 'clean'), { force: true });
  if (crash.keepHead !== true) await rm(join(log, 'head'), { force: true });
  await writeFile(join(log, SEGMENT), crash.bytes);
  const keyValues = new KeptKeyValues();
  if (crash.index !== undefined) keyValues.kept.set('index', crash.index.snapshot());
  try {
    return await use((options) => openEmbedded(directory, { ports: { keyValue: keyValues.open }, ...options }), log);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export async function tornFiles(log: string): Promise<Buffer[]> {
  const names = (await readdir(log)).filter((name) => name.endsWith('.torn')).sort();
  return Promise.all(names.map((name) => readFile(join(log, name))));
}
