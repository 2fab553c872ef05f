// The names, heads, runs of places and sparse marks of the index against what the log says of its streams.
import { getU32, getU48 } from './bytes.js';
import { headKey, PLACE_BYTES, runFirst, runKey, sparseKey, sparseMark, type IndexMark } from './index-entries.js';
import { entriesOf, isHead, NAMES, nameOf, STREAMS } from './index-pages.js';
import type { Entry, KeyValue } from './key-value.js';
import { RUN_EVENTS_MAX } from './limits.js';
import { fetchRecords, type LogParts } from './log-reader.js';
import type { Problems } from './problems.js';
import type { Sparse } from './sparse.js';
import { addPlace, type StreamFacts, type StreamLedger } from './stream-ledger.js';

export interface IndexedStreams {
  readonly keyValue: KeyValue;
  readonly mark: IndexMark;
  /** Another process goes on with the index meanwhile: what lies behind the mark is not looked at. */
  readonly isMoving: boolean;
  readonly ledger: StreamLedger;
  /** Every event of the log could be read. Where some were lost the index may know more than the log. */
  readonly isLogWhole: boolean;
  /** To look at single events. */
  readonly log: LogParts;
  readonly problems: Problems;
}

const ORDINAL_MAX = 2 ** 48 - 1;

/** Answers how many entries it has looked at. */
export async function checkIndexedStreams(parts: IndexedStreams): Promise<number> {
  const byOrdinal = new Map<number, StreamFacts>();
  const names = checkNames(parts, byOrdinal);
  const runs = await checkRuns(parts, byOrdinal);
  return names + runs;
}

function checkNames({ keyValue, mark, isMoving, ledger, isLogWhole, problems }: IndexedStreams, byOrdinal: Map<number, StreamFacts>): number {
  let entries = 0;
  for (const { key, value } of entriesOf(keyValue, NAMES)) {
    const name = nameOf(key);
    const ordinal = getU48(value, 0);
    if (isMoving && ordinal >= mark.nextOrdinal) continue;
    entries++;
    const facts = ledger.get(name);
    if (ordinal >= mark.nextOrdinal) problems.add('index', null, `${name} has the number ${ordinal}, and the next new stream would be ${mark.nextOrdinal}`);
    if (facts === undefined || facts.indexed < 0) {
      if (isLogWhole) problems.add('index', null, `the index has a stream ${name} that has no events in the log up to ${mark.position}`);
      continue;
    }
    const other = byOrdinal.get(ordinal);
    if (other !== undefined) problems.add('index', facts.position, `${name} has the number ${ordinal}, as ${other.name} has`);
    byOrdinal.set(ordinal, facts);
  }
  for (const { name, ordinal, indexed, position } of ledger.all()) {
    if (indexed >= 0 && ordinal < 0) problems.add('index', position, `the index does not have the stream ${name}`);
  }
  return entries;
}

/** The entries of one stream, one by one. */
interface Runs {
  readonly ordinal: number;
  /** From its head, or null where it has none. */
  readonly head: { readonly revision: number; readonly lastRun: number } | null;
  /** Revisions that have places, up to the mark and in all. */
  indexed: number;
  all: number;
  lastRun: number;
  readonly places: { high: number; low: number };
  /** What is wrong with the shape of its runs. */
  fault: string | null;
}

async function checkRuns(parts: IndexedStreams, byOrdinal: ReadonlyMap<number, StreamFacts>): Promise<number> {
  const { keyValue, mark, problems } = parts;
  const unseen = new Set(byOrdinal.keys());
  let entries = 0;
  let runs: Runs | null = null;
  const settle = async (): Promise<void> => {
    if (runs === null) return;
    unseen.delete(runs.ordinal);
    await settleStream(parts, runs, byOrdinal.get(runs.ordinal));
  };
  for (const { key, value } of entriesOf(keyValue, STREAMS)) {
    const ordinal = getU48(key, 1);
    if (parts.isMoving && ordinal >= mark.nextOrdinal) break;
    entries++;
    if (runs === null || runs.ordinal !== ordinal) {
      await settle();
      runs = { ordinal, head: isHead(key) ? { revision: getU48(value, 0), lastRun: getU48(value, 6) } : null, indexed: 0, all: 0, lastRun: -1, places: { high: 0, low: 0 }, fault: null };
      if (isHead(key)) continue;
    }
    takeRun(runs, { key, value }, mark.position);
  }
  await settle();
  for (const ordinal of unseen) {
    const facts = byOrdinal.get(ordinal);
    if (facts !== undefined) problems.add('index', facts.position, `the index has no places of ${facts.name}`);
  }
  return entries;
}

