// Every kind of damage to a small log of several segments: a bit flipped in every field of every frame, batch and segment header,
// and files that end at any byte. What was durable is refused or not handed out; only what nothing says was durable is cut.
import { join } from 'node:path';
import type { Recorded } from '@trellis/event-sourcing';
import { HEAD_FILE, CLEAN_FILE } from './durable-mark.js';
import { DamageError } from './errors.js';
import { FRAME_HEADER_BYTES, frameLength, framePosition } from './frame.js';
import { batchHeader, BATCH_HEADER_BYTES, SEGMENT_HEADER_BYTES } from './log-format.js';
import { openEmbedded, type Embedded } from './open-embedded.js';
import { MemoryDisk } from './testing/memory-disk.js';
import type { MemoryKeyValue } from './testing/memory-key-value.js';
import { ana, ben, collect, eventOf, KeptKeyValues } from './testing/written-log.js';

const FOLDER = '/data';
const LOG = join(FOLDER, 'log');
const SEGMENT_BYTES = 700;
/** Events of each batch. */
const SIZES = [1, 3, 2, 4, 2, 5, 1, 1, 3, 2, 1, 4, 2, 3];

// --- The log that is damaged ---

interface Written {
  readonly disk: MemoryDisk;
  readonly index: MemoryKeyValue;
  readonly records: readonly Recorded[];
  readonly batches: readonly Batch[];
  readonly segments: readonly string[];
}

interface Batch {
  readonly path: string;
  readonly at: number;
  readonly end: number;
  readonly first: number;
  readonly count: number;
  /** Offsets in the file. */
  readonly frames: readonly number[];
}

async function write(): Promise<Written> {
  const disk = new MemoryDisk();
  const keyValues = new KeptKeyValues();
  const { store, close } = await openOn(disk, keyValues);
  let n = 0;
  for (const size of SIZES) await store.appendObservations(Array.from({ length: size }, () => ({ stream: n % 3 === 0 ? ben : ana, event: eventOf(n++) })));
  const records = await collect(store.readAll());
  await close();
  const segments = disk.paths.filter((path) => path.endsWith('.log')).toSorted();
  const index = keyValues.kept.get('index');
  if (index === undefined) throw new Error('there is no index');
  return { disk, index, records, segments, batches: segments.flatMap((path) => batchesIn(path, disk.bytes(path))) };
}

function batchesIn(path: string, bytes: Uint8Array): Batch[] {
  const found: Batch[] = [];
  for (let at = SEGMENT_HEADER_BYTES; at < bytes.length; at = found.at(-1)?.end ?? bytes.length) {
    const header = batchHeader(bytes, at);
    if (header === null) throw new Error(`${path} has no batch at ${at}`);
    const frames: number[] = [];
    for (let frame = at + BATCH_HEADER_BYTES; frame < at + header.length; frame += frameLength(bytes, frame)) frames.push(frame);
    found.push({ path, at, end: at + header.length, first: header.firstPosition, count: header.count, frames });
  }
  return found;
}

/** One bit in each of these: name, offset, length. */
const FRAME_FIELDS: readonly Field[] = [
  ['crc', 0, 4], ['length', 4, 4], ['kind', 8, 1], ['flags', 9, 1], ['type length', 10, 1], ['stream length', 11, 2], ['position', 13, 6],
  ['revision', 19, 6], ['recordedAt', 25, 6], ['id', 31, 16], ['digest', 47, 8], ['type', FRAME_HEADER_BYTES, 11], ['stream', FRAME_HEADER_BYTES + 11, 19],
  ['payload', FRAME_HEADER_BYTES + 30, 7],
];
const BATCH_FIELDS: readonly Field[] = [
  ['crc', 0, 4], ['magic', 4, 4], ['length', 8, 4], ['count', 12, 4], ['first position', 16, 6], ['recordedAt', 22, 6], ['durable before', 28, 6],
];
const SEGMENT_FIELDS: readonly Field[] = [['magic', 0, 8], ['version', 8, 4], ['base', 12, 6], ['crc', 18, 4]];

