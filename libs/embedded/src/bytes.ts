// Numbers and hexadecimal text in bytes, without an allocation per value.

const NIBBLES = new Int8Array(128).fill(-1);
for (let n = 0; n < 16; n++) NIBBLES['0123456789abcdef'.charCodeAt(n)] = n;

const TWO_32 = 2 ** 32;

/** Eight lower-case hex digits of `text` from `at`, or -1 when one of them is not. */
export function hexWord(text: string, at: number): number {
  let word = 0;
  for (let n = at; n < at + 8; n++) {
    const nibble = NIBBLES[text.charCodeAt(n)] ?? -1;
    if (nibble < 0) return -1;
    word = word * 16 + nibble;
  }
  return word;
}

/** The four words of a lower-case UUID into `words` from `at`; false when the text is none. */
export function uuidWords(uuid: string, words: Uint32Array, at: number): boolean {
  if (uuid.length !== 36) return false;
  let place = 0;
  for (let word = 0; word < 4; word++) {
    let value = 0;
    for (let n = 0; n < 8; place++) {
      const code = uuid.charCodeAt(place);
      if (place === 8 || place === 13 || place === 18 || place === 23) {
        if (code !== 45) return false;
        continue;
      }
      const nibble = NIBBLES[code] ?? -1;
      if (nibble < 0) return false;
      value = (value << 4) | nibble;
      n++;
    }
    words[at + word] = value;
  }
  return true;
}

/** The two words of 16 lower-case hex digits; false when the text is something else. */
export function digestWords(digest: string, words: Uint32Array, at: number): boolean {
  if (digest.length !== 16) return false;
  const high = hexWord(digest, 0);
  const low = hexWord(digest, 8);
  words[at] = high;
  words[at + 1] = low;
  return high >= 0 && low >= 0;
}

/** Unsigned, 48 bits, big-endian: as keys need it. */
export function putU48(bytes: Uint8Array, at: number, value: number): void {
  putU32(bytes, at + 2, value % TWO_32);
  const high = Math.floor(value / TWO_32);
  bytes[at] = high >>> 8;
  bytes[at + 1] = high;
}

export function getU48(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0)) * TWO_32 + getU32(bytes, at + 2);
}

export function putU32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

export function getU32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) * 0x1000000 + (((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))) >>> 0;
}

export function getU16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
}

export function putU16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 8;
  bytes[at + 1] = value;
}

const encoder = new TextEncoder();

/** UTF-8 of `text` at `at`; answers the offset behind it. The caller has made room for three bytes a character. */
export function putText(bytes: Uint8Array, at: number, text: string): number {
  const { length } = text;
  for (let n = 0; n < length; n++) {
    const code = text.charCodeAt(n);
    if (code > 127) return at + encoder.encodeInto(text, bytes.subarray(at)).written;
    bytes[at + n] = code;
  }
  return at + length;
}
