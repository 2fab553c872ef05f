// The port to rows. A row is derived and can always be rebuilt, so a view store may lose everything, but never mixes.
import type { Position, Revision } from './records.js';

export interface Row {
  /** The newest event of the row's one source stream that it contains. */
  readonly revision: Revision;
  /** Of the fold and its parameters; a row of another version is as good as none. */
  readonly version: string;
  readonly bytes: Uint8Array;
}

export interface KeyedRow {
  readonly key: string;
  readonly row: Row;
}

/** A view, and which build of it: without a generation the live one, which readers use. */
export interface View {
  readonly name: string;
  readonly generation?: number;
}

export interface ViewStore {
  /** Rows in the order of the keys, null where there is none. */
  read(view: View, keys: readonly string[]): Promise<readonly (Row | null)[]>;

  /** Pages of rows in the order of their keys, each as it was at some moment after the call. */
  scan(view: View, prefix?: string): AsyncIterable<readonly KeyedRow[]>;

  /**
   * Writes rows and then, in the same step or after it, the checkpoint. Guarded: a row replaces another only if its
   * revision is higher, or its version differs and its revision is not lower. So a writer that lags does no harm.
   */
  write(view: View, rows: readonly KeyedRow[], checkpoint?: Position): Promise<void>;

  /** Everything up to here is in the rows; null: begin at the first event. */
  checkpoint(view: View): Promise<Position | null>;

  /**
   * Moves the checkpoint on if it is still `from`, in one atomic step. False: it is another, or it is gone with the rows.
   * For whoever knows that others have written the rows in between.
   */
  moveCheckpoint(view: View, from: Position, to: Position): Promise<boolean>;

  /** Another text each time that rows written before may be gone though the store said that they were there. */
  incarnation(): Promise<string>;

  /** How many rows there are; may lag by seconds. */
  count(view: View): Promise<number>;

  /** The generation that readers see; 0 until a rebuild has switched. */
  liveGeneration(name: string): Promise<number>;

  /** A generation that nobody builds yet, later than all before. */
  nextGeneration(name: string): Promise<number>;

  /**
   * One atomic switch: readers see the old rows or the new, and the old ones are dropped afterwards. False: a later
   * generation is live already, and nothing is changed.
   */
  activate(name: string, generation: number): Promise<boolean>;

  /** Forgets the rows and the checkpoint of one generation. */
  drop(view: View): Promise<void>;

  close(): Promise<void>;
}
