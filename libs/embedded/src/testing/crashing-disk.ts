// The real disk up to the n-th change, then nothing: the machine has stopped. Afterwards it can also lose what was not synced,
// as a loss of power would: half of each file that was written since its sync, and every name since that of its folder. It only
// notes what is synced, which is what makes it quick.
import { cpSync, existsSync, linkSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { nodeDisk, type Disk, type DiskFile } from '../disk.js';

/** A file that was written, wherever it is called by now. */
interface Written {
  path: string;
  isSynced: boolean;
}

interface NameChange {
  readonly directory: string;
  undo(): void;
}

export class CrashingDisk implements Disk {
  /** Changes that were made. */
  changes = 0;
  private readonly written: Written[] = [];
  private readonly names: NameChange[] = [];
  private readonly kept = mkdtempSync(join(tmpdir(), 'trellis-crashing-'));

  /** The change after `changesMax` fails, and everything behind it. */
  constructor(private readonly changesMax = Infinity) {}

  get hasStopped(): boolean {
    return this.changes > this.changesMax;
  }

  /** What a disk without power may have kept: names in any order, so perhaps the newest without those before it. */
  losePower({ keepsNewestName }: { readonly keepsNewestName: boolean }): void {
    for (const { path, isSynced } of this.written) if (!isSynced && existsSync(path)) truncateSync(path, Math.floor(statSync(path).size / 2));
    const lost = keepsNewestName ? this.names.slice(0, -1) : this.names;
    for (const change of lost.reverse()) change.undo();
  }

  /** Removes what it keeps for undoing. */
  forget(): void {
    rmSync(this.kept, { recursive: true });
  }

  makeDirectory(path: string): Promise<void> {
    this.change();
    mkdirSync(path, { recursive: true });
    return Promise.resolve();
  }

  list(path: string): Promise<readonly string[]> {
    this.look();
    return nodeDisk.list(path);
  }

  async open(path: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile> {
    if (mode === 'read') this.look();
    else this.change();
    const isNew = mode !== 'read' && !existsSync(path);
    const file = await nodeDisk.open(path, mode);
    if (isNew) this.names.push({ directory: dirname(path), undo: () => rmSync(path, { force: true }) });
    if (mode === 'read') return file;
    const written: Written = { path, isSynced: true };
    this.written.push(written);
    return this.watched(file, written);
  }

  async rename(from: string, to: string): Promise<void> {
    this.change();
    const before = this.keep(to);
    await nodeDisk.rename(from, to);
    for (const written of this.written) written.path = written.path === from ? to : written.path.replace(`${from}/`, `${to}/`);
    this.names.push({
      directory: dirname(to),
      undo: () => {
        renameSync(to, from);
        if (before !== null) renameSync(before, to);
      },
    });
  }

  async remove(path: string): Promise<void> {
    this.change();
    const before = this.keep(path);
    await nodeDisk.remove(path);
    if (before !== null) this.names.push({ directory: dirname(path), undo: () => cpSync(before, path) });
  }

  syncDirectory(path: string): Promise<void> {
    this.change();
    this.names.splice(0, this.names.length, ...this.names.filter(({ directory }) => directory !== path));
    return Promise.resolve();
  }

  /** A second name for the file, by which it comes back; null for none. */
  private keep(path: string): string | null {
    if (!existsSync(path) || statSync(path).isDirectory()) return null;
    const kept = join(this.kept, String(this.changes));
    linkSync(path, kept);
    return kept;
  }

  private watched(file: DiskFile, written: Written): DiskFile {
    const changing = async (change: () => Promise<void>, isSynced: boolean): Promise<void> => {
      this.change();
      written.isSynced = false;
      await change();
      written.isSynced = isSynced;
    };
    return {
      read: (into, at) => file.read(into, at),
      write: (bytes, at) => changing(() => file.write(bytes, at), false),
      sync: () => changing(() => Promise.resolve(), true),
      truncate: (length) => changing(() => file.truncate(length), false),
      size: () => file.size(),
      close: () => file.close(),
    };
  }

  private change(): void {
    this.look();
    this.changes++;
    this.look();
  }

  private look(): void {
    if (this.hasStopped) throw new Error('the machine has stopped');
  }
}
