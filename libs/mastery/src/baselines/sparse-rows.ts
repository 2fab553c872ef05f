// Rows of a sparse matrix, built row after row.

export interface SparseRows {
  readonly columns: number;
  /** One more than rows. */
  readonly starts: Int32Array;
  readonly column: Int32Array;
  readonly value: Float64Array;
}

/** Takes one entry of the row that is being built (or multiplied). */
export type Entry = (column: number, value: number) => void;

export interface SparseBuilder {
  readonly add: Entry;
  endRow(): void;
  finish(): SparseRows;
}

/** `rows` is how many will come; memory grows with the entries. */
export function sparseBuilder(columns: number, rows: number): SparseBuilder {
  const starts = new Int32Array(rows + 1);
  let column = new Int32Array(rows * 8);
  let value = new Float64Array(rows * 8);
  let entries = 0;
  let row = 0;
  return {
    add(at, what) {
      if (what === 0) return;
      if (entries === column.length) {
        const [columnBefore, valueBefore] = [column, value];
        column = new Int32Array(entries * 2 + 8);
        value = new Float64Array(entries * 2 + 8);
        column.set(columnBefore);
        value.set(valueBefore);
      }
      column[entries] = at;
      value[entries++] = what;
    },
    endRow: () => (starts[++row] = entries),
    finish: () => ({ columns, starts: starts.subarray(0, row + 1), column: column.subarray(0, entries), value: value.subarray(0, entries) }),
  };
}
