// Damaged logs made whole again: what can be read keeps its place, what is lost is named, and nothing else changes.
import { readdir, readFile, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import type { Recorded } from '@trellis/event-sourcing';
import { MARK_KEY } from './index-entries.js';
import { FORMAT_VERSION } from './log-format.js';
import { CrashingDisk } from './testing/crashing-disk.js';
import { type Batch, type InspectedLog, withLog } from './testing/inspected.js';
import { collect } from './testing/written-log.js';

/** Four segments: positions 1 to 6, 7 to 12, 13 to 18, 19 and 20. */
const SIZES = [3, 3, 3, 3, 3, 3, 2];

interface LostEvent {
  readonly position: string;
  readonly stream?: string;
  readonly revision?: number;
  readonly id?: string;
}

const named = ({ position, stream, revision, id }: Recorded): LostEvent => ({ position, stream, revision, id });
const without = ({ id: _, ...event }: LostEvent): LostEvent => event;

/** The log is sound, holds every other event as it was, and goes on. */
async function expectWhole(log: InspectedLog, records: readonly Recorded[], lost: readonly LostEvent[]): Promise<void> {
  const places = new Set(lost.map(({ position }) => position));
  const now = await log.records();
  expect(now.filter(({ position }) => !places.has(position))).toEqual(records.filter(({ position }) => !places.has(position)));
  expect(now.map(({ position }) => position)).toEqual(now.map((_, n) => String(n + 1)));
  for (const { position, stream, revision, id } of lost) {
    const record = now[Number(position) - 1];
    expect(record?.bytes).toHaveLength(0);
    if (stream !== undefined) expect([record?.stream, record?.revision]).toEqual([stream, revision]);
    // Whoever still has the event may send it again.
    if (id !== undefined) expect(record?.id).not.toBe(id);
  }
  expect(await log.verify()).toMatchObject({ problems: [], events: now.length, erased: lost.length, position: now.length });
  const opened = await log.open();
  await log.grow(opened, [2, 2], 100);
  expect(await collect(opened.store.readAll({ after: now.at(-1)?.position ?? null }))).toHaveLength(4);
  const again = lost.flatMap(({ position }) => records.filter((record) => record.position === position));
  expect((await opened.store.appendObservations(again.map((event) => ({ stream: event.stream, event })))).outcomes).toEqual(again.map(() => 'accepted'));
  await opened.close();
  expect((await log.verify()).problems).toEqual([]);
}

const damagedFiles = async (log: InspectedLog): Promise<readonly string[]> => (await readdir(join(log.directory, 'log'))).filter((name) => name.endsWith('.damaged')).sort();

describe('with nothing wrong', () => {
  it('says so and changes nothing but to build the index anew', () =>
    withLog(SIZES, async (log, records) => {
      const before = await Promise.all((await log.segments()).map((path) => readFile(path)));
      expect(await log.repair()).toEqual({ kept: 20, lost: [], lostTotal: 0, files: [] });
      expect(await Promise.all((await log.segments()).map((path) => readFile(path)))).toEqual(before);
      await expectWhole(log, records, []);
    }));
});

describe('a damaged event', () => {
  it('is replaced by an erased one, wherever it is, and all others stay', () =>
    withLog(SIZES, async (whole, records) => {
      for (const record of records) {
        await whole.copied(async (log) => {
          const position = Number(record.position);
          const batch = (await log.batches()).find(({ frames }) => frames.some((each) => each.position === position));
          const frame = batch?.frames.find((each) => each.position === position);
          if (batch === undefined || frame === undefined) throw new Error(`there is no event ${position}`);
          // A bit in each part of a frame: checksum, length, kind, position, revision, id, payload.
          await log.flip(batch.path, frame.offset + ([0, 6, 8, 15, 24, 33, 90][position % 7] ?? 0), position % 8);
          const damaged = await readFile(batch.path);
          expect((await log.verify()).problems.map((problem) => problem.position)).toEqual([record.position]);
          const repaired = await log.repair();
          expect(repaired).toEqual({ kept: 19, lost: [named(record)], lostTotal: 1, files: [`${batch.path}.damaged`] });
          expect(await readFile(`${batch.path}.damaged`)).toEqual(damaged);
          await expectWhole(log, records, repaired.lost);
        });
      }
    }));

  it('is known by its neighbours where the index is gone', () =>
    withLog(SIZES, async (log, records) => {
      const [, , batch] = await log.batches();
      await log.flip(batch?.path ?? '', (batch?.frames[1]?.offset ?? 0) + 60);
      log.keyValues.kept.delete('index');
      const { lost } = await log.repair();
      expect(lost).toEqual([without(named(records[7] as Recorded))]);
      await expectWhole(log, records, lost);
    }));

  it('of the end of its stream gets a stream of its own where the index is gone', () =>
    withLog(SIZES, async (log, records) => {
      const batch = (await log.batches()).at(-1);
      await log.flip(batch?.path ?? '', (batch?.frames[1]?.offset ?? 0) + 60);
      log.keyValues.kept.delete('index');
      const { lost } = await log.repair();
      expect(lost).toEqual([{ position: '20' }]);
      expect((await log.records()).at(-1)).toMatchObject({ stream: 'lost-20', revision: 0, id: '00000000-0000-8000-8000-000000000014' });
      await expectWhole(log, records, lost);
    }));

  it('is not misled by an index that says something else', () =>
    withLog(SIZES, async (log, records) => {
      const [, , batch] = await log.batches();
      await log.flip(batch?.path ?? '', (batch?.frames[1]?.offset ?? 0) + 60);
      // The index is that of another log, which has the streams the other way round.
      await withLog([], async (other) => {
        const opened = await other.open();
        await other.grow(opened, SIZES, 1);
        await opened.close();
        log.keyValues.kept.set('index', other.index.snapshot());
      });
      const { lost } = await log.repair();
      expect(lost).toEqual([without(named(records[7] as Recorded))]);
      await expectWhole(log, records, lost);
    }));
});

it('does not believe an index that says more than it has', () =>
  withLog(SIZES, async (log, records) => {
    const mark = log.index.get(MARK_KEY) ?? new Uint8Array(0);
    mark[6] = 9;
    await log.index.commit((batch) => batch.put(MARK_KEY, mark));
    expect(await log.repair()).toEqual({ kept: 20, lost: [], lostTotal: 0, files: [] });
    await expectWhole(log, records, []);
  }));

describe('a damaged file', () => {
  type Case = readonly [string, (log: InspectedLog, batches: readonly Batch[]) => Promise<void>, readonly number[]];
  const at = (batches: readonly Batch[], n: number): Batch => {
    const batch = batches[n];
    if (batch === undefined) throw new Error(`there is no batch ${n}`);
    return batch;
  };
  const CASES: readonly Case[] = [
    ['with a damaged header', (log, batches) => log.flip(at(batches, 2).path, 3), []],
    ['with a damaged header of a batch', (log, batches) => log.flip(at(batches, 3).path, at(batches, 3).offset + 24), []],
    ['with bytes between its batches', (log, batches) => log.change(at(batches, 3).path, (bytes) => Buffer.concat([bytes.subarray(0, at(batches, 3).offset), Buffer.alloc(99, 3), bytes.subarray(at(batches, 3).offset)])), []],
    ['with zeros where half of a batch was', (log, batches) => log.change(at(batches, 1).path, (bytes) => void bytes.fill(0, at(batches, 1).offset + 100, at(batches, 1).offset + 200)), [4, 5]],
    ['that was cut between batches', (_log, batches) => truncate(at(batches, 3).path, at(batches, 3).offset), [10, 11, 12]],
    ['that was cut inside of an event', (_log, batches) => truncate(at(batches, 3).path, at(batches, 3).offset + 200), [11, 12]],
    ['that is empty', (_log, batches) => truncate(at(batches, 2).path, 0), [7, 8, 9, 10, 11, 12]],
    ['that is missing at the beginning', (_log, batches) => rm(at(batches, 0).path), [1, 2, 3, 4, 5, 6]],
    ['that is missing in the middle', (_log, batches) => rm(at(batches, 2).path), [7, 8, 9, 10, 11, 12]],
    ['that is missing at the end', (_log, batches) => rm(at(batches, 6).path), [19, 20]],
    ['that is the last, cut', (_log, batches) => truncate(at(batches, 6).path, at(batches, 6).offset + 120), [19, 20]],
    ['of everything there was', async (log) => { for (const path of await log.segments()) await rm(path); }, Array.from({ length: 20 }, (_, n) => n + 1)],
    ['beside two others', async (log, batches) => {
      await log.flip(at(batches, 1).path, (at(batches, 1).frames[0]?.offset ?? 0) + 40);
      await truncate(at(batches, 3).path, at(batches, 3).offset + 150);
      await log.flip(at(batches, 6).path, (at(batches, 6).frames[1]?.offset ?? 0) + 40);
    }, [4, 11, 12, 20]],
  ];

  it.each(CASES)('%s is made whole', (_name, damage, positions) =>
    withLog(SIZES, async (log, records) => {
      await damage(log, await log.batches());
      const lost = records.filter(({ position }) => positions.includes(Number(position))).map(named);
      const before = await readdir(join(log.directory, 'log'));
      expect(await log.repair({ dryRun: true })).toEqual({ kept: 20 - lost.length, lost, lostTotal: lost.length, files: [] });
      expect(await readdir(join(log.directory, 'log'))).toEqual(before);
      expect(await log.repair()).toMatchObject({ kept: 20 - lost.length, lost });
      await expectWhole(log, records, lost);
    }),
  );

  it('of a log whose end is cut is made whole up to the mark of the last stop where the index is gone', () =>
    withLog(SIZES, async (log, records) => {
      const [batch] = (await log.batches()).filter(({ firstPosition }) => firstPosition === 19);
      await truncate(batch?.path ?? '', batch?.offset ?? 0);
      log.keyValues.kept.delete('index');
      const { lost } = await log.repair();
      expect(lost).toEqual([{ position: '19' }, { position: '20' }]);
      await expectWhole(log, records, lost);
    }));
});

describe('what cannot be repaired', () => {
  it('is a stream with a gap that nothing was lost in; nothing is changed', () =>
    withLog(SIZES, async (log) => {
      const [, , batch] = await log.batches();
      if (batch !== undefined) await log.reseal(batch, (bytes) => void bytes.writeUIntBE(9, (batch.frames[0]?.offset ?? 0) - batch.offset + 19, 6));
      const index = log.index.snapshot();
      await expect(log.repair()).rejects.toThrow('learner-default.ana goes from revision 2 to 9 between the positions 5 and 7 of its log, and no lost event explains that; restore a backup');
      expect(log.index.range({ from: Uint8Array.of(0), before: Uint8Array.of(255), limit: 99 })).toEqual(index.range({ from: Uint8Array.of(0), before: Uint8Array.of(255), limit: 99 }));
    }));

  it('is a log of a later version', () =>
    withLog(SIZES, async (log) => {
      const [path] = await log.segments();
      await log.change(path ?? '', (bytes) => {
        bytes.writeUInt32BE(FORMAT_VERSION + 1, 8);
        bytes.writeUInt32BE(crc32(bytes.subarray(0, 18)), 18);
      });
      await expect(log.repair()).rejects.toThrow(`a later version of this program wrote ${path} (format ${FORMAT_VERSION + 1}); repair it with that one`);
    }));
});

describe('a repair that breaks off', () => {
  const damage = async (log: InspectedLog): Promise<void> => {
    const batches = await log.batches();
    await log.flip(batches[1]?.path ?? '', (batches[1]?.frames[0]?.offset ?? 0) + 40);
    for (const n of [3, 5]) await rm(batches[n]?.path ?? '');
    await truncate(batches[6]?.path ?? '', (batches[6]?.offset ?? 0) + 40);
  };

  it('loses nothing more at any step, and can be done again', () =>
    withLog(SIZES, async (whole, records) => {
      await damage(whole);
      const counting = new CrashingDisk();
      await whole.copied((log) => log.repair({ disk: counting }));
      counting.forget();
      const lost = [4, ...Array.from({ length: 14 }, (_, n) => n + 7)];
      const isLost = ({ position }: Pick<Recorded, 'position'>): boolean => lost.includes(Number(position));
      for (let changes = 0; changes < counting.changes; changes++) {
        await whole.copied(async (log) => {
          const disk = new CrashingDisk(changes);
          await expect(log.repair({ disk })).rejects.toThrow('the machine has stopped');
          disk.losePower({ keepsNewestName: changes % 2 === 0 });
          disk.forget();
          const again = new CrashingDisk();
          // What the first time had replaced already is there as an erased event.
          expect((await log.repair({ disk: again })).lost.every(({ position }) => lost.includes(Number(position)))).toBe(true);
          const now = await log.records({ disk: again });
          again.forget();
          expect(now.filter((record) => !isLost(record))).toEqual(records.filter((record) => !isLost(record)));
          expect(now.filter(({ bytes }) => bytes.length === 0).map(({ position }) => Number(position))).toEqual(lost);
          expect((await log.verify()).problems).toEqual([]);
        });
      }
      expect(counting.changes).toBeGreaterThan(30);
    }));

  it('leaves the damaged files as they were', () =>
    withLog(SIZES, async (log) => {
      await damage(log);
      const before = await Promise.all((await log.segments()).map((path) => readFile(path)));
      await log.repair();
      const kept = await damagedFiles(log);
      // So much was lost behind the first that it needs a segment more.
      expect((await log.segments()).length).toBeGreaterThan(2);
      expect(kept).toEqual(['000000000000001.log.damaged', '000000000000019.log.damaged']);
      expect(await readFile(join(log.directory, 'log', kept[0] ?? ''))).toEqual(before[0]);
      expect((await readdir(join(log.directory, 'log'))).filter((name) => name.endsWith('.repaired') || name.endsWith('.new'))).toEqual([]);
    }));
});
