// The files of the log, each named by the position of its first event, and their handles for reading.
import { join } from 'node:path';
import type { Disk, DiskFile } from './disk.js';
import { DamageError } from './errors.js';
import { SEGMENT_HEADER_BYTES, segmentFault, segmentHeader, segmentVersion } from './log-format.js';
import { OPEN_SEGMENTS_MAX } from './limits.js';

const SUFFIX = '.log';
const DIGITS = 15;

interface Handle {
  readonly file: Promise<DiskFile>;
  users: number;
  evicted: boolean;
}

export class Segments {
  /** First positions, ascending. */
  readonly bases: number[] = [];
  private readonly handles = new Map<number, Handle>();

  constructor(
    private readonly disk: Disk,
    readonly directory: string,
  ) {}

  /** Reads the list again: at open, and where another process writes. */
  async refresh(): Promise<void> {
    const found = (await this.disk.list(this.directory)).filter((name) => new RegExp(`^\\d{${DIGITS}}\\${SUFFIX}$`).test(name));
    const bases = found.map((name) => Number(name.slice(0, DIGITS))).sort((a, b) => a - b);
    this.bases.splice(0, this.bases.length, ...bases);
  }

  pathOf(base: number): string {
    return join(this.directory, `${String(base).padStart(DIGITS, '0')}${SUFFIX}`);
  }

  /** The segment that holds, or would hold, this position. */
  baseOf(position: number): number {
    const base = this.bases[this.behind(position) - 1];
    if (base === undefined) throw new DamageError(String(position), this.directory, 'no segment holds it');
    return base;
  }

  /** The next segment: what a segment holds ends where it begins. */
  after(base: number): number | undefined {
    return this.bases[this.behind(base)];
  }

  /**
   * Makes the next segment; it and its name are durable when this resolves. It takes the place of one of the same name, in which
   * nothing was ever durable: a crash leaves the one or the other, whole.
   */
  async create(base: number): Promise<DiskFile> {
    const path = this.pathOf(base);
    const made = `${path}.new`;
    const file = await this.disk.open(made, 'write');
    try {
      await file.write(segmentHeader(base), 0);
      await file.sync();
      await this.disk.rename(made, path);
      await this.forget(base);
      await this.disk.syncDirectory(this.directory);
    } catch (error) {
      await file.close();
      throw error;
    }
    if (this.bases.at(-1) !== base) this.bases.push(base);
    return file;
  }

  /** Answers the version of the segment's format. */
  async checkHeader(base: number): Promise<number> {
    const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
    const count = await this.read(base, bytes, 0);
    const fault = segmentFault(bytes.subarray(0, count), base);
    if (fault !== null) throw new DamageError(String(base), this.pathOf(base), fault);
    return segmentVersion(bytes);
  }

  read(base: number, into: Uint8Array, at: number): Promise<number> {
    return this.using(base, (file) => file.read(into, at));
  }

  size(base: number): Promise<number> {
    return this.using(base, (file) => file.size());
  }

  /** How many segments begin at or before the position. */
  private behind(position: number): number {
    let low = 0;
    let high = this.bases.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.bases[middle] ?? 0) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Lets go of the segment's file, which is about to be another one. */
  private async forget(base: number): Promise<void> {
    const handle = this.handles.get(base);
    if (handle === undefined) return;
    this.handles.delete(base);
    handle.evicted = true;
    if (handle.users === 0) await (await handle.file).close();
  }

  async close(): Promise<void> {
    const handles = [...this.handles.values()];
    this.handles.clear();
    for (const handle of handles) {
      handle.evicted = true;
      // One that is being read is closed by its last reader.
      if (handle.users === 0) await (await handle.file).close();
    }
  }

  private async using<Answer>(base: number, use: (file: DiskFile) => Promise<Answer>): Promise<Answer> {
    const handle = this.handle(base);
    handle.users++;
    try {
      return await use(await handle.file);
    } finally {
      handle.users--;
      if (handle.evicted && handle.users === 0) await (await handle.file).close();
    }
  }

  private handle(base: number): Handle {
    const known = this.handles.get(base);
    if (known !== undefined) return known;
    if (this.handles.size >= OPEN_SEGMENTS_MAX) {
      for (const [other, handle] of this.handles) {
        if (handle.users > 0) continue;
        this.handles.delete(other);
        handle.evicted = true;
        void handle.file.then((file) => file.close());
        break;
      }
    }
    const made: Handle = { file: this.disk.open(this.pathOf(base), 'read'), users: 0, evicted: false };
    // A file that could not be opened is tried again next time; whoever asked sees the error.
    made.file.catch(() => this.handles.delete(base));
    this.handles.set(base, made);
    return made;
  }
}
