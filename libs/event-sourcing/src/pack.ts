// Values as MessagePack bytes (https://github.com/msgpack/msgpack/blob/master/spec.md): nil, booleans, integers, doubles,
// strings, arrays and maps. Well-known map keys travel as small integers of a dictionary that only ever grows; any other
// key travels as itself, so that every value describes itself to whoever knows the dictionary.

// Bound once: where globals are proxies, as in test runners, each look at them is slow.
const { imul } = Math;

export type Packable =
  | null
  | boolean
  | number
  | string
  | readonly Packable[]
  | { readonly [key: string]: Packable | undefined };

const utf8 = new TextEncoder();
// `ignoreBOM` keeps a leading U+FEFF, which is part of a text here and no mark.
const fromUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Packed values share their memory in pieces of this size: memory of its own costs a short value more than its bytes. */
const SLAB_BYTES = 32 * 1024;
/** What is longer gets a piece of its own, so that it does not stay in memory for the sake of a short neighbour. */
const SHARED_BYTES_MAX = 2 * 1024;
/** Short strings repeat (skills, items, courses): decoding hands out the string seen before instead of making another. */
const SEEN_STRINGS = 4096;
const SEEN_LENGTH_MAX = 64;
const DEPTH_MAX = 32;
/** A key of this name would change what the object is instead of becoming a member of it. */
const FORBIDDEN_KEY = '__proto__';

export class Packer {
  private bytes = new Uint8Array(SLAB_BYTES);
  private view = new DataView(this.bytes.buffer);
  /** Where the value that is being packed begins. */
  private start = 0;
  private at = 0;
  private readonly keyNumbers: ReadonlyMap<string, number>;

  constructor(dictionary: readonly string[]) {
    if (dictionary.length > 128) throw new Error(`a dictionary holds at most 128 keys, not ${dictionary.length}`);
    this.keyNumbers = new Map(dictionary.map((key, number) => [key, number]));
  }

  /** The bytes of the prefix and the values, one after another. Nothing is ever written there again. */
  pack(prefix: number, ...values: readonly Packable[]): Uint8Array {
    // Also behind a value that could not be packed.
    this.at = this.start;
    this.byte(prefix);
    for (let n = 0; n < values.length; n++) this.value(values[n] as Packable, 0);
    const packed = this.bytes.subarray(this.start, this.at);
    if (packed.length > SHARED_BYTES_MAX) {
      // What is left of the piece serves those that follow.
      this.at = this.start;
      return packed.slice();
    }
    this.start = this.at;
    return packed;
  }

  /** A value lies in one piece, so one that outgrows what is left moves to a new one. */
  private room(needed: number): void {
    if (this.at + needed <= this.bytes.length) return;
    const length = this.at - this.start;
    const bytes = new Uint8Array(Math.max(SLAB_BYTES, 2 * (length + needed)));
    bytes.set(this.bytes.subarray(this.start, this.at));
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
    this.start = 0;
    this.at = length;
  }

  private byte(value: number): void {
    this.room(1);
    this.bytes[this.at++] = value;
  }

  private value(value: Packable, depth: number): void {
    if (depth > DEPTH_MAX) throw new Error(`a value is nested deeper than ${DEPTH_MAX}`);
    if (typeof value === 'string') this.string(value);
    else if (typeof value === 'number') this.number(value);
    else if (value === null) this.byte(0xc0);
    else if (typeof value === 'boolean') this.byte(value ? 0xc3 : 0xc2);
    else if (isList(value)) {
      this.length(value.length, 0x90, 0xdc);
      for (const element of value) this.value(element, depth + 1);
    } else this.map(value, depth);
  }

