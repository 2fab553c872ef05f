// Rows that were not taken, with their line, code and reason, as a table that can be put right and imported again.
import { closeSync, openSync, writeSync } from 'node:fs';
import { whyNotRead } from './failure.js';
import type { Row } from './rows.js';

export interface Reject {
  readonly row: Row;
  readonly code: string;
  readonly reason: string;
}

const SPECIAL = /[\t\n\r"]/;

/** The file is made with the first reject; an older one of the same name is replaced then. */
export class RejectsFile {
  private handle: number | null = null;

  constructor(
    readonly path: string,
    private readonly columns: readonly string[],
  ) {}

  /** True once there was a reject. */
  get exists(): boolean {
    return this.handle !== null;
  }

  write(rejects: readonly Reject[]): void {
    if (rejects.length === 0) return;
    const lines = rejects.map(({ row, code, reason }) => lineOf([String(row.line), code, reason, ...row.cells]));
    try {
      if (this.handle === null) {
        this.handle = openSync(this.path, 'w');
        lines.unshift(lineOf(['line', 'code', 'reason', ...this.columns]));
      }
      writeSync(this.handle, `${lines.join('\n')}\n`);
    } catch (error) {
      throw whyNotRead(this.path, error);
    }
  }

  close(): void {
    if (this.handle !== null) closeSync(this.handle);
  }
}

function lineOf(cells: readonly string[]): string {
  return cells.map((cell) => (SPECIAL.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join('\t');
}
