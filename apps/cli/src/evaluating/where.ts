/** A row of a file, for errors. */
export interface Where {
  readonly path: string;
  readonly line: number;
  readonly columns: readonly string[];
}