  private map(map: { readonly [key: string]: Packable | undefined }, depth: number): void {
    let size = 0;
    for (const key in map) {
      // What could not be read back must not be written.
      if (key === FORBIDDEN_KEY) throw new Error(`a key named ${FORBIDDEN_KEY} is not allowed`);
      if (map[key] !== undefined) size++;
    }
    this.length(size, 0x80, 0xde);
    for (const key in map) {
      const value = map[key];
      if (value === undefined) continue;
      const known = this.keyNumbers.get(key);
      if (known === undefined) this.string(key);
      else this.byte(known);
      this.value(value, depth + 1);
    }
  }

  /** Of a list or a map: `small` is the tag for up to 15, `large16` the tag before a 16-bit length; 32 bits follow it. */
  private length(length: number, small: number, large16: number): void {
    this.room(5);
    if (length < 16) this.bytes[this.at++] = small | length;
    else if (length < 0x10000) {
      this.bytes[this.at++] = large16;
      this.view.setUint16(this.at, length);
      this.at += 2;
    } else {
      this.bytes[this.at++] = large16 + 1;
      this.view.setUint32(this.at, length);
      this.at += 4;
    }
  }

  private number(value: number): void {
    this.room(9);
    if (!Number.isInteger(value) || value > 0xffffffff || value < -0x80000000 || Object.is(value, -0)) {
      this.bytes[this.at++] = 0xcb;
      this.view.setFloat64(this.at, value);
      this.at += 8;
    } else if (value >= 0) {
      if (value < 0x80) this.bytes[this.at++] = value;
      else if (value < 0x100) {
        this.bytes[this.at++] = 0xcc;
        this.bytes[this.at++] = value;
      } else if (value < 0x10000) {
        this.bytes[this.at++] = 0xcd;
        this.view.setUint16(this.at, value);
        this.at += 2;
      } else {
        this.bytes[this.at++] = 0xce;
        this.view.setUint32(this.at, value);
        this.at += 4;
      }
    } else if (value >= -32) this.bytes[this.at++] = value & 0xff;
    else {
      this.bytes[this.at++] = 0xd2;
      this.view.setInt32(this.at, value);
      this.at += 4;
    }
  }

  private string(text: string): void {
    // Room for the longest form: 3 bytes a UTF-16 unit, and the longest tag.
    this.room(text.length * 3 + 5);
    if (text.length <= SEEN_LENGTH_MAX) {
      const tag = text.length < 32 ? 1 : 2;
      let at = this.at + tag;
      let ascii = true;
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        if (unit >= 0x80) {
          ascii = false;
          break;
        }
        this.bytes[at++] = unit;
      }
      if (ascii) {
        if (tag === 1) this.bytes[this.at] = 0xa0 | text.length;
        else {
          this.bytes[this.at] = 0xd9;
          this.bytes[this.at + 1] = text.length;
        }
        this.at = at;
        return;
      }
    }
    const { written } = utf8.encodeInto(text, this.bytes.subarray(this.at + 5));
    this.bytes[this.at] = 0xdb;
    this.view.setUint32(this.at + 1, written);
    this.at += 5 + written;
  }
}

/** Members of a map that somebody reads: `true` for one as a whole, else which of its own; of a list they are those of every element. */
export interface Members {
  readonly [name: string]: true | Members | undefined;
}

export class Unpacker {
  private bytes: Uint8Array = new Uint8Array(0);
  private view = new DataView(this.bytes.buffer);
  private at = 0;
  private readonly seen: (string | undefined)[] = new Array<string | undefined>(SEEN_STRINGS).fill(undefined);
  /** What `byNumber` made, for as long as somebody holds the members. */
  private readonly numbered = new WeakMap<Members, readonly (true | Members | undefined)[]>();

  constructor(private readonly dictionary: readonly string[]) {}

  /** Begins reading at an offset of these bytes. */
  open(bytes: Uint8Array, at: number): void {
    // Pages share one buffer, so the view is made once a page and not once an event.
    if (this.view.buffer !== bytes.buffer) this.view = new DataView(bytes.buffer);
    this.bytes = bytes;
    this.at = at;
  }

