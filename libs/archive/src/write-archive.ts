// The histories of learners from the log into a file of columns: beside what is there under that name, then in its place.
import { randomUUID } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import type { Envelope, EventCodec, EventStore, Projection } from '@trellis/event-sourcing';
import { LEARNER_PREFIX, type TenantId } from '@trellis/learning';
import { ArrowSink } from './arrow-writer.js';
import { FORMAT, type ArchiveMeta } from './columns.js';
import { ANSWER_SCHEMA, rowOf } from './event-rows.js';
import { LearnerRanges, type History } from './learner-ranges.js';
import { BATCH_BYTES_MAX, BATCH_ROWS_MAX, GROUP_ROWS_MAX } from './limits.js';
import { ParquetSink } from './parquet-sink.js';
import type { RowSink } from './row-sink.js';

export type ArchiveFormat = 'arrow' | 'parquet';

export interface ArchiveOptions {
  readonly format: ArchiveFormat;
  /** Only this one's learners. */
  readonly tenant?: TenantId;
  /** Puts the events of a learner where the fold wants them. */
  readonly arrange?: Projection<unknown>['arrange'];
  readonly signal: AbortSignal;
  /** How much of the log is collected at once, in bytes. */
  readonly rangeBytesMax?: number;
  readonly batchRowsMax?: number;
  readonly watch?: (written: number, of: number) => void;
}

export interface Archived {
  readonly events: number;
  readonly learners: number;
  /** Of the newest event in the file; null for none. */
  readonly position: string | null;
  readonly bytes: number;
}

/** Whatever happens, the file of before stands until the new one is whole. Throws the signal's reason where it was given. */
export async function writeArchive(sources: { readonly store: EventStore; readonly codec: EventCodec }, path: string, options: ArchiveOptions): Promise<Archived> {
  const unfinished = `${path}.${randomUUID()}.part`;
  const file = await open(unfinished, 'wx');
  try {
    const written = await writeRows(sources, file, options);
    await file.sync();
    const { size: bytes } = await file.stat();
    await file.close();
    options.signal.throwIfAborted();
    await rename(unfinished, path);
    return { ...written, bytes };
  } catch (error) {
    await file.close();
    await rm(unfinished, { force: true });
    throw error;
  }
}

async function writeRows({ store, codec }: { readonly store: EventStore; readonly codec: EventCodec }, file: FileHandle, options: ArchiveOptions): Promise<Omit<Archived, 'bytes'>> {
  const { tenant, arrange, signal, rangeBytesMax, batchRowsMax = options.format === 'arrow' ? BATCH_ROWS_MAX : GROUP_ROWS_MAX, watch } = options;
  const prefix = tenant === undefined ? LEARNER_PREFIX : `${LEARNER_PREFIX}${tenant}.`;
  const histories = new LearnerRanges(store, { prefix, signal, ...(rangeBytesMax === undefined ? {} : { bytesMax: rangeBytesMax }) });
  let sink: RowSink | null = null;
  let [learners, events, rows, bytes] = [0, 0, 0, 0];
  for await (const history of histories) {
    signal.throwIfAborted();
    sink ??= await openSink(file, options, metaOf(prefix, histories));
    learners++;
    for (const [record, event] of eventsOf(history, codec, arrange)) {
      bytes += sink.add(rowOf(record, event));
      rows++;
      events++;
      if (rows < batchRowsMax && bytes < BATCH_BYTES_MAX) continue;
      await sink.flush(rows);
      signal.throwIfAborted();
      watch?.(events, histories.extent.events);
      [rows, bytes] = [0, 0];
    }
  }
  sink ??= await openSink(file, options, metaOf(prefix, histories));
  if (rows > 0) await sink.flush(rows);
  await sink.end();
  watch?.(events, histories.extent.events);
  return { learners, events, position: histories.extent.position };
}

type Pair = readonly [record: History['records'][number], event: Envelope | null];

/** Those that nobody here knows come last. */
function eventsOf({ records }: History, codec: EventCodec, arrange: ArchiveOptions['arrange']): readonly Pair[] {
  const known: Envelope[] = [];
  const unknown: Pair[] = [];
  for (const record of records) {
    const event = codec.decode(record);
    if (event === null) unknown.push([record, null]);
    else known.push(event);
  }
  return [...(arrange?.(known) ?? known).map((event) => [event, event] as const), ...unknown];
}

function metaOf(streams: string, { extent: { events, position } }: LearnerRanges): ArchiveMeta {
  return { format: FORMAT, position: position ?? '', events: String(events), streams, answerSchema: String(ANSWER_SCHEMA) };
}

async function openSink(file: FileHandle, { format }: ArchiveOptions, meta: ArchiveMeta): Promise<RowSink> {
  return format === 'arrow' ? ArrowSink.open(file, meta) : new ParquetSink(file, meta);
}
