// Where the rows of an archive go: a file of one format or another.
import type { ArchiveRow } from './columns.js';

export interface RowSink {
  /** Answers about how many bytes the row takes beside what every row takes. */
  add(row: ArchiveRow): number;
  /** Writes the rows that were added since the last time. */
  flush(rows: number): Promise<void>;
  /** Writes what the file ends with. */
  end(): Promise<void>;
}
