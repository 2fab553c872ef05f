// Writes one generation of the tail into the index, and the mark that says so, as one transaction.
import { headKey, headValue, ID_VALUE_BYTES, IdKey, idValue, MARK_KEY, markValue, nameKey, PLACE_BYTES, putRunPlace, runKey, sparseKey, sparseValue, u48Value, type IndexMark } from './index-entries.js';
import type { KeyValue, WriteBatch } from './key-value.js';
import { RUN_EVENTS_MAX } from './limits.js';
import type { LogEnd } from './log-format.js';
import type { SparseMark } from './sparse.js';
import type { StreamHead, Tail } from './tail.js';

export interface Flush {
  readonly tail: Tail;
  readonly end: LogEnd;
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

export async function flushTail(keyValue: KeyValue, { tail, end, nextOrdinal, marks }: Flush): Promise<IndexMark> {
  const settled: Settled[] = [];
  const ordinals = new Map<StreamHead, number>();
  let ordinalNext = nextOrdinal;
  for (const head of tail.heads) ordinals.set(head, head.ordinal >= 0 ? head.ordinal : ordinalNext++);
  const mark: IndexMark = { position: tail.end - 1, place: end, nextOrdinal: ordinalNext };

  // Runs that are short go on, and are read before the transaction begins.
  const begun = tail.heads.map((head) => shortRun(keyValue, head));
  await keyValue.commit((batch) => {
    tail.heads.forEach((head, index) => {
      settled.push(putStream(batch, { tail, head, ordinal: ordinals.get(head) ?? 0, begun: begun[index] ?? null }));
    });
    putIds(batch, tail, ordinals);
    for (const sparse of marks) batch.put(sparseKey(sparse.position), sparseValue(sparse));
    batch.put(MARK_KEY, markValue(mark));
  });
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

function putIds(batch: WriteBatch, tail: Tail, ordinals: ReadonlyMap<StreamHead, number>): void {
  const ids = new IdKey();
  const { words } = tail;
  // One buffer for all values of the transaction: they must stay as they are until it stands.
  const values = new Uint8Array(tail.count * ID_VALUE_BYTES);
  for (let entry = 0; entry < tail.count; entry++) {
    const ordinal = ordinals.get(tail.owner(entry)) ?? 0;
    const at = entry * ID_VALUE_BYTES;
    const wordsAt = tail.wordsAt(entry);
    idValue.put(values, at, { ordinal, position: tail.firstPosition + entry, offset: tail.offset(entry), revision: tail.revision(entry), words, wordsAt });
    batch.put(ids.of(words, wordsAt), values.subarray(at, at + ID_VALUE_BYTES));
  }
}
