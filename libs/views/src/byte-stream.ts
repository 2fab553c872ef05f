// Numbers and strings to bytes and back, for rows: no tags, the reader knows what comes.

const TWO_32 = 0x1_0000_0000;
const utf8 = new TextEncoder();
// `ignoreBOM` keeps a leading U+FEFF, which is part of a text here and no mark.
const fromUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class ByteWriter {
  private bytes = new Uint8Array(16_384);
  private view = new DataView(this.bytes.buffer);
  private at = 0;

  begin(): void {
    this.at = 0;
  }

  /** A copy that the caller owns. */
  end(): Uint8Array {
    return this.bytes.slice(0, this.at);
  }

  /** 0..2^53 - 1: seven bits a byte, the lowest first (as in Protocol Buffers). */
  varint(value: number): void {
    this.room(8);
    while (value >= 0x80) {
      this.bytes[this.at++] = (value % 0x80) | 0x80;
      value = Math.floor(value / 0x80);
    }
    this.bytes[this.at++] = value;
  }

  double(value: number): void {
    this.room(8);
    this.view.setFloat64(this.at, value);
    this.at += 8;
  }

  single(value: number): void {
    this.room(4);
    this.view.setFloat32(this.at, value);
    this.at += 4;
  }

  uint48(value: number): void {
    this.room(6);
    this.view.setUint16(this.at, Math.floor(value / TWO_32));
    this.view.setUint32(this.at + 2, value >>> 0);
    this.at += 6;
  }

  /** Ids are ASCII; anything else is written as UTF-8 all the same. */
  string(text: string): void {
    this.room(text.length * 3 + 8);
    const start = this.at;
    this.varint(text.length);
    const { bytes } = this;
    let { at } = this;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) {
        this.at = start;
        this.utf8(text);
        return;
      }
      bytes[at++] = unit;
    }
    this.at = at;
  }

  /** 32 hex digits with dashes, as 16 bytes. */
  uuid(id: string): void {
    this.room(16);
    for (let i = 0; i < 36; i += 2) {
      if (id.charCodeAt(i) === 0x2d) i++;
      this.bytes[this.at++] = (nibble(id.charCodeAt(i)) << 4) | nibble(id.charCodeAt(i + 1));
    }
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  private utf8(text: string): void {
    const encoded = utf8.encode(text);
    this.varint(encoded.length);
    this.raw(encoded);
  }

  private room(needed: number): void {
    if (this.at + needed <= this.bytes.length) return;
    const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.at + needed));
    larger.set(this.bytes);
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** The value of a hex digit, by the code of its character. */
function nibble(code: number): number {
  return (code & 0x0f) + (code > 0x39 ? 9 : 0);
}

/** Throws a RangeError on bytes that end too early. */
export class ByteReader {
  private readonly view: DataView;
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.view.getUint8(this.at++);
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  double(): number {
    this.at += 8;
    return this.view.getFloat64(this.at - 8);
  }

  single(): number {
    this.at += 4;
    return this.view.getFloat32(this.at - 4);
  }

  uint48(): number {
    this.at += 6;
    return this.view.getUint16(this.at - 6) * TWO_32 + this.view.getUint32(this.at - 4);
  }

  string(): string {
    return fromUtf8.decode(this.raw(this.varint()));
  }

  uuid(): string {
    let id = '';
    for (let i = 0; i < 16; i++) {
      if (i === 4 || i === 6 || i === 8 || i === 10) id += '-';
      id += this.view.getUint8(this.at++).toString(16).padStart(2, '0');
    }
    return id;
  }

  /** A window on the bytes, not a copy. */
  raw(length: number): Uint8Array {
    if (this.at + length > this.bytes.length) throw new RangeError(`${length} bytes at ${this.at} of ${this.bytes.length}`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  list<Element>(element: () => Element): Element[] {
    const list: Element[] = [];
    for (let left = this.varint(); left > 0; left--) list.push(element());
    return list;
  }
}
