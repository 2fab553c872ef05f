// Some columns of one batch after another, as typed arrays over memory that is used again.
import type { Archive, BatchPlace } from './archive.js';
import { PLACES, type Place } from './arrow-schema.js';
import type { ColumnName, Kind } from './columns.js';

/** The values of a column in a batch, in the array of its kind. Where there are no values, the arrays are as they were. */
export class Values {
  /** A bit a row, 1 where there is a value; empty where every row has one. */
  validity: Uint8Array = NOTHING;
  /** No row has a value. */
  isEmpty = true;
  /** `int`: values; `word`: numbers of the vocabulary; `words`: those of all rows, one row after another; `long`, `time`: lower and upper halves. */
  ints = new Int32Array(0);
  doubles = new Float64Array(0);
  /** `words`, `text`, `bytes`: where the row's part begins; the next one is where it ends. */
  ends = new Int32Array(0);
  bytes: Uint8Array = NOTHING;

  has(row: number): boolean {
    return !this.isEmpty && (this.validity.length === 0 || ((this.validity[row >> 3] as number) & (1 << (row & 7))) !== 0);
  }
}

const NOTHING = new Uint8Array(0);

/** Bytes of a row in the last buffer of its column. */
const VALUE_BYTES: Readonly<Record<Kind, number>> = { word: 4, words: 0, text: 0, bytes: 0, int: 4, long: 8, double: 8, time: 8 };

export class BatchReader {
  /** Of the batch that was loaded last. */
  rows = 0;
  private readonly columns: readonly { readonly place: Place; readonly values: Values; readonly memory: ArrayBuffer[] }[];
  private readonly byName = new Map<ColumnName, Values>();

  constructor(
    private readonly archive: Archive,
    names: readonly ColumnName[],
  ) {
    this.columns = names.flatMap((name) => {
      const place = PLACES.get(name);
      if (place === undefined) return [];
      const values = new Values();
      this.byName.set(name, values);
      return [{ place, values, memory: [] }];
    });
  }

  /** The same object for every batch. */
  values(name: ColumnName): Values {
    const values = this.byName.get(name);
    if (values === undefined) throw new Error(`the column ${name} is not read`);
    return values;
  }

  load(number: number): void {
    const batch = this.archive.batches[number];
    if (batch === undefined) throw new Error(`there is no batch ${number}`);
    this.rows = batch.rows;
    for (const { place, values, memory } of this.columns) this.loadColumn(batch, place, values, memory);
  }

  private loadColumn(batch: BatchPlace, { column, node, buffer }: Place, values: Values, memory: ArrayBuffer[]): void {
    const { rows } = batch;
    const nulls = batch.batch.nodes[node]?.nullCount ?? 0;
    values.isEmpty = nulls === rows;
    if (values.isEmpty) return;
    const read = (nth: number, bytesMin: number): ArrayBuffer => this.buffer(batch, buffer + nth, memory, bytesMin);
    values.validity = nulls === 0 ? NOTHING : new Uint8Array(read(0, (rows + 7) >> 3), 0, (rows + 7) >> 3);
    switch (column.kind) {
      case 'text':
      case 'bytes':
        values.ends = new Int32Array(read(1, 4 * (rows + 1)), 0, rows + 1);
        values.bytes = new Uint8Array(read(2, values.ends[rows] ?? 0), 0, values.ends[rows]);
        break;
      case 'words':
        values.ends = new Int32Array(read(1, 4 * (rows + 1)), 0, rows + 1);
        values.ints = new Int32Array(read(3, 4 * (values.ends[rows] ?? 0)), 0, values.ends[rows]);
        break;
      case 'double':
        values.doubles = new Float64Array(read(1, 8 * rows), 0, rows);
        break;
      default: {
        const bytes = VALUE_BYTES[column.kind] * rows;
        values.ints = new Int32Array(read(1, bytes), 0, bytes / 4);
      }
    }
  }

  private buffer({ batch, body, bodyBytes }: BatchPlace, number: number, memory: ArrayBuffer[], bytesMin: number): ArrayBuffer {
    const { offset = 0, length = 0 } = batch.buffers[number] ?? {};
    if (length < bytesMin || offset < 0 || offset + length > bodyBytes) throw this.archive.damaged(`a column of the batch at ${body} has ${length} bytes where ${bytesMin} are needed`);
    let into = memory[number];
    if (into === undefined || into.byteLength < length) into = memory[number] = new ArrayBuffer((length + 7) & ~7);
    this.archive.fill(new Uint8Array(into, 0, length), body + offset);
    return into;
  }
}
