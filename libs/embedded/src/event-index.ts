// Where events are: by id, by stream and revision. What the key-value store does not have yet is in two tails in memory.
import type { Revision } from '@trellis/event-sourcing';
import { getU32, getU48 } from './bytes.js';
import { DAMAGED_KEY, headKey, MARK_KEY, nameKey, PLACE_BYTES, readMark, runFirst, runKey, sparseKey, sparseMark, type IndexMark } from './index-entries.js';
import { flushTail } from './index-flush.js';
import { IndexDamageError } from './errors.js';
import type { KeyValue } from './key-value.js';
import { FLUSH_EVENTS, HEADS_MAX, TAIL_EVENTS_MAX } from './limits.js';
import { IdRuns } from './id-runs.js';
import type { LogEnd } from './log-format.js';
import { Sparse } from './sparse.js';
import { Tail, type StreamHead } from './tail.js';

/** Where one event lies; its segment follows from its position. */
export interface Located {
  readonly position: number;
  readonly offset: number;
}

export type Whereabouts = 'nowhere' | 'here' | 'elsewhere';

const SPARSE_PAGE = 4_096;

export class EventIndex {
  readonly sparse = new Sparse();
  /** What `whereabouts` found last. One object for all calls: it is asked once an event. */
  readonly hit = { ordinal: 0, position: 0, offset: 0, revision: 0, digestHigh: 0, digestLow: 0 };
  private mark: IndexMark = { position: 0, place: null, nextOrdinal: 0 };
  private current = new Tail(1);
  private flushing: { readonly tail: Tail; readonly end: LogEnd } | null = null;
  private committing = false;
  private heads = new Map<string, StreamHead>();
  private headsBefore = new Map<string, StreamHead>();
  private readonly ids: IdRuns;

  constructor(private readonly keyValue: KeyValue) {
    this.ids = new IdRuns(keyValue);
  }

  /** False when it has to be built from the first event: nothing there, of another version, or damaged. */
  get isUsable(): boolean {
    return readMark(this.keyValue.get(MARK_KEY)) !== null && this.keyValue.get(DAMAGED_KEY) === undefined;
  }

  /** It is built anew at the next opening. */
  markDamaged(): Promise<void> {
    return this.keyValue.commit((batch) => batch.put(DAMAGED_KEY, Uint8Array.of(1)));
  }

  /** Ids that the index on disk has: as many as events, if all is well. */
  get idCount(): number {
    return this.ids.count;
  }

  /** Behind `load`, in the one process that writes: removes what a crash left of unfinished work. */
  tidy(): Promise<void> {
    return this.ids.tidy();
  }

  /** Behind a flush: brings the ids that it wrote in order with those before. */
  async merge(): Promise<void> {
    if (this.committing) return;
    this.committing = true;
    try {
      await this.ids.merge();
    } finally {
      this.committing = false;
    }
  }

  /** Forgets what is on disk; call it before `load` only. */
  clear(): Promise<void> {
    return this.keyValue.clear();
  }

  /** Takes up the index as it is on disk; answers how far it has come. */
  load(): IndexMark {
    this.mark = readMark(this.keyValue.get(MARK_KEY)) ?? { position: 0, place: null, nextOrdinal: 0 };
    this.ids.load();
    this.current = new Tail(this.mark.position + 1);
    this.flushing = null;
    this.heads.clear();
    this.headsBefore.clear();
    this.sparse.clear();
    for (let from = 0; ; ) {
      const page = this.keyValue.range({ from: sparseKey(from), before: sparseKey(this.mark.position + 1), limit: SPARSE_PAGE });
      for (const { key, value } of page) {
        const mark = sparseMark(key, value);
        this.sparse.note(mark);
        from = mark.position + 1;
      }
      if (page.length < SPARSE_PAGE) return this.mark;
    }
  }

  /** Of this position and all before it, the index on disk has everything. */
  get indexedPosition(): number {
    return this.mark.position;
  }

  /** The index on disk may have moved on by another process's hand. */
  indexedOnDisk(): number {
    return readMark(this.keyValue.get(MARK_KEY))?.position ?? 0;
  }

  /** The position that `add` takes in next. */
  get endPosition(): number {
    return this.current.end;
  }

  /** Events in memory that nothing is indexing yet. */
  get pending(): number {
    return this.current.count;
  }

  /** Some event in memory is not in the index on disk yet. */
  get isBehind(): boolean {
    return this.current.count > 0 || this.flushing !== null;
  }

  get full(): boolean {
    return this.current.count >= TAIL_EVENTS_MAX;
  }

  /** The head of a stream, from memory or the index; a stream that does not exist has the revision -1. */
  head(name: string): StreamHead {
    const known = this.heads.get(name);
    if (known !== undefined) return known;
    const head = this.headsBefore.get(name) ?? this.indexedHead(name);
    if (this.heads.size >= HEADS_MAX) this.forgetHeads();
    this.heads.set(name, head);
    return head;
  }

  /** Whether the log has this id, in this stream or in another; `hit` says where. */
  whereabouts(words: Uint32Array, at: number, head: StreamHead): Whereabouts {
    for (const tail of [this.current, this.flushing?.tail]) {
      const entry = tail?.find(words, at) ?? -1;
      if (tail !== undefined && entry >= 0) return this.hitTail(tail, entry, tail.owner(entry) === head ? 'here' : 'elsewhere');
    }
    if (!this.ids.find(words, at, this.hit)) return 'nowhere';
    return this.hit.ordinal === head.ordinal ? 'here' : 'elsewhere';
  }

