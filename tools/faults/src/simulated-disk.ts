// The disk port with a disk that can be cut off at any moment, fill up, fail and be slow, all as the seed says.
import { posix } from 'node:path';
import type { Disk, DiskFile } from '@trellis/embedded';
import type { Randomness } from './randomness.js';
import { SimulatedDirectory } from './simulated-directory.js';
import { SimulatedFile } from './simulated-file.js';
import type { Owner, SimulatedScheduler } from './simulated-scheduler.js';

/** What is wrong with the disk for now. */
export interface Weather {
  /** Nothing can grow. */
  readonly full: boolean;
  readonly readOnly: boolean;
  /** The probability that one of them fails. */
  readonly failingSyncs: number;
  readonly failingWrites: number;
  readonly slow: boolean;
}

export const CALM: Weather = { full: false, readOnly: false, failingSyncs: 0, failingWrites: 0, slow: false };

const SLOW_MS = 60;
/** Some syncs take so long that timers run out meanwhile. */
const LONG_SYNC_MS = 1_200;

export class SimulatedDisk {
  weather: Weather = CALM;
  /** How many of the syncs take long. */
  private readonly longSyncs: number;
  private readonly directories = new Map<string, SimulatedDirectory>();

  constructor(
    private readonly scheduler: SimulatedScheduler,
    private readonly random: Randomness,
  ) {
    this.longSyncs = random.pick([0.01, 0.01, 0.05, 0.5]);
  }

  /** The port that one process uses; nothing it does comes about once that is dead. */
  portOf(owner: Owner): Disk {
    return {
      makeDirectory: (path) => this.operate(owner, `make directory ${path}`, () => this.makeDirectory(path)),
      list: (path) => this.operate(owner, `list ${path}`, () => this.names(path)),
      open: (path, mode) => this.operate(owner, `open ${path} to ${mode}`, () => this.handle(owner, path, this.opened(path, mode))),
      rename: (from, to) => this.operate(owner, `rename ${from} to ${posix.basename(to)}`, () => this.rename(from, to)),
      remove: (path) =>
        this.operate(owner, `remove ${path}`, () => {
          this.refuseReadOnly('unlink');
          this.directoryOf(path).remove(posix.basename(path));
        }),
      syncDirectory: (path) => this.operate(owner, `sync directory ${path}`, () => this.syncDirectory(path)),
    };
  }

  /** How long the next operation takes. Most are so quick that their order alone matters. */
  latencyMs(): number {
    if (this.weather.slow && this.random.chance(0.3)) return this.random.between(1, SLOW_MS);
    return this.random.chance(0.85) ? 0 : this.random.between(1, 3);
  }

  /** Something in the directory would not survive a loss of power. */
  isUnsynced(path: string): boolean {
    return this.directories.get(path)?.files().some((file) => !file.isSynced) ?? false;
  }

  losePower(): void {
    for (const directory of this.directories.values()) directory.losePower(this.random);
  }

  /** Memory is needed for something else. */
  evict(): void {
    for (const directory of this.directories.values()) for (const file of directory.files()) file.evict();
  }

  makeDirectory(path: string): void {
    if (this.directories.has(path)) return;
    this.refuseFull('mkdir');
    this.directories.set(path, new SimulatedDirectory());
  }

  names(path: string): readonly string[] {
    const inner = [...this.directories.keys()].filter((one) => posix.dirname(one) === path).map((one) => posix.basename(one));
    return [...inner, ...(this.directories.get(path)?.names() ?? [])];
  }

  /** A file is gone at once and for good. */
  lose(path: string): void {
    const directory = this.directories.get(posix.dirname(path));
    directory?.remove(posix.basename(path));
    directory?.sync();
  }

  file(path: string): SimulatedFile | undefined {
    return this.directories.get(posix.dirname(path))?.file(posix.basename(path));
  }

