// A log of several small segments, cleanly closed, for the tests of verification and repair: they damage it and look.
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Recorded } from '@trellis/event-sourcing';
import { BATCH_HEADER_BYTES, batchHeader, sealBatch, SEGMENT_HEADER_BYTES, type BatchHeader } from '../log-format.js';
import { frameLength } from '../frame.js';
import { openInspection, type Verification } from '../inspection.js';
import { openEmbedded, type Embedded } from '../open-embedded.js';
import type { Disk } from '../disk.js';
import type { Repaired } from '../repair.js';
import type { MemoryKeyValue } from './memory-key-value.js';
import { withFolder } from './temporary.js';
import { ana, ben, collect, eventOf, KeptKeyValues } from './written-log.js';

/** Two batches of three events fill one. */
const SEGMENT_BYTES = 600;

export interface Frame {
  readonly position: number;
  readonly offset: number;
  readonly length: number;
}

/** A batch where it lies in its file. */
export interface Batch extends BatchHeader {
  readonly path: string;
  readonly offset: number;
  readonly frames: readonly Frame[];
}

export class InspectedLog {
  readonly keyValues = new KeptKeyValues();

  constructor(readonly directory: string) {}

  /** The same log once more, for as long as it is used: quicker than writing another. */
  copied<Answer>(use: (log: InspectedLog) => Promise<Answer>): Promise<Answer> {
    return withFolder(async (directory) => {
      await cp(this.directory, directory, { recursive: true });
      const log = new InspectedLog(directory);
      for (const [name, keyValue] of this.keyValues.kept) log.keyValues.kept.set(name, keyValue.snapshot());
      return use(log);
    });
  }

  get index(): MemoryKeyValue {
    return this.keyValues.open({ path: '/index' });
  }

  get rows(): MemoryKeyValue {
    return this.keyValues.open({ path: '/rows' });
  }

  open(options: { readonly disk?: Disk } = {}): Promise<Embedded> {
    let now = 1_000;
    const ports = { keyValue: this.keyValues.open, ...options };
    return openEmbedded(this.directory, { ports, segmentBytes: SEGMENT_BYTES, now: () => (now += 10) });
  }

  /** Batches of so many events, alternating between two streams, from the `first`-th event on. */
  async grow({ store }: Embedded, sizes: readonly number[], first = 0): Promise<void> {
    let n = first;
    for (const size of sizes) await store.appendObservations(Array.from({ length: size }, () => ({ stream: n % 2 === 0 ? ana : ben, event: eventOf(n++) })));
  }

  async verify(options: { readonly windowPositions?: number } = {}): Promise<Verification> {
    const inspection = await openInspection(this.directory, { ports: { keyValue: this.keyValues.open } });
    try {
      return await inspection.verify(options);
    } finally {
      await inspection.close();
    }
  }

  async repair({ dryRun = false, disk }: { readonly dryRun?: boolean; readonly disk?: Disk } = {}): Promise<Repaired> {
    const inspection = await openInspection(this.directory, { segmentBytes: SEGMENT_BYTES, ports: { keyValue: this.keyValues.open, ...(disk === undefined ? {} : { disk }) } });
    try {
      return await inspection.repair({ dryRun });
    } finally {
      await inspection.close();
    }
  }

  /** All events, as the engine gives them when it has opened the log. */
  async records(options: { readonly disk?: Disk } = {}): Promise<readonly Recorded[]> {
    const log = await this.open(options);
    try {
      return await collect(log.store.readAll());
    } finally {
      await log.close();
    }
  }

  async segments(): Promise<readonly string[]> {
    const names = (await readdir(join(this.directory, 'log'))).filter((name) => name.endsWith('.log')).sort();
    return names.map((name) => join(this.directory, 'log', name));
  }

  async batches(): Promise<readonly Batch[]> {
    const batches: Batch[] = [];
    for (const path of await this.segments()) {
      const bytes = await readFile(path);
      for (let offset = SEGMENT_HEADER_BYTES; offset < bytes.length; ) {
        const header = batchHeader(bytes, offset);
        if (header === null) throw new Error(`${path}: no batch at ${offset}`);
        const frames: Frame[] = [];
        for (let at = offset + BATCH_HEADER_BYTES; at < offset + header.length; at += frameLength(bytes, at)) {
          frames.push({ position: header.firstPosition + frames.length, offset: at, length: frameLength(bytes, at) });
        }
        batches.push({ ...header, path, offset, frames });
        offset += header.length;
      }
    }
    return batches;
  }

  /** Changes one file of the log. */
  async change(path: string, change: (bytes: Buffer) => Uint8Array | void): Promise<void> {
    const bytes = await readFile(path);
    await writeFile(path, change(bytes) ?? bytes);
  }

  /** Changes a batch and makes its checksums, and those of its events, match again: what a program with a fault would write. */
  reseal(batch: Batch, change: (bytes: Buffer) => Partial<BatchHeader> | void): Promise<void> {
    return this.change(batch.path, (file) => {
      const bytes = file.subarray(batch.offset, batch.offset + batch.length);
      const header = { ...batch, ...change(bytes) };
      for (const { offset, length } of batch.frames) {
        const frame = bytes.subarray(offset - batch.offset, offset - batch.offset + length);
        frame.writeUInt32BE(crc32(frame.subarray(4)));
      }
      sealBatch(bytes, header);
    });
  }

  flip(path: string, offset: number, bit = 0): Promise<void> {
    return this.change(path, (bytes) => {
      bytes[offset] = (bytes[offset] ?? 0) ^ (1 << bit);
    });
  }
}

/** The log that has had these batches, at rest. */
export function withLog(sizes: readonly number[], use: (log: InspectedLog, records: readonly Recorded[]) => Promise<void>): Promise<void> {
  return withFolder(async (directory) => {
    const log = new InspectedLog(directory);
    // Where LMDB would have its files: readers look whether they are there.
    for (const name of ['index', 'rows']) await mkdir(join(directory, name), { recursive: true });
    const opened = await log.open();
    await log.grow(opened, sizes);
    const records = await collect(opened.store.readAll());
    await opened.close();
    await use(log, records);
  });
}
