// Values of a column as the buffers of an Arrow record batch (https://arrow.apache.org/docs/format/Columnar.html), little-endian.
import { BATCH_ROWS_MAX } from './limits.js';
import { Vocabulary } from './vocabulary.js';
import type { ArchiveRow, Column, ColumnName } from './columns.js';

/** A column or the elements of one: how many values it has, how many of them are null. */
export interface Node {
  readonly length: number;
  readonly nulls: number;
}

export interface Built {
  readonly nodes: readonly Node[];
  /** Valid until the next value is added. */
  readonly buffers: readonly Uint8Array[];
}

export interface ColumnBuilder {
  /** Adds the value of a row; answers how many bytes more it takes than a row of the column always does. */
  add(row: ArchiveRow): number;
  /** What was added since the last time. */
  take(): Built;
  /** Where its values are words. */
  readonly vocabulary?: Vocabulary;
}

export function columnBuilder(column: Column): ColumnBuilder {
  switch (column.kind) {
    case 'word':
      return new WordBuilder(column.name);
    case 'words':
      return new WordsBuilder(column.name);
    case 'text':
    case 'bytes':
      return new BytesBuilder(column.name);
    case 'int':
    case 'double':
      return new NumberBuilder(column.name, column.kind === 'int' ? new Int32Array(BATCH_ROWS_MAX) : new Float64Array(BATCH_ROWS_MAX));
    case 'long':
    case 'time':
      return new LongBuilder(column.name);
  }
}

const NOTHING = new Uint8Array(0);

function bytesOf(values: Int32Array | Float64Array, length: number): Uint8Array {
  return new Uint8Array(values.buffer, 0, length * values.BYTES_PER_ELEMENT);
}

/** A bit a row, 1 where there is a value. */
class Validity {
  private readonly bits = new Uint8Array(BATCH_ROWS_MAX / 8);
  private length = 0;
  private nulls = 0;

  add(isThere: boolean): number {
    const at = this.length++;
    if (isThere) this.bits[at >> 3] = (this.bits[at >> 3] ?? 0) | (1 << (at & 7));
    else this.nulls++;
    return at;
  }

  /** Without nulls there need be no bits. */
  take(): { readonly node: Node; readonly bits: Uint8Array } {
    const { length, nulls } = this;
    const bits = nulls === 0 ? NOTHING : this.bits.slice(0, (length + 7) >> 3);
    this.bits.fill(0);
    this.length = 0;
    this.nulls = 0;
    return { node: { length, nulls }, bits };
  }
}

class NumberBuilder implements ColumnBuilder {
  private readonly validity = new Validity();

  constructor(
    private readonly name: ColumnName,
    private readonly values: Int32Array | Float64Array,
  ) {}

  add(row: ArchiveRow): number {
    const value = row[this.name] as number | null;
    this.values[this.validity.add(value !== null)] = value ?? 0;
    return 0;
  }

  take(): Built {
    const { node, bits } = this.validity.take();
    return { nodes: [node], buffers: [bits, bytesOf(this.values, node.length)] };
  }
}

const UINT32 = 2 ** 32;

/** 64 bits as two halves, the lower one first: a double holds any whole number that is written. */
class LongBuilder implements ColumnBuilder {
  private readonly validity = new Validity();
  private readonly halves = new Int32Array(2 * BATCH_ROWS_MAX);

  constructor(private readonly name: ColumnName) {}

  add(row: ArchiveRow): number {
    const value = row[this.name] as number | null;
    const at = 2 * this.validity.add(value !== null);
    const high = Math.floor((value ?? 0) / UINT32);
    this.halves[at] = (value ?? 0) - high * UINT32;
    this.halves[at + 1] = high;
    return 0;
  }

  take(): Built {
    const { node, bits } = this.validity.take();
    return { nodes: [node], buffers: [bits, bytesOf(this.halves, 2 * node.length)] };
  }
}

class WordBuilder implements ColumnBuilder {
  readonly vocabulary = new Vocabulary();
  private readonly validity = new Validity();
  private readonly numbers = new Int32Array(BATCH_ROWS_MAX);
  // Words come in runs.
  private newest: string | null = null;
  private newestNumber = 0;

  constructor(private readonly name: ColumnName) {}

  add(row: ArchiveRow): number {
    const value = row[this.name] as string | null;
    if (value !== null && value !== this.newest) {
      this.newest = value;
      this.newestNumber = this.vocabulary.numberOf(value);
    }
    this.numbers[this.validity.add(value !== null)] = value === null ? 0 : this.newestNumber;
    return 0;
  }

  take(): Built {
    const { node, bits } = this.validity.take();
    return { nodes: [node], buffers: [bits, bytesOf(this.numbers, node.length)] };
  }
}

class WordsBuilder implements ColumnBuilder {
  readonly vocabulary = new Vocabulary();
  private readonly validity = new Validity();
  private readonly ends = new Int32Array(BATCH_ROWS_MAX + 1);
  private numbers: number[] = [];

  constructor(private readonly name: ColumnName) {}

  add(row: ArchiveRow): number {
    const value = row[this.name] as readonly string[] | null;
    const at = this.validity.add(value !== null);
    for (const word of value ?? []) this.numbers.push(this.vocabulary.numberOf(word));
    this.ends[at + 1] = this.numbers.length;
    return 4 * (value?.length ?? 0);
  }

  take(): Built {
    const { node, bits } = this.validity.take();
    const numbers = Int32Array.from(this.numbers);
    this.numbers = [];
    const elements: Node = { length: numbers.length, nulls: 0 };
    return { nodes: [node, elements], buffers: [bits, bytesOf(this.ends, node.length + 1), NOTHING, bytesOf(numbers, numbers.length)] };
  }
}

const FIRST_BYTES = 64 * 1024;

class BytesBuilder implements ColumnBuilder {
  private readonly validity = new Validity();
  private readonly ends = new Int32Array(BATCH_ROWS_MAX + 1);
  private buffer = Buffer.allocUnsafeSlow(FIRST_BYTES);
  private end = 0;

  constructor(private readonly name: ColumnName) {}

  add(row: ArchiveRow): number {
    const value = row[this.name] as string | Uint8Array | null;
    const at = this.validity.add(value !== null);
    const before = this.end;
    if (typeof value === 'string') {
      // A UTF-16 unit takes at most three bytes.
      this.makeRoom(3 * value.length);
      this.end += this.buffer.write(value, before);
    } else if (value !== null) {
      this.makeRoom(value.length);
      this.buffer.set(value, before);
      this.end += value.length;
    }
    this.ends[at + 1] = this.end;
    return this.end - before;
  }

  take(): Built {
    const { node, bits } = this.validity.take();
    const values = this.buffer.subarray(0, this.end);
    this.end = 0;
    return { nodes: [node], buffers: [bits, bytesOf(this.ends, node.length + 1), values] };
  }

  private makeRoom(bytes: number): void {
    if (this.end + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.end + bytes, 2 * this.buffer.length));
    this.buffer.copy(larger, 0, 0, this.end);
    this.buffer = larger;
  }
}

/** The words of a vocabulary as a column of texts. */
export function wordsOf(words: readonly string[]): Built {
  const ends = new Int32Array(words.length + 1);
  const parts = words.map((word) => Buffer.from(word));
  let end = 0;
  parts.forEach((part, n) => (ends[n + 1] = end += part.length));
  return { nodes: [{ length: words.length, nulls: 0 }], buffers: [NOTHING, bytesOf(ends, ends.length), Buffer.concat(parts)] };
}
