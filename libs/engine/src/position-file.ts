// Which position of a log became which one in a copy: a line of 20 digits for each event, in the order of the log. The positions
// of an embedded log count from 1, so the n-th line is where the event at position n is now: `sed -n 1234p <file>`.
import { dirname } from 'node:path';
import type { Disk, DiskFile } from '@trellis/embedded';
import type { Position } from '@trellis/event-sourcing';

const DIGITS = 20;
const LINE_BYTES = DIGITS + 1;
const LINES_READ = 50_000;

const NEWLINE = 10;
const ZERO = 48;
const NINE = 57;

export class PositionFile {
  private constructor(
    private readonly file: DiskFile,
    private lines: number,
    private newest: Buffer,
  ) {}

  /** Makes it if needed. What a crash left at its end that is no whole line is cut off. */
  static async open(disk: Disk, path: string): Promise<PositionFile> {
    await disk.makeDirectory(dirname(path));
    const file = await disk.open(path, 'write');
    try {
      await disk.syncDirectory(dirname(path));
      const { lines, newest } = await wholeLines(file);
      if ((await file.size()) > lines * LINE_BYTES) await file.truncate(lines * LINE_BYTES);
      return new PositionFile(file, lines, newest);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Events that are known to be in the copy. */
  get count(): number {
    return this.lines;
  }

  /** Of the newest of them, or null for none. */
  get last(): Position | null {
    return this.lines === 0 ? null : positionIn(this.newest, 0);
  }

  /** Durable when this resolves. Throws where they do not rise: then the copy is not in the order of the log. */
  async append(positions: readonly Position[]): Promise<void> {
    const strange = positions.find((position) => !/^\d{1,20}$/.test(position));
    if (strange !== undefined) throw new Error(`position ${JSON.stringify(strange)} is not a number of up to ${DIGITS} digits`);
    if (positions.length === 0) return;
    const bytes = Buffer.from(positions.map((position) => `${position.padStart(DIGITS, '0')}\n`).join(''), 'latin1');
    let before = this.newest;
    for (let at = 0; at < bytes.length; at += LINE_BYTES) {
      const line = bytes.subarray(at, at + LINE_BYTES);
      if (!isLater(line, before)) throw new Error(`position ${this.lines + at / LINE_BYTES + 1} of the log is at ${positionIn(line, 0)} in the copy, and the one before it at ${positionIn(before, 0)}`);
      before = line;
    }
    await this.file.write(bytes, this.lines * LINE_BYTES);
    await this.file.sync();
    this.lines += positions.length;
    this.newest = Buffer.from(before);
  }

  /** All that are there at the call, from the first. */
  async *all(): AsyncGenerator<Position> {
    const { lines } = this;
    for (let line = 0; line < lines; line += LINES_READ) {
      const bytes = await readLines(this.file, line, Math.min(LINES_READ, lines - line));
      for (let at = 0; at < bytes.length; at += LINE_BYTES) yield positionIn(bytes, at);
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }
}

async function wholeLines(file: DiskFile): Promise<{ readonly lines: number; readonly newest: Buffer }> {
  const count = Math.floor((await file.size()) / LINE_BYTES);
  let newest: Buffer = Buffer.alloc(LINE_BYTES);
  for (let line = 0; line < count; line += LINES_READ) {
    const bytes = await readLines(file, line, Math.min(LINES_READ, count - line));
    for (let at = 0; at < bytes.length; at += LINE_BYTES) {
      const next = bytes.subarray(at, at + LINE_BYTES);
      if (!isLater(next, newest)) return { lines: line + at / LINE_BYTES, newest };
      newest = next;
    }
  }
  return { lines: count, newest };
}

/** A whole line, and a later position than that of the line before. */
function isLater(line: Buffer, before: Buffer): boolean {
  for (let n = 0; n < DIGITS; n++) if ((line[n] ?? 0) < ZERO || (line[n] ?? 0) > NINE) return false;
  return line[DIGITS] === NEWLINE && line.compare(before) > 0;
}

async function readLines(file: DiskFile, from: number, count: number): Promise<Buffer> {
  const bytes = Buffer.alloc(count * LINE_BYTES);
  return bytes.subarray(0, await file.read(bytes, from * LINE_BYTES));
}

function positionIn(bytes: Buffer, at: number): Position {
  return (bytes.toString('latin1', at, at + DIGITS).replace(/^0+(?=\d)/, '') || '0') as Position; // it was one when it was written
}