type Field = readonly [name: string, at: number, length: number];

// --- Opening it ---

interface Kept {
  readonly index: boolean;
  readonly marks: boolean;
}

const EVERY_KEPT: readonly Kept[] = [{ index: false, marks: false }, { index: false, marks: true }, { index: true, marks: false }, { index: true, marks: true }];
const keptText = ({ index, marks }: Kept): string => `${index ? 'with' : 'without'} the index, ${marks ? 'with' : 'without'} head and clean mark`;

/** Reads come from the disk. */
function openOn(disk: MemoryDisk, keyValues: KeptKeyValues): Promise<Embedded> {
  return openEmbedded(FOLDER, { ports: { disk, keyValue: keyValues.open, lock: () => ({ release: () => undefined }) }, now: () => 1_000, segmentBytes: SEGMENT_BYTES, recentBytes: 1 });
}

interface Opened {
  readonly disk: MemoryDisk;
  readonly before: MemoryDisk;
  readonly embedded: Embedded | DamageError;
}

async function opened({ disk: whole, index }: Written, kept: Kept, damage: (disk: MemoryDisk) => void): Promise<Opened> {
  const disk = whole.snapshot();
  if (!kept.marks) for (const name of [HEAD_FILE, CLEAN_FILE]) void disk.remove(join(LOG, name));
  damage(disk);
  const before = disk.snapshot();
  const keyValues = new KeptKeyValues();
  if (kept.index) keyValues.kept.set('index', index.snapshot());
  const embedded = await openOn(disk, keyValues).catch((error: unknown) => {
    if (error instanceof DamageError) return error;
    throw error;
  });
  return { disk, before, embedded };
}

function flip(path: string, at: number): (disk: MemoryDisk) => void {
  return (disk) => {
    const bytes = disk.bytes(path);
    // Not always the same bit of a byte.
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
  };
}

function cutAt(path: string, length: number): (disk: MemoryDisk) => void {
  return (disk) => disk.put(path, disk.bytes(path).slice(0, length));
}

/** Comparisons of thousands of logs: Jest's own are hundreds of times slower. */
function sameFiles(a: MemoryDisk, b: MemoryDisk, ofInterest: (path: string) => boolean = () => true): boolean {
  const [some, others] = [a, b].map((disk) => disk.everything().filter(([path]) => ofInterest(path)));
  return some?.length === others?.length && some?.every(([path, bytes], n) => path === others?.[n]?.[0] && Buffer.compare(bytes, others[n][1]) === 0) === true;
}

const isOfLog = (path: string): boolean => path.endsWith('.log') || path.endsWith('.torn');

function textOf(records: readonly Recorded[]): string {
  return records.map((record) => `${Object.values({ ...record, bytes: Buffer.from(record.bytes).toString('hex') }).join(' ')}\n`).join('');
}

// --- What must be so ---

/** Nothing wrong is handed out by any way of reading, and reading everything finds the damage. Answers the positions it was given. */
async function readEveryWay({ store }: Embedded, records: readonly Recorded[]): Promise<readonly string[]> {
  const refused: string[] = [];
  const wrong: Recorded[] = [];
  const heed = async (reading: Promise<unknown>): Promise<boolean> => {
    try {
      await reading;
      return true;
    } catch (error) {
      if (!(error instanceof DamageError)) throw error;
      refused.push(error.position);
      return false;
    }
  };
  const readIn = async (pages: AsyncIterable<readonly Recorded[]>, due: readonly Recorded[]): Promise<void> => {
    const seen: Recorded[] = [];
    const isWhole = await heed((async () => {
      for await (const page of pages) seen.push(...page);
    })());
    expect(textOf(seen) === textOf(isWhole ? due : due.slice(0, seen.length))).toBe(true);
  };
  for (const stream of [ana, ben]) await readIn(store.read(stream), records.filter((record) => record.stream === stream));
  for (const record of records) {
    await heed(store.find(record.stream, record.id).then((found) => wrong.push(...(found !== null && textOf([found]) === textOf([record]) ? [] : [record]))));
  }
  await readIn(followed(store), records);
  expect(wrong).toEqual([]);
  const byIndex = refused.length;
  await readIn(store.readAll(), records);
  expect(refused.length).toBeGreaterThan(byIndex);
  return refused;
}

