// What a learner did with each item, at 12 bytes an item: rows hold hundreds of items and are read at every choice.
// Entries are sorted by the hash of the item's id, so a lookup is a binary search in the row's own bytes.

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { imul } = Math;

/** 48 bits of hash (2 + 4 bytes), attempts, right ones, and the ordinal of the last answer. */
const ENTRY_BYTES = 12;
const COUNT_MAX = 255;
const TWO_32 = 0x1_0000_0000;
const TWO_48 = 0x1_0000_0000_0000;

/**
 * 48 bits of an id. Two of 1,000 items meet with a probability of 2e-9; one would then count as seen with the other.
 * The mixing is MurmurHash3's (Appleby, public domain), on two lanes.
 */
export function hash48(text: string): number {
  let a = 0x9747b28c ^ text.length;
  let b = 0x3c6ef372 ^ text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = imul(a ^ unit, 0xcc9e2d51);
    a = (a << 13) | (a >>> 19);
    b = imul(b ^ unit, 0x1b873593);
    b = (b << 15) | (b >>> 17);
  }
  return (finish(b) & 0xffff) * TWO_32 + (finish(a ^ imul(b, 5)) >>> 0);
}

function finish(h: number): number {
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

export interface ItemHistory {
  readonly attempts: number;
  readonly right: number;
  /** The learner's answers before the last one on this item, plus one; 0 without an attempt. */
  readonly lastAnswer: number;
}

export class ItemTable {
  private view: DataView;

  private constructor(
    private bytes: Uint8Array,
    private count: number,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  static empty(): ItemTable {
    return new ItemTable(new Uint8Array(ENTRY_BYTES * 8), 0);
  }

  /** Over a copy of stored bytes. */
  static of(bytes: Uint8Array): ItemTable {
    return new ItemTable(bytes.slice(), bytes.length / ENTRY_BYTES);
  }

  get size(): number {
    return this.count;
  }

  /** The entries, sorted; valid until the next change. */
  stored(): Uint8Array {
    return this.bytes.subarray(0, this.count * ENTRY_BYTES);
  }

  get(hash: number): ItemHistory | null {
    const at = this.find(hash);
    if (at < 0) return null;
    const byte = at * ENTRY_BYTES;
    return { attempts: this.view.getUint8(byte + 6), right: this.view.getUint8(byte + 7), lastAnswer: this.view.getUint32(byte + 8) };
  }

  /** Counts stop at 255. */
  add(hash: number, right: boolean, ordinal: number): void {
    const byte = this.place(hash) * ENTRY_BYTES;
    this.view.setUint8(byte + 6, Math.min(COUNT_MAX, this.view.getUint8(byte + 6) + 1));
    if (right) this.view.setUint8(byte + 7, Math.min(COUNT_MAX, this.view.getUint8(byte + 7) + 1));
    this.view.setUint32(byte + 8, ordinal);
  }

  /** Known to the learner, without an attempt. */
  see(hash: number): void {
    this.place(hash);
  }

  private place(hash: number): number {
    const at = this.find(hash);
    if (at >= 0) return at;
    this.insert(-at - 1, hash);
    return -at - 1;
  }

  /** The place of a hash, or -(place to insert it) - 1. Hashes are spread evenly: it is looked for from where it should be, a few places at most. */
  private find(hash: number): number {
    let at = Math.floor((hash / TWO_48) * this.count);
    let before = at;
    while (at < this.count && this.hashAt(at) < hash) at++;
    if (at > before) return at < this.count && this.hashAt(at) === hash ? at : -at - 1;
    while (before > 0 && this.hashAt(before - 1) >= hash) before--;
    return before < this.count && this.hashAt(before) === hash ? before : -before - 1;
  }

  private hashAt(place: number): number {
    const byte = place * ENTRY_BYTES;
    return this.view.getUint16(byte) * TWO_32 + this.view.getUint32(byte + 2);
  }

  private insert(at: number, hash: number): void {
    if ((this.count + 1) * ENTRY_BYTES > this.bytes.length) {
      const larger = new Uint8Array(Math.max(ENTRY_BYTES * 8, this.bytes.length * 2));
      larger.set(this.stored());
      this.bytes = larger;
      this.view = new DataView(larger.buffer);
    }
    const byte = at * ENTRY_BYTES;
    this.bytes.copyWithin(byte + ENTRY_BYTES, byte, this.count * ENTRY_BYTES);
    this.view.setUint16(byte, Math.floor(hash / TWO_32));
    this.view.setUint32(byte + 2, hash >>> 0);
    this.view.setUint16(byte + 6, 0);
    this.view.setUint32(byte + 8, 0);
    this.count++;
  }
}
