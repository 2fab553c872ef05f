// Events that the index does not have yet, in columns: one generation grows while the one before it is being indexed.

/** What is known of one stream. `revision` counts what is decided, durable or not. */
export interface StreamHead {
  readonly name: string;
  /** Its number in the index, or -1 while the index does not have it. */
  ordinal: number;
  revision: number;
  /** The newest revision in the index, or -1. */
  indexed: number;
  /** The first revision of its last run in the index, or -1. */
  lastRun: number;
  tail: StreamTail | null;
  flushing: StreamTail | null;
}

/** Entries of one stream in one generation: `entries[n]` has the revision `first + n`. */
export interface StreamTail {
  readonly first: number;
  readonly entries: number[];
}

const WORDS = 6;
const CAPACITY_FIRST = 1_024;

export class Tail {
  count = 0;
  /** Streams with entries, in the order of their first. */
  readonly heads: StreamHead[] = [];
  private capacity = CAPACITY_FIRST;
  /** Of all entries: four words of the id, two of the digest each. */
  words = new Uint32Array(WORDS * CAPACITY_FIRST);
  private offsets = new Uint32Array(CAPACITY_FIRST);
  private revisions = new Float64Array(CAPACITY_FIRST);
  private slots = new Int32Array(2 * CAPACITY_FIRST).fill(-1);
  private readonly owners: StreamHead[] = [];

  constructor(readonly firstPosition: number) {}

  /** The position behind its last entry. */
  get end(): number {
    return this.firstPosition + this.count;
  }

  /** Adds the next position. `words` holds id and digest from `at`; `offset` is the frame's place in its segment. */
  add(head: StreamHead, words: Uint32Array, at: number, place: { readonly offset: number; readonly revision: number }): void {
    if (this.count === this.capacity) this.grow();
    const entry = this.count++;
    for (let n = 0; n < WORDS; n++) this.words[WORDS * entry + n] = words[at + n] ?? 0;
    this.offsets[entry] = place.offset;
    this.revisions[entry] = place.revision;
    this.owners.push(head);
    if (head.tail === null) {
      head.tail = { first: place.revision, entries: [entry] };
      this.heads.push(head);
    } else {
      head.tail.entries.push(entry);
    }
    this.link(entry);
  }

  /** The entry of this id, or -1. */
  find(words: Uint32Array, at: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hashOf(words, at) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.slots[slot] ?? -1;
      if (entry < 0 || this.hasId(entry, words, at)) return entry;
    }
  }

  owner(entry: number): StreamHead {
    const head = this.owners[entry];
    if (head === undefined) throw new Error(`the tail has no entry ${entry}`);
    return head;
  }

  wordsAt(entry: number): number {
    return WORDS * entry;
  }

  offset(entry: number): number {
    return this.offsets[entry] ?? 0;
  }

  revision(entry: number): number {
    return this.revisions[entry] ?? 0;
  }

  private hasId(entry: number, words: Uint32Array, at: number): boolean {
    const from = WORDS * entry;
    return (
      this.words[from + 3] === words[at + 3] &&
      this.words[from] === words[at] &&
      this.words[from + 1] === words[at + 1] &&
      this.words[from + 2] === words[at + 2]
    );
  }

  private link(entry: number): void {
    const mask = this.slots.length - 1;
    let slot = hashOf(this.words, WORDS * entry) & mask;
    while ((this.slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask;
    this.slots[slot] = entry;
  }

  private grow(): void {
    const capacity = this.capacity * 2;
    this.words = grown(this.words, new Uint32Array(WORDS * capacity));
    this.offsets = grown(this.offsets, new Uint32Array(capacity));
    this.revisions = grown(this.revisions, new Float64Array(capacity));
    this.capacity = capacity;
    this.slots = new Int32Array(2 * capacity).fill(-1);
    for (let entry = 0; entry < this.count; entry++) this.link(entry);
  }
}

function hashOf(words: Uint32Array, at: number): number {
  // Ids of version 5 are hashes already; mixing serves ids that somebody counted up.
  const mixed = Math.imul((words[at + 3] ?? 0) ^ Math.imul(words[at] ?? 0, 0x9e3779b1), 0x85ebca6b) ^ (words[at + 1] ?? 0);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

function grown<Column extends Uint8Array | Uint32Array | Float64Array>(from: Column, to: Column): Column {
  to.set(from);
  return to;
}
