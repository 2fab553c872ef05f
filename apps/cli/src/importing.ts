// Rows in, batch after batch. Several are on their way at once, so that nobody waits for one sync of the disk after the other.
import { Failure, told } from './failure.js';
import type { RowEvent } from './mapping.js';
import type { Reject, RejectsFile } from './rejects-file.js';
import type { Row } from './rows.js';
import type { Taken, Taker } from './takers.js';

export interface ImportParts {
  readonly rows: AsyncIterable<Row>;
  readonly map: (row: Row) => RowEvent;
  readonly taker: Taker;
  readonly rejects: RejectsFile;
  readonly batchRows: number;
  /** Given: what is on its way is finished, nothing more is begun. */
  readonly signal: AbortSignal;
}

/** What became of the rows so far. Changes while the import runs. */
export interface Totals {
  read: number;
  accepted: number;
  duplicates: number;
  rejected: number;
  /** How often each code. */
  readonly codes: Map<string, number>;
  /** Rows that named a time, and rows that named none. */
  timed: number;
  untimed: number;
}

export function noTotals(): Totals {
  return { read: 0, accepted: 0, duplicates: 0, rejected: 0, codes: new Map(), timed: 0, untimed: 0 };
}

const BATCHES_IN_FLIGHT_MAX = 4;

/** Rows of one batch: those that became events, and those that did not. */
interface Batch {
  readonly rows: Row[];
  readonly events: object[];
  readonly unmapped: Reject[];
}

export async function importRows({ rows, map, taker, rejects, batchRows, signal }: ImportParts, totals: Totals): Promise<void> {
  const inFlight: Promise<void>[] = [];
  const send = async (batch: Batch): Promise<void> => {
    // Out while it is on its way, so that batches are counted in their order.
    const before = inFlight.at(-1);
    const sent = batch.events.length === 0 ? null : taker.take(batch.events);
    // It is awaited below; a failure meanwhile is not forgotten, only early.
    sent?.catch(() => undefined);
    await before;
    settle(batch, sent === null ? null : await sent, { totals, rejects });
  };
  const begin = async (batch: Batch): Promise<void> => {
    const settled = send(batch);
    // Decided on when its turn comes, below.
    settled.catch(() => undefined);
    inFlight.push(settled);
    if (inFlight.length >= BATCHES_IN_FLIGHT_MAX) {
      // Taken out only when it is done: a failure waits for all that is still in here.
      await inFlight[0];
      void inFlight.shift();
    }
  };
  try {
    let batch = emptyBatch();
    for await (const row of rows) {
      if (signal.aborted) break;
      add(batch, row, map(row), totals);
      if (batch.rows.length + batch.unmapped.length < batchRows) continue;
      await begin(batch);
      batch = emptyBatch();
    }
    if (!signal.aborted && batch.rows.length + batch.unmapped.length > 0) await begin(batch);
    for (const settled of inFlight) await settled;
  } catch (error) {
    await Promise.allSettled(inFlight);
    throw cutShort(error, totals);
  }
}

function emptyBatch(): Batch {
  return { rows: [], events: [], unmapped: [] };
}

function add(batch: Batch, row: Row, mapped: RowEvent, totals: Totals): void {
  if ('flaw' in mapped) {
    batch.unmapped.push({ row, code: mapped.flaw.code, reason: mapped.flaw.message });
    return;
  }
  if ('occurredAt' in mapped.event) totals.timed++;
  else totals.untimed++;
  batch.rows.push(row);
  batch.events.push(mapped.event);
}

function settle(batch: Batch, taken: Taken | null, { totals, rejects }: { readonly totals: Totals; readonly rejects: RejectsFile }): void {
  const refused = (taken?.rejected ?? []).map(({ index, code, message }): Reject => {
    const row = batch.rows[index];
    if (row === undefined) throw new Error(`row ${index} of a batch of ${batch.rows.length} was rejected`);
    return { row, code, reason: message };
  });
  const all = [...batch.unmapped, ...refused].sort((a, b) => a.row.line - b.row.line);
  totals.read += batch.rows.length + batch.unmapped.length;
  totals.accepted += taken?.accepted ?? 0;
  totals.duplicates += taken?.duplicates ?? 0;
  totals.rejected += all.length;
  for (const { code } of all) totals.codes.set(code, (totals.codes.get(code) ?? 0) + 1);
  rejects.write(all);
}

/** What is in stays in, and the message says so. */
function cutShort(error: unknown, { read, accepted, duplicates }: Totals): unknown {
  const { sentence, exitCode, isUnknown } = told(error);
  if (isUnknown || read === 0) return error;
  return new Failure(`${sentence}; of the first ${read} rows ${accepted} were accepted and ${duplicates} known already, and running it again goes on from there`, exitCode, { cause: error });
}
