// Says of most ids that are not in a run that they are not, from memory. A Bloom filter whose bits for one id lie in one cache
// line (Putze, Sanders, Singler 2007: "Cache-, hash- and space-efficient Bloom filters"). About 1 of 200 other ids is let through.

const LINE_WORDS = 16;
const LINE_BITS_LOG = 9;
const IDS_A_LINE = 42;
/** Bits that an id sets in its line. */
const PROBES = 6;

export class IdFilter {
  private constructor(private readonly words: Uint32Array) {}

  /** Room for so many ids. */
  static for(count: number): IdFilter {
    return new IdFilter(new Uint32Array(LINE_WORDS * Math.max(1, Math.ceil(count / IDS_A_LINE))));
  }

  /** As `bytes` gave it. */
  static from(bytes: Uint8Array): IdFilter {
    const words = new Uint32Array(bytes.length / 4);
    new Uint8Array(words.buffer).set(bytes);
    return new IdFilter(words);
  }

  /** Of this machine's byte order: an index does not travel. */
  get bytes(): Uint8Array {
    return new Uint8Array(this.words.buffer, this.words.byteOffset, this.words.byteLength);
  }

  add(high: number, low: number): void {
    const line = this.line(high);
    let bits = low;
    for (let n = 0; n < PROBES; n++) {
      const bit = bits >>> (32 - LINE_BITS_LOG);
      this.words[line + (bit >>> 5)] = (this.words[line + (bit >>> 5)] ?? 0) | (1 << (bit & 31));
      bits = Math.imul(bits, STEP) + STEP;
    }
  }

  mayHave(high: number, low: number): boolean {
    const line = this.line(high);
    let bits = low;
    for (let n = 0; n < PROBES; n++) {
      const bit = bits >>> (32 - LINE_BITS_LOG);
      if (((this.words[line + (bit >>> 5)] ?? 0) & (1 << (bit & 31))) === 0) return false;
      bits = Math.imul(bits, STEP) + STEP;
    }
    return true;
  }

  private line(high: number): number {
    const lines = this.words.length / LINE_WORDS;
    return LINE_WORDS * Math.floor(((high >>> 0) / 2 ** 32) * lines);
  }
}

/** A multiplier whose high bits mix well (Steele, Vigna 2021: "Computationally easy, spectrally good multipliers"). */
const STEP = 0x93d765dd;

/** Two hashes of an id's four words, for `add` and `mayHave`. Ids of version 5 are hashes already; mixing serves ids that somebody counted up. */
export function idHashes(words: Uint32Array, at: number, into: { high: number; low: number }): void {
  const high = Math.imul((words[at] ?? 0) ^ Math.imul(words[at + 2] ?? 0, 0x9e3779b1), 0x85ebca6b) ^ (words[at + 1] ?? 0);
  const low = Math.imul((words[at + 3] ?? 0) ^ (high >>> 15), 0xc2b2ae35);
  into.low = (low ^ (low >>> 13)) >>> 0;
  into.high = Math.imul(high ^ into.low, 0x27d4eb2f) >>> 0;
}