function takeRun(runs: Runs, { key, value }: Entry, indexed: number): void {
  const count = value.length / PLACE_BYTES;
  const first = runFirst(key);
  if (!Number.isInteger(count) || count < 1 || count > RUN_EVENTS_MAX) runs.fault ??= `the run from revision ${first} has ${value.length} bytes`;
  if (first !== runs.all) runs.fault ??= `a run begins at revision ${first} where ${runs.all} comes next`;
  runs.lastRun = first;
  runs.all = first + Math.floor(count);
  for (let at = 0; at + PLACE_BYTES <= value.length; at += PLACE_BYTES) {
    const position = getU48(value, at);
    if (position > indexed) continue;
    addPlace(runs.places, position, getU32(value, at + 6));
    runs.indexed++;
  }
}

async function settleStream(parts: IndexedStreams, runs: Runs, facts: StreamFacts | undefined): Promise<void> {
  const { problems, isLogWhole } = parts;
  if (facts === undefined) {
    if (isLogWhole) problems.add('index', null, `the index has places of a stream with the number ${runs.ordinal}, which none has`);
    return;
  }
  const { name, position } = facts;
  const fault = runs.fault ?? headFault(parts, runs);
  if (fault !== null) {
    problems.add('index', position, `${name}: ${fault}`);
    return;
  }
  const isSame = runs.indexed === facts.indexed + 1 && runs.places.high === facts.places.high && runs.places.low === facts.places.low;
  if (isSame || facts.isBroken || (!isLogWhole && runs.indexed > facts.indexed + 1)) return;
  const wrong = await wrongPlace(parts, runs, name);
  problems.add('index', wrong?.position ?? position, `${name}: ${wrong?.detail ?? `it has ${runs.indexed} places, and ${facts.indexed + 1} events`}`);
}

function headFault({ keyValue, isMoving }: IndexedStreams, { ordinal, head, all, lastRun }: Runs): string | null {
  if (head === null) return 'it has no head';
  if (head.revision + 1 === all && head.lastRun === lastRun) return null;
  if (isMoving) {
    // The head was read a little before the last run. Both at once:
    const value = keyValue.get(headKey(ordinal));
    const last = keyValue.lastIn(runKey(ordinal, 0), runKey(ordinal, ORDINAL_MAX));
    if (value !== undefined && last !== undefined && getU48(value, 6) === runFirst(last.key) && getU48(value, 0) + 1 === runFirst(last.key) + last.value.length / PLACE_BYTES) return null;
  }
  return `its head says revision ${head.revision} and a last run from ${head.lastRun}, its runs say ${all - 1} and ${lastRun}`;
}

/** The first place that does not lead to the event of its revision. */
async function wrongPlace({ keyValue, log, mark }: IndexedStreams, { ordinal }: Runs, stream: string): Promise<{ readonly position: number; readonly detail: string } | null> {
  for (const { key, value } of entriesOf(keyValue, runKey(ordinal, 0).subarray(0, 8))) {
    for (let at = 0; at + PLACE_BYTES <= value.length; at += PLACE_BYTES) {
      const place = { position: getU48(value, at), offset: getU32(value, at + 6) };
      if (place.position > mark.position) continue;
      const revision = runFirst(key) + at / PLACE_BYTES;
      // What cannot be fetched from a log that is whole is not where the index says.
      const [record] = await fetchRecords(log, [place]).catch(() => []);
      if (record === undefined) return { position: place.position, detail: `the place of revision ${revision} is not that of an event` };
      if (record.stream !== stream || record.revision !== revision) {
        return { position: place.position, detail: `the place of revision ${revision} is that of ${record.stream}@${record.revision}` };
      }
    }
  }
  return null;
}

/** `sparse` has the marks that the log asks for. Answers how many the index has. */
export function checkSparseMarks({ keyValue, mark, problems }: Pick<IndexedStreams, 'keyValue' | 'mark' | 'problems'>, sparse: Sparse): number {
  const expected = new Map(sparse.between(1, mark.position + 1).map((each) => [each.position, each]));
  let entries = 0;
  for (const { key, value } of entriesOf(keyValue, sparseKey(0).subarray(0, 1))) {
    const { position, base, offset } = sparseMark(key, value);
    if (position > mark.position) break;
    entries++;
    const known = expected.get(position);
    expected.delete(position);
    if (known === undefined) problems.add('index', position, 'a sparse mark is there that should not be');
    else if (known.base !== base || known.offset !== offset) problems.add('index', position, 'a sparse mark does not lead to the batch of its position');
  }
  for (const position of expected.keys()) problems.add('index', position, 'a sparse mark is missing');
  return entries;
}
