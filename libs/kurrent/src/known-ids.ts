// The ids of the newest events of one stream with what tells a repeat from a contradiction, as numbers outside of the heap: 36 bytes an
// event where objects and texts take some 200, which the garbage collector would visit again and again.
import type { EventId, Revision } from '@trellis/event-sourcing';

/** What is known of one event. */
export interface Known {
  readonly revision: Revision;
  readonly digest: string;
  /** Which append wrote it. */
  readonly tag: string;
}

// Words of 32 bits: the rest of the id, the digest, the tag, the revision. The first word of each id is apart, where it is looked for.
const ID_WORDS = 3;
const TEXT_WORDS = 2;
const DIGEST_AT = ID_WORDS;
const TAG_AT = DIGEST_AT + TEXT_WORDS;
const REVISION_AT = TAG_AT + TEXT_WORDS;
const WORDS = REVISION_AT + 1;
const GROWTH = 1.5;
const CAPACITY_MIN = 4;
const SIXTEEN_DIGITS = /^[0-9a-f]{16}$/;

export class KnownIds {
  size = 0;
  private firsts = new Uint32Array(0);
  private rests = new Uint32Array(0);
  /** Digests and tags that are not 16 hex digits, by revision: of another program that writes like this one. */
  private odd: Map<Revision, Pick<Known, 'digest' | 'tag'>> | null = null;

  get(id: EventId): Known | undefined {
    const at = this.find(wordsOf(id));
    if (at < 0) return undefined;
    const revision = this.rests[at * WORDS + REVISION_AT] as number; // `at` is below the size
    return { revision, digest: this.text(at, DIGEST_AT), tag: this.text(at, TAG_AT), ...this.odd?.get(revision) };
  }

  /** Behind all others; of an id that is known already the first stays. */
  add(id: EventId, { revision, digest, tag }: Known): void {
    const words = wordsOf(id);
    if (this.find(words) >= 0) return;
    this.reserve(this.size + 1);
    const at = this.size++;
    this.firsts[at] = words[0];
    const start = at * WORDS;
    for (let word = 0; word < ID_WORDS; word++) this.rests[start + word] = words[word + 1] as number; // of four
    if (SIXTEEN_DIGITS.test(digest) && SIXTEEN_DIGITS.test(tag)) {
      this.write(start + DIGEST_AT, digest);
      this.write(start + TAG_AT, tag);
    } else (this.odd ??= new Map()).set(revision, { digest, tag });
    this.rests[start + REVISION_AT] = revision;
  }

  /** All of another's behind these. */
  addAll(others: KnownIds): void {
    this.reserve(this.size + others.size);
    for (let at = 0; at < others.size; at++) {
      const start = at * WORDS;
      const words: Words = [others.firsts[at] as number, others.rests[start] as number, others.rests[start + 1] as number, others.rests[start + 2] as number]; // below the size
      if (this.find(words) >= 0) continue;
      this.firsts[this.size] = words[0];
      this.rests.set(others.rests.subarray(start, start + WORDS), this.size++ * WORDS);
    }
    for (const [revision, texts] of others.odd ?? []) (this.odd ??= new Map()).set(revision, texts);
  }

  /** Forgets so many of the oldest; gives the revision from which on all are left. */
  dropOldest(count: number): Revision {
    this.firsts.copyWithin(0, count, this.size);
    this.rests.copyWithin(0, count * WORDS, this.size * WORDS);
    this.size -= count;
    const from = this.rests[REVISION_AT] as number; // fewer than all are dropped
    for (const revision of this.odd?.keys() ?? []) if (revision < from) this.odd?.delete(revision);
    return from;
  }

  /** Room for so many, in one step. */
  reserve(size: number): void {
    const capacity = this.firsts.length;
    if (size <= capacity) return;
    const larger = Math.max(size, CAPACITY_MIN, Math.ceil(capacity * GROWTH));
    const [firsts, rests] = [this.firsts, this.rests];
    this.firsts = new Uint32Array(larger);
    this.firsts.set(firsts);
    this.rests = new Uint32Array(larger * WORDS);
    this.rests.set(rests);
  }

  private find([first, second, third, fourth]: Words): number {
    for (let at = this.firsts.indexOf(first); at >= 0 && at < this.size; at = this.firsts.indexOf(first, at + 1)) {
      const start = at * WORDS;
      if (this.rests[start] === second && this.rests[start + 1] === third && this.rests[start + 2] === fourth) return at;
    }
    return -1;
  }

  private text(at: number, word: number): string {
    const start = at * WORDS + word;
    return digits(this.rests[start] as number) + digits(this.rests[start + 1] as number); // `at` is below the size
  }

  private write(start: number, text: string): void {
    this.rests[start] = Number.parseInt(text.slice(0, 8), 16);
    this.rests[start + 1] = Number.parseInt(text.slice(8), 16);
  }
}

type Words = readonly [first: number, second: number, third: number, fourth: number];

/** Of a UUID. */
function wordsOf(id: EventId): Words {
  const word = (first: string): number => Number.parseInt(first, 16);
  return [word(id.slice(0, 8)), word(id.slice(9, 13) + id.slice(14, 18)), word(id.slice(19, 23) + id.slice(24, 28)), word(id.slice(28))];
}

function digits(word: number): string {
  return word.toString(16).padStart(8, '0');
}