  /** Takes in the next position of the log. */
  add(head: StreamHead, words: Uint32Array, at: number, place: { readonly offset: number; readonly revision: number }): void {
    this.current.add(head, words, at, place);
    if (place.revision > head.revision) head.revision = place.revision;
  }

  /** Places of the revisions `from` to `to` that are at or below the durable position; at most `limit`. */
  locate(name: string, range: { readonly from: Revision; readonly to: Revision; readonly limit: number; readonly durable: number }): Located[] {
    const head = this.head(name);
    const to = Math.min(range.to, head.revision, range.from + range.limit - 1);
    const located: Located[] = [];
    const indexed = Math.min(to, head.indexed);
    if (range.from <= indexed) this.locateIndexed(head, range.from, indexed, located);
    if (located.length < indexed - range.from + 1) throw new IndexDamageError(`of revision ${range.from + located.length} of ${name}`);
    // Another process's index may be ahead of the head that it has published.
    const ahead = located.findIndex(({ position }) => position > range.durable);
    if (ahead >= 0) return located.slice(0, ahead);
    for (let revision = range.from + located.length; revision <= to; revision++) {
      const found = this.locateInTails(head, revision);
      if (found === null || found.position > range.durable) break;
      located.push(found);
    }
    return located;
  }

  /**
   * Starts a new generation if the current one is due and nothing is being indexed; `end` is the place behind its last
   * event. Asked only between groups, so that a generation ends where a batch does.
   */
  rotate(end: LogEnd, due = this.current.count >= FLUSH_EVENTS): boolean {
    if (!due || this.flushing !== null || this.current.count === 0) return false;
    this.flushing = { tail: this.current, end };
    this.current = new Tail(this.flushing.tail.end);
    for (const head of this.flushing.tail.heads) {
      head.flushing = head.tail;
      head.tail = null;
    }
    return true;
  }

  /** Writes the generation that waits, once all of it is durable; false when there was nothing to do. */
  async flush(durable: number): Promise<boolean> {
    const flushing = this.flushing;
    if (flushing === null || this.committing || flushing.tail.end - 1 > durable) return false;
    this.committing = true;
    try {
      const { tail, end } = flushing;
      this.mark = await flushTail(this.keyValue, { tail, end, ids: this.ids, nextOrdinal: this.mark.nextOrdinal, marks: this.sparse.between(tail.firstPosition, tail.end) });
      for (const head of tail.heads) head.flushing = null;
      this.flushing = null;
      return true;
    } finally {
      this.committing = false;
    }
  }

  private indexedHead(name: string): StreamHead {
    const head: StreamHead = { name, ordinal: -1, revision: -1, indexed: -1, lastRun: -1, tail: null, flushing: null };
    const ordinal = this.keyValue.peek(nameKey(name));
    if (ordinal === undefined) return head;
    head.ordinal = getU48(ordinal, 0);
    const value = this.keyValue.peek(headKey(head.ordinal));
    if (value === undefined) return head;
    head.indexed = getU48(value, 0);
    head.lastRun = getU48(value, 6);
    head.revision = head.indexed;
    return head;
  }

  /** Two generations stand in for an order of use; heads with events that are not indexed stay. */
  private forgetHeads(): void {
    for (const head of this.headsBefore.values()) {
      if (head.tail !== null || head.flushing !== null) this.heads.set(head.name, head);
    }
    this.headsBefore = this.heads;
    this.heads = new Map();
  }

  private locateIndexed(head: StreamHead, from: Revision, to: Revision, located: Located[]): void {
    const first = this.keyValue.lastIn(runKey(head.ordinal, 0), runKey(head.ordinal, from));
    if (first === undefined) return;
    for (let run: typeof first | undefined = first; run !== undefined && located.length <= to - from; ) {
      const start = runFirst(run.key);
      const count = run.value.length / PLACE_BYTES;
      for (let n = from + located.length - start; n < count && located.length <= to - from; n++) {
        located.push({ position: getU48(run.value, n * PLACE_BYTES), offset: getU32(run.value, n * PLACE_BYTES + 6) });
      }
      const next = runKey(head.ordinal, start + count);
      run = located.length <= to - from ? this.keyValue.range({ from: next, before: runKey(head.ordinal, to + 1), limit: 1 })[0] : undefined;
    }
  }

  private locateInTails(head: StreamHead, revision: Revision): Located | null {
    const { flushing, tail } = head;
    if (flushing !== null && this.flushing !== null && revision < flushing.first + flushing.entries.length) {
      return located(this.flushing.tail, flushing.entries[revision - flushing.first]);
    }
    return tail === null ? null : located(this.current, tail.entries[revision - tail.first]);
  }

  private hitTail(tail: Tail, entry: number, where: Whereabouts): Whereabouts {
    this.hit.position = tail.firstPosition + entry;
    this.hit.offset = tail.offset(entry);
    this.hit.revision = tail.revision(entry);
    this.hit.digestHigh = tail.words[tail.wordsAt(entry) + 4] ?? 0;
    this.hit.digestLow = tail.words[tail.wordsAt(entry) + 5] ?? 0;
    return where;
  }
}

function located(tail: Tail, entry: number | undefined): Located | null {
  return entry === undefined ? null : { position: tail.firstPosition + entry, offset: tail.offset(entry) };
}