  private operate<Answer>(owner: Owner, label: string, effect: () => Answer, delayMs = this.latencyMs()): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const run = (): void => {
        try {
          resolve(effect());
        } catch (error) {
          reject(error);
        }
      };
      const cut = (): void => {
        if (!this.random.chance(0.5)) return;
        try {
          effect();
        } catch {
          // Whoever began it is dead: it neither hears of what came about nor of what did not.
        }
      };
      this.scheduler.add({ owner, label, run, cut }, delayMs);
    });
  }

  private opened(path: string, mode: 'read' | 'write' | 'create'): SimulatedFile {
    const directory = this.directoryOf(path);
    const name = posix.basename(path);
    const known = directory.file(name);
    if (known !== undefined) {
      if (mode === 'create') throw fault('EEXIST', 'file already exists', `open ${path}`);
      if (mode === 'write') this.refuseReadOnly('open');
      return known;
    }
    if (mode === 'read') throw fault('ENOENT', 'no such file or directory', `open ${path}`);
    this.refuseFull('open');
    const file = new SimulatedFile();
    directory.create(name, file);
    return file;
  }

  private rename(from: string, to: string): void {
    this.refuseReadOnly('rename');
    const directory = this.directoryOf(from);
    if (posix.dirname(from) !== posix.dirname(to)) throw new Error(`${from} and ${to} are in two directories`);
    if (directory.file(posix.basename(from)) === undefined) throw fault('ENOENT', 'no such file or directory', `rename ${from}`);
    directory.rename(posix.basename(from), posix.basename(to));
  }

  private syncDirectory(path: string): void {
    const directory = this.directories.get(path);
    if (directory === undefined) throw fault('ENOENT', 'no such file or directory', `open ${path}`);
    if (this.random.chance(this.weather.failingSyncs)) throw fault('EIO', 'i/o error', 'fsync');
    directory.sync();
  }

  private handle(owner: Owner, path: string, file: SimulatedFile): DiskFile {
    const name = posix.basename(path);
    return {
      read: (into, at) => this.operate(owner, `read ${name} at ${at}`, () => file.read(into, at)),
      write: (bytes, at) => this.write(owner, name, file, { bytes, at }),
      sync: () => {
        const effect = (): void => {
          if (this.weather.readOnly || this.random.chance(this.weather.failingSyncs)) {
            file.failSync(this.random);
            throw fault('EIO', 'i/o error', 'fdatasync');
          }
          file.sync();
        };
        return this.operate(owner, `sync ${name}`, effect, this.random.chance(this.longSyncs) ? this.random.between(1, LONG_SYNC_MS) : this.latencyMs());
      },
      truncate: (length) =>
        this.operate(owner, `truncate ${name} to ${length}`, () => {
          this.refuseReadOnly('ftruncate');
          file.truncate(length);
        }),
      size: () => this.operate(owner, `size of ${name}`, () => file.length),
      close: () => this.operate(owner, `close ${name}`, () => undefined),
    };
  }

  /** A write can be seen in part before it is done, and stay so when its process dies or the disk fails. */
  private write(owner: Owner, name: string, file: SimulatedFile, { bytes, at }: { readonly bytes: Uint8Array; readonly at: number }): Promise<void> {
    let done = 0;
    const put = (to: number): void => {
      file.write(bytes.subarray(done, to), at + done);
      done = to;
    };
    const cut = (): void => put(done + this.random.below(bytes.length - done + 1));
    return new Promise((resolve, reject) => {
      const finish = (): void => {
        const failure = this.writeFailure(file, at + bytes.length);
        if (failure === null) {
          put(bytes.length);
          resolve();
        } else {
          cut();
          reject(failure);
        }
      };
      const label = `write ${bytes.length} bytes to ${name} at ${at}`;
      const begin = (): void => {
        if (this.weather.readOnly) reject(readOnly('write'));
        else if (this.weather.full || this.random.chance(0.85)) finish();
        else {
          cut();
          this.scheduler.add({ owner, label: `${label}, the rest`, run: finish, cut }, this.latencyMs());
        }
      };
      this.scheduler.add({ owner, label, run: begin, cut }, this.latencyMs());
    });
  }

  private writeFailure(file: SimulatedFile, end: number): Error | null {
    if (this.weather.full && end > file.length) return noSpace('write');
    return this.random.chance(this.weather.failingWrites) ? fault('EIO', 'i/o error', 'write') : null;
  }

  private refuseReadOnly(call: string): void {
    if (this.weather.readOnly) throw readOnly(call);
  }

  private refuseFull(call: string): void {
    this.refuseReadOnly(call);
    if (this.weather.full) throw noSpace(call);
  }

  private directoryOf(path: string): SimulatedDirectory {
    const directory = this.directories.get(posix.dirname(path));
    if (directory === undefined) throw fault('ENOENT', 'no such file or directory', path);
    return directory;
  }
}

export function noSpace(call: string): Error {
  return fault('ENOSPC', 'no space left on device', call);
}

function readOnly(call: string): Error {
  return fault('EROFS', 'read-only file system', call);
}

/** As Node's file system says it. */
function fault(code: string, what: string, call: string): Error {
  return Object.assign(new Error(`${code}: ${what}, ${call}`), { code });
}
