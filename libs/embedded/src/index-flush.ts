// Writes one generation of the tail into the index, and the mark that says so, as one transaction.
import { headKey, headValue, MARK_KEY, markValue, nameKey, PLACE_BYTES, putRunPlace, runKey, sparseKey, sparseValue, u48Value, type IndexMark } from './index-entries.js';
import { ENTRY_BYTES, putEntry } from './id-entries.js';
import type { IdRun } from './id-run.js';
import type { IdRuns } from './id-runs.js';
import type { KeyValue, WriteBatch } from './key-value.js';
import { RUN_EVENTS_MAX } from './limits.js';
import type { LogEnd } from './log-format.js';
import type { SparseMark } from './sparse.js';
import type { StreamHead, Tail } from './tail.js';

export interface Flush {
  readonly tail: Tail;
  readonly end: LogEnd;
  readonly ids: IdRuns;
  readonly nextOrdinal: number;
  readonly marks: readonly SparseMark[];
}

/** A stream's part of a flush, held back from its head until the transaction stands. */
interface Settled {
  readonly head: StreamHead;
  readonly ordinal: number;
  readonly indexed: number;
  readonly lastRun: number;
}

export async function flushTail(keyValue: KeyValue, { tail, end, ids, nextOrdinal, marks }: Flush): Promise<IndexMark> {
  const settled: Settled[] = [];
  const ordinals = new Map<StreamHead, number>();
  let ordinalNext = nextOrdinal;
  for (const head of tail.heads) ordinals.set(head, head.ordinal >= 0 ? head.ordinal : ordinalNext++);
  const mark: IndexMark = { position: tail.end - 1, place: end, nextOrdinal: ordinalNext };

  // Runs that are short go on, and are read before the transaction begins.
  const begun = tail.heads.map((head) => shortRun(keyValue, head));
  // One buffer for all entries of the transaction: they must stay as they are until it stands.
  const entries = sortedEntries(tail, ordinals);
  let run: IdRun | null = null;
  await keyValue.commit((batch) => {
    tail.heads.forEach((head, index) => {
      settled.push(putStream(batch, { tail, head, ordinal: ordinals.get(head) ?? 0, begun: begun[index] ?? null }));
    });
    run = ids.put(batch, entries);
    for (const sparse of marks) batch.put(sparseKey(sparse.position), sparseValue(sparse));
    batch.put(MARK_KEY, markValue(mark));
  });
  if (run !== null) ids.added(run);
  for (const { head, ...now } of settled) Object.assign(head, now);
  return mark;
}

function shortRun(keyValue: KeyValue, head: StreamHead): Uint8Array | null {
  if (head.lastRun < 0 || head.indexed + 1 - head.lastRun >= RUN_EVENTS_MAX) return null;
  return keyValue.get(runKey(head.ordinal, head.lastRun)) ?? null;
}

function putStream(batch: WriteBatch, part: { readonly tail: Tail; readonly head: StreamHead; readonly ordinal: number; readonly begun: Uint8Array | null }): Settled {
  const { tail, head, ordinal } = part;
  const { first, entries } = head.flushing ?? { first: 0, entries: [] };
  if (head.ordinal < 0) batch.put(nameKey(head.name), u48Value(ordinal));
  let run = part.begun === null ? first : head.lastRun;
  let bytes = new Uint8Array((part.begun?.length ?? 0) + entries.length * PLACE_BYTES);
  if (part.begun !== null) bytes.set(part.begun);
  let at = part.begun?.length ?? 0;
  for (const entry of entries) {
    putRunPlace(bytes, at, tail.firstPosition + entry, tail.offset(entry));
    at += PLACE_BYTES;
  }
  while (bytes.length > RUN_EVENTS_MAX * PLACE_BYTES) {
    batch.put(runKey(ordinal, run), bytes.subarray(0, RUN_EVENTS_MAX * PLACE_BYTES));
    bytes = bytes.subarray(RUN_EVENTS_MAX * PLACE_BYTES);
    run += RUN_EVENTS_MAX;
  }
  batch.put(runKey(ordinal, run), bytes);
  const indexed = first + entries.length - 1;
  batch.put(headKey(ordinal), headValue(indexed, run));
  return { head, ordinal, indexed, lastRun: run };
}

/** The entries of all ids of the generation, in the order of the ids. */
function sortedEntries(tail: Tail, ordinals: ReadonlyMap<StreamHead, number>): Uint8Array {
  const { words } = tail;
  const bytes = new Uint8Array(tail.count * ENTRY_BYTES);
  const hit = { ordinal: 0, position: 0, offset: 0, revision: 0, digestHigh: 0, digestLow: 0 };
  inOrder(tail).forEach((entry, n) => {
    const wordsAt = tail.wordsAt(entry);
    hit.ordinal = ordinals.get(tail.owner(entry)) ?? 0;
    hit.position = tail.firstPosition + entry;
    hit.offset = tail.offset(entry);
    hit.revision = tail.revision(entry);
    hit.digestHigh = words[wordsAt + 4] ?? 0;
    hit.digestLow = words[wordsAt + 5] ?? 0;
    putEntry(bytes, n * ENTRY_BYTES, hit, words, wordsAt);
  });
  return bytes;
}

/** Sorting numbers is quick, and their first words tell ids that are hashes apart; ids that somebody counted up are compared whole. */
function inOrder(tail: Tail): readonly number[] {
  const { words, count } = tail;
  const word = (entry: number, n: number): number => words[tail.wordsAt(entry) + n] ?? 0;
  const keys = new Float64Array(count);
  for (let entry = 0; entry < count; entry++) keys[entry] = word(entry, 0) * count + entry;
  keys.sort();
  const entries = Array.from(keys, (key) => key % count);
  if (!entries.some((entry, n) => n > 0 && word(entries[n - 1] ?? 0, 0) === word(entry, 0))) return entries;
  return entries.sort((one, other) => {
    for (let n = 0; n < 4; n++) {
      const difference = word(one, n) - word(other, n);
      if (difference !== 0) return difference;
    }
    return 0;
  });
}
