// The disk port in memory, for sweeps that open a log thousands of times. Nothing on it fails or is lost.
import { dirname } from 'node:path';
import type { Disk, DiskFile } from '../disk.js';

/** What a name leads to: a handle stays with it when the name goes to another. */
interface Contents {
  bytes: Uint8Array;
}

export class MemoryDisk implements Disk {
  private readonly names = new Map<string, Contents>();

  get paths(): readonly string[] {
    return [...this.names.keys()];
  }

  /** Throws where there is no such file. */
  bytes(path: string): Uint8Array {
    return this.contents(path).bytes;
  }

  put(path: string, bytes: Uint8Array): void {
    this.names.set(path, { bytes });
  }

  /** Every file with its bytes. */
  everything(): readonly (readonly [path: string, bytes: Uint8Array])[] {
    return [...this.names].map(([path, { bytes }]) => [path, bytes]);
  }

  /** A copy as it is now. */
  snapshot(): MemoryDisk {
    const copy = new MemoryDisk();
    for (const [path, { bytes }] of this.names) copy.put(path, bytes.slice());
    return copy;
  }

  makeDirectory(): Promise<void> {
    return Promise.resolve();
  }

  async list(path: string): Promise<readonly string[]> {
    return this.paths.filter((file) => dirname(file) === path).map((file) => file.slice(path.length + 1));
  }

  async open(path: string, mode: 'read' | 'write' | 'create'): Promise<DiskFile> {
    const exists = this.names.has(path);
    if (mode === 'create' && exists) throw new Error(`${path} exists`);
    if (mode !== 'read' && !exists) this.put(path, new Uint8Array(0));
    return new MemoryFile(this.contents(path));
  }

  async rename(from: string, to: string): Promise<void> {
    const contents = this.contents(from);
    this.names.delete(from);
    this.names.set(to, contents);
  }

  async remove(path: string): Promise<void> {
    this.names.delete(path);
  }

  syncDirectory(): Promise<void> {
    return Promise.resolve();
  }

  private contents(path: string): Contents {
    const contents = this.names.get(path);
    if (contents === undefined) throw new Error(`${path} does not exist`);
    return contents;
  }
}

class MemoryFile implements DiskFile {
  constructor(private readonly contents: Contents) {}

  async read(into: Uint8Array, at: number): Promise<number> {
    const part = this.contents.bytes.subarray(at, at + into.length);
    into.set(part);
    return part.length;
  }

  async write(bytes: Uint8Array, at: number): Promise<void> {
    const { bytes: before } = this.contents;
    const grown = new Uint8Array(Math.max(before.length, at + bytes.length));
    grown.set(before);
    grown.set(bytes, at);
    this.contents.bytes = grown;
  }

  sync(): Promise<void> {
    return Promise.resolve();
  }

  async truncate(length: number): Promise<void> {
    this.contents.bytes = this.contents.bytes.slice(0, length);
  }

  async size(): Promise<number> {
    return this.contents.bytes.length;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