async function* followed(store: Embedded['store']): AsyncGenerator<readonly Recorded[]> {
  const ending = new AbortController();
  for await (const { records, caughtUp } of store.follow({ after: null, signal: ending.signal })) {
    yield records;
    if (caughtUp) return;
  }
}

/** Refused at the opening, or found by whoever reads; always with a position in the damaged part, and nothing is cut. */
async function expectFound(written: Written, kept: Kept, damage: (disk: MemoryDisk) => void, { first, last }: { readonly first: number; readonly last: number }): Promise<void> {
  const { disk, before, embedded } = await opened(written, kept, damage);
  const positions = embedded instanceof DamageError ? [embedded.position] : await readEveryWay(embedded, written.records);
  expect(positions.filter((position) => Number(position) < first || Number(position) > last)).toEqual([]);
  expect(sameFiles(disk, before, isOfLog)).toBe(true);
  if (!(embedded instanceof DamageError)) await embedded.close();
}

let written: Written;
beforeAll(async () => {
  written = await write();
});

it('is a log of several segments, each with several batches, and fields where this file says', () => {
  const { batches, segments, records, disk } = written;
  expect(segments.length).toBeGreaterThan(3);
  expect(batches.map(({ count }) => count)).toEqual(SIZES);
  for (const { path, frames, first } of batches) {
    const bytes = disk.bytes(path);
    frames.forEach((frame, n) => {
      const record = records[first + n - 1];
      expect(framePosition(bytes, frame)).toBe(first + n);
      expect(Buffer.from(bytes.subarray(frame + FRAME_HEADER_BYTES, frame + FRAME_HEADER_BYTES + 30)).toString()).toBe(`AnswerGiven${record?.stream}`);
    });
  }
});

for (const kept of EVERY_KEPT) {
  // Of the last batch nothing else says that it was durable.
  const known = (): readonly Batch[] => (kept.index || kept.marks ? written.batches : written.batches.slice(0, -1));

  describe(`a flipped bit in durable history, ${keptText(kept)}, is found at its position and nothing is cut:`, () => {
    for (const [name, from, length] of FRAME_FIELDS) {
      it(`${name} of a frame`, async () => {
        for (const { path, frames, first, count } of known()) {
          for (const [n, frame] of frames.entries()) await expectFound(written, kept, flip(path, frame + from + (n % length)), { first, last: first + count - 1 });
        }
      });
    }

    for (const [name, from, length] of BATCH_FIELDS) {
      it(`${name} of a batch`, async () => {
        for (const [n, { path, at, first, count }] of known().entries()) await expectFound(written, kept, flip(path, at + from + (n % length)), { first, last: first + count - 1 });
      });
    }

    for (const [name, from, length] of SEGMENT_FIELDS) {
      it(`${name} of a segment`, async () => {
        for (const [n, path] of written.segments.entries()) {
          const { first, count } = written.batches.find((batch) => batch.path === path) ?? { first: 0, count: 0 };
          if (known().some((batch) => batch.path === path)) await expectFound(written, kept, flip(path, from + (n % length)), { first, last: first + count - 1 });
        }
      });
    }
  });

  it(`a sealed segment that ends at any byte is found at the position where it ends, ${keptText(kept)}`, async () => {
    for (const path of written.segments.slice(0, -1)) {
      const batches = written.batches.filter((batch) => batch.path === path);
      const size = written.disk.bytes(path).length;
      for (let length = 0; length < size; length += kept.index ? 5 : 1) {
        const lost = batches.find(({ end }) => end > length);
        const first = lost?.first ?? 0;
        await expectFound(written, kept, cutAt(path, length), { first, last: (batches.at(-1)?.first ?? 0) + (batches.at(-1)?.count ?? 0) - 1 });
      }
    }
  });
}