  get ended(): boolean {
    return this.at >= this.bytes.length;
  }

  next(depth = 0): Packable {
    if (depth > DEPTH_MAX) throw new Error(`a value is nested deeper than ${DEPTH_MAX}`);
    const tag = this.byte();
    if (tag < 0x80) return tag;
    if (tag < 0x90) return this.map(tag & 0x0f, depth);
    if (tag < 0xa0) return this.list(tag & 0x0f, depth);
    if (tag < 0xc0) return this.string(tag & 0x1f);
    if (tag >= 0xe0) return tag - 0x100;
    const at = this.bytes.byteOffset + this.at;
    switch (tag) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xcb:
        return (this.skip(8), this.view.getFloat64(at));
      case 0xcc:
        return this.byte();
      case 0xcd:
        return (this.skip(2), this.view.getUint16(at));
      case 0xce:
        return (this.skip(4), this.view.getUint32(at));
      case 0xd2:
        return (this.skip(4), this.view.getInt32(at));
      case 0xd9:
        return this.string(this.byte());
      case 0xdb:
        return (this.skip(4), this.string(this.view.getUint32(at)));
      case 0xdc:
        return (this.skip(2), this.list(this.view.getUint16(at), depth));
      case 0xdd:
        return (this.skip(4), this.list(this.view.getUint32(at), depth));
      case 0xde:
        return (this.skip(2), this.map(this.view.getUint16(at), depth));
      case 0xdf:
        return (this.skip(4), this.map(this.view.getUint32(at), depth));
    }
    throw new Error(`byte ${this.at - 1}: 0x${tag.toString(16)} begins no value that this engine writes`);
  }

  /** The next value with the named members of its maps alone; the others are passed over, and nothing is made of them. */
  pick(members: Members, depth = 0): Packable {
    if (depth > DEPTH_MAX) throw new Error(`a value is nested deeper than ${DEPTH_MAX}`);
    const size = this.sizeOf('map');
    if (size !== null) {
      const map: { [key: string]: Packable } = {};
      const ofDictionary = this.byNumber(members);
      for (let i = 0; i < size; i++) {
        const number = this.bytes[this.at] ?? 0xff;
        const name = this.key(depth);
        const inside = number < ofDictionary.length ? ofDictionary[number] : ownMember(members, name);
        if (inside === undefined) this.pass();
        else map[name] = inside === true ? this.next(depth + 1) : this.pick(inside, depth + 1);
      }
      return map;
    }
    const length = this.sizeOf('list');
    if (length === null) return this.next(depth);
    const list = new Array<Packable>(length);
    for (let i = 0; i < length; i++) list[i] = this.pick(members, depth + 1);
    return list;
  }

  /** The members that are asked for, at the numbers that their names have in the dictionary. */
  private byNumber(members: Members): readonly (true | Members | undefined)[] {
    let numbered = this.numbered.get(members);
    if (numbered === undefined) this.numbered.set(members, (numbered = this.dictionary.map((name) => ownMember(members, name))));
    return numbered;
  }

  /** Steps over one value, whatever it holds. */
  private pass(): void {
    // Without calls: most of what folds are given of a decision is passed over.
    for (let values = 1; values > 0; values--) {
      const tag = this.byte();
      if (tag < 0x80 || tag >= 0xe0) continue;
      if (tag < 0xa0) {
        const inside = tag < 0x90 ? 2 * (tag & 0x0f) : tag & 0x0f;
        this.claim(inside);
        values += inside;
      } else if (tag < 0xc0) this.skip(tag & 0x1f);
      else if (tag === 0xcb) this.skip(8);
      else if (tag === 0xd9) this.skip(this.byte());
      else if (tag >= 0xdc) {
        const at = this.bytes.byteOffset + this.at;
        const isShort = tag === 0xdc || tag === 0xde;
        this.skip(isShort ? 2 : 4);
        const size = isShort ? this.view.getUint16(at) : this.view.getUint32(at);
        this.claim(size);
        values += tag >= 0xde ? 2 * size : size;
      } else {
        this.at--;
        // Longer numbers and texts, and what no engine writes.
        this.next();
      }
    }
  }

  /** Of the list or map that comes next, stepping into it; null where another value comes. */
  private sizeOf(kind: 'list' | 'map'): number | null {
    const tag = this.bytes[this.at] ?? 0;
    const [small, large] = kind === 'map' ? [0x80, 0xde] : [0x90, 0xdc];
    let size: number;
    if ((tag & 0xf0) === small) {
      this.at++;
      size = tag & 0x0f;
    } else if (tag === large || tag === large + 1) {
      const at = this.bytes.byteOffset + this.at + 1;
      this.skip(tag === large ? 3 : 5);
      size = tag === large ? this.view.getUint16(at) : this.view.getUint32(at);
    } else return null;
    this.claim(size);
    return size;
  }

  private byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new Error(`a value ends before it is whole, at byte ${this.at - 1}`);
    return byte;
  }

  private skip(count: number): void {
    if (this.at + count > this.bytes.length) throw new Error(`a value ends before it is whole, at byte ${this.at}`);
    this.at += count;
  }

  private list(length: number, depth: number): Packable[] {
    this.claim(length);
    // One that grows has room for many more than it holds.
    const list = new Array<Packable>(length);
    for (let i = 0; i < length; i++) list[i] = this.next(depth + 1);
    return list;
  }

  private map(size: number, depth: number): { [key: string]: Packable } {
    this.claim(size);
    const map: { [key: string]: Packable } = {};
    for (let i = 0; i < size; i++) {
      const name = this.key(depth);
      map[name] = this.next(depth + 1);
    }
    return map;
  }

  private key(depth: number): string {
    // Nearly all are of the dictionary: one byte below 0x80, as `next` would read it.
    const known = this.dictionary[this.bytes[this.at] ?? 0xff];
    if (known !== undefined) {
      this.at++;
      return known;
    }
    const key = this.next(depth + 1);
    if (typeof key !== 'string') throw new Error(`key ${String(key)} is not in the dictionary`);
    if (key === FORBIDDEN_KEY) throw new Error(`a key named ${FORBIDDEN_KEY} is not allowed`);
    return key;
  }

  /** A damaged length must not make a list of billions: every element takes at least a byte. */
  private claim(count: number): void {
    if (count > this.bytes.length - this.at) throw new Error(`a length of ${count} at byte ${this.at} is longer than the value`);
  }

  private string(length: number): string {
    const start = this.at;
    this.skip(length);
    if (length > SEEN_LENGTH_MAX) return fromUtf8.decode(this.bytes.subarray(start, this.at));
    let hash = length;
    for (let i = start; i < this.at; i++) hash = imul(hash, 31) + (this.bytes[i] ?? 0);
    const slot = (hash ^ (hash >>> 13)) & (SEEN_STRINGS - 1);
    const before = this.seen[slot];
    if (before !== undefined && this.equals(before, start, length)) return before;
    const text = fromUtf8.decode(this.bytes.subarray(start, this.at));
    if (text.length === length) this.seen[slot] = text;
    return text;
  }

  /** Only ASCII strings are kept in `seen`, so units are bytes. */
  private equals(text: string, start: number, length: number): boolean {
    if (text.length !== length) return false;
    for (let i = 0; i < length; i++) if (text.charCodeAt(i) !== this.bytes[start + i]) return false;
    return true;
  }
}

/** A map may have members that every object has by another right, such as `constructor`. */
function ownMember(members: Members, name: string): true | Members | undefined {
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

/** `Array.isArray` does not narrow a readonly list. */
function isList(value: Packable): value is readonly Packable[] {
  return Array.isArray(value);
}
