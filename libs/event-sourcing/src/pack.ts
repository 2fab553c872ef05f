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

const ROOM_AT_START = 4096;
/** Short strings repeat (skills, items, courses): decoding hands out the string seen before instead of making another. */
const SEEN_STRINGS = 4096;
const SEEN_LENGTH_MAX = 64;
const DEPTH_MAX = 32;
/** A key of this name would change what the object is instead of becoming a member of it. */
const FORBIDDEN_KEY = '__proto__';

export class Packer {
  private bytes = new Uint8Array(ROOM_AT_START);
  private view = new DataView(this.bytes.buffer);
  private at = 0;
  private readonly keyNumbers: ReadonlyMap<string, number>;

  constructor(dictionary: readonly string[]) {
    if (dictionary.length > 128) throw new Error(`a dictionary holds at most 128 keys, not ${dictionary.length}`);
    this.keyNumbers = new Map(dictionary.map((key, number) => [key, number]));
  }

  /** The bytes of the prefix and the values, one after another. The result is a copy that the caller owns. */
  pack(prefix: number, ...values: readonly Packable[]): Uint8Array {
    this.at = 0;
    this.byte(prefix);
    for (const value of values) this.value(value, 0);
    return this.bytes.slice(0, this.at);
  }

  private room(needed: number): void {
    if (this.at + needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + needed));
    larger.set(this.bytes.subarray(0, this.at));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
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

export class Unpacker {
  private bytes: Uint8Array = new Uint8Array(0);
  private view = new DataView(this.bytes.buffer);
  private at = 0;
  private readonly seen: (string | undefined)[] = new Array<string | undefined>(SEEN_STRINGS).fill(undefined);

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
    const list: Packable[] = [];
    for (let i = 0; i < length; i++) list.push(this.next(depth + 1));
    return list;
  }

  private map(size: number, depth: number): { [key: string]: Packable } {
    this.claim(size);
    const map: { [key: string]: Packable } = {};
    for (let i = 0; i < size; i++) {
      const key = this.next(depth + 1);
      const name = typeof key === 'number' ? this.dictionary[key] : key;
      if (typeof name !== 'string') throw new Error(`key ${String(key)} is not in the dictionary`);
      if (name === FORBIDDEN_KEY) throw new Error(`a key named ${FORBIDDEN_KEY} is not allowed`);
      map[name] = this.next(depth + 1);
    }
    return map;
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

/** `Array.isArray` does not narrow a readonly list. */
function isList(value: Packable): value is readonly Packable[] {
  return Array.isArray(value);
}