it('a flipped bit in any byte of a log without an index refuses the opening with the first position of its batch', async () => {
  for (const { path, at, end, first } of written.batches) {
    for (let place = at; place < end; place++) {
      const { embedded, disk, before } = await opened(written, { index: false, marks: true }, flip(path, place));
      expect(embedded).toMatchObject({ name: 'DamageError', position: String(first) });
      expect(sameFiles(disk, before)).toBe(true);
    }
  }
});

describe('a log that ends at any byte of its last three batches', () => {
  /** Everything from this byte on is gone, later segments too. */
  const cutFrom = (path: string, length: number) => (disk: MemoryDisk): void => {
    cutAt(path, length)(disk);
    for (const later of written.segments.filter((other) => other > path)) void disk.remove(later);
  };

  it('loses what was not acknowledged, keeps it aside, and goes on, where nothing says that it was durable', async () => {
    for (const { path, at, end, first } of written.batches.slice(-3)) {
      for (let length = at; length < end; length++) {
        const { disk, before, embedded } = await opened(written, { index: false, marks: false }, cutFrom(path, length));
        if (embedded instanceof DamageError) throw embedded;
        const torn = embedded.report?.torn ?? null;
        expect(torn?.bytes ?? 0).toBe(length - at);
        if (torn !== null) expect(Buffer.compare(disk.bytes(torn.file), before.bytes(path).slice(at))).toBe(0);
        expect(Buffer.compare(disk.bytes(path), before.bytes(path).slice(0, at))).toBe(0);
        expect(textOf(await collect(embedded.store.readAll())) === textOf(written.records.slice(0, first - 1))).toBe(true);
        expect(await embedded.store.append(ana, [eventOf(99)], 'any')).toMatchObject({ position: String(first), repeated: false });
        await embedded.close();
      }
    }
  });

  it('refuses a newest segment that ends within its header: none is ever made so', async () => {
    const path = written.segments.at(-1) ?? '';
    const base = written.batches.find((batch) => batch.path === path)?.first ?? 0;
    for (let length = 0; length < SEGMENT_HEADER_BYTES; length++) {
      const { disk, before, embedded } = await opened(written, { index: false, marks: false }, cutFrom(path, length));
      expect(embedded).toMatchObject({ name: 'DamageError', position: String(base) });
      expect(sameFiles(disk, before)).toBe(true);
    }
  });

  for (const kept of EVERY_KEPT.filter(({ index, marks }) => index || marks)) {
    it(`is refused with the first position that is gone, ${keptText(kept)}`, async () => {
      for (const { path, at, end, first } of written.batches.slice(-3)) {
        for (let length = at; length < end; length++) {
          const { disk, before, embedded } = await opened(written, kept, cutFrom(path, length));
          expect(embedded).toBeInstanceOf(DamageError);
          // The index knows what it has, not where the file ends.
          if (!kept.index) expect(embedded).toMatchObject({ position: String(first) });
          expect(sameFiles(disk, before)).toBe(true);
        }
      }
    });
  }
});

it('a damaged head or clean mark only tells less: the log opens whole', async () => {
  for (const name of [HEAD_FILE, CLEAN_FILE]) {
    const path = join(LOG, name);
    for (let at = 0; at < written.disk.bytes(path).length; at++) {
      const { embedded } = await opened(written, { index: true, marks: true }, flip(path, at));
      if (embedded instanceof DamageError) throw embedded;
      expect(embedded.report?.position).toBe(written.records.length);
      await embedded.close();
    }
  }
});
