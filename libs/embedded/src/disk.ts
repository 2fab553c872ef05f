// The file system as this adapter uses it, and nothing more, so that a simulated disk can stand in.
import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

export interface DiskFile {
  /** Fills `into` from the offset `at`; fewer bytes than asked for only at the end of the file. */
  read(into: Uint8Array, at: number): Promise<number>;
  /** Writes all bytes at the offset `at`. Not durable before `sync`. */
  write(bytes: Uint8Array, at: number): Promise<void>;
  /** fdatasync: what was written, and the length, survive a crash. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export interface Disk {
  makeDirectory(path: string): Promise<void>;
  /** Names in a directory, in no certain order; a directory that does not exist has none. */
  list(path: string): Promise<readonly string[]>;
  /** `create` fails if the file exists; `write` makes it if needed. Both can be read too. */
  open(path: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile>;
  rename(from: string, to: string): Promise<void>;
  /** Removing what does not exist is not an error. */
  remove(path: string): Promise<void>;
  /** Names that were created, renamed or removed in the directory survive a crash. */
  syncDirectory(path: string): Promise<void>;
}

const FLAGS = {
  read: fs.constants.O_RDONLY,
  write: fs.constants.O_RDWR | fs.constants.O_CREAT,
  create: fs.constants.O_RDWR | fs.constants.O_CREAT | fs.constants.O_EXCL,
} as const;

const open = promisify(fs.open);
const close = promisify(fs.close);
const fsync = promisify(fs.fsync);

/** The real one. Callbacks below, because each call of `fs.promises` costs several times as much. */
export const nodeDisk: Disk = {
  async makeDirectory(path) {
    const first = await fs.promises.mkdir(path, { recursive: true });
    if (first !== undefined) await this.syncDirectory(dirname(first));
  },
  list: (path) =>
    fs.promises.readdir(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    }),
  open: async (path, mode) => new NodeFile(await open(path, FLAGS[mode], 0o640)),
  rename: (from, to) => fs.promises.rename(from, to),
  remove: (path) => fs.promises.rm(path, { force: true }),
  async syncDirectory(path) {
    const fd = await open(path, fs.constants.O_RDONLY);
    try {
      await fsync(fd);
    } finally {
      await close(fd);
    }
  },
};

class NodeFile implements DiskFile {
  constructor(private readonly fd: number) {}

  read(into: Uint8Array, at: number): Promise<number> {
    return new Promise((resolve, reject) => {
      const go = (done: number): void =>
        fs.read(this.fd, into, done, into.length - done, at + done, (error, count) => {
          if (error !== null) reject(error);
          else if (count === 0 || done + count === into.length) resolve(done + count);
          else go(done + count);
        });
      if (into.length === 0) resolve(0);
      else go(0);
    });
  }

  write(bytes: Uint8Array, at: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = (done: number): void =>
        fs.write(this.fd, bytes, done, bytes.length - done, at + done, (error, count) => {
          if (error !== null) reject(error);
          else if (done + count === bytes.length) resolve();
          else go(done + count);
        });
      go(0);
    });
  }

  sync(): Promise<void> {
    return new Promise((resolve, reject) => fs.fdatasync(this.fd, (error) => (error === null ? resolve() : reject(error))));
  }

  truncate(length: number): Promise<void> {
    return new Promise((resolve, reject) => fs.ftruncate(this.fd, length, (error) => (error === null ? resolve() : reject(error))));
  }

  size(): Promise<number> {
    return new Promise((resolve, reject) => fs.fstat(this.fd, (error, stats) => (error === null ? resolve(stats.size) : reject(error))));
  }

  close(): Promise<void> {
    return close(this.fd);
  }
}
