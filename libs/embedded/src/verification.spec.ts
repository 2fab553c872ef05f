// Every kind of problem planted in a real log, and found where it is.
import { appendFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { blocksFrom, BLOCKS_END, ENTRY_BYTES } from './id-entries.js';
import { DAMAGED_KEY, headKey, MARK_KEY, nameKey, runKey, sparseKey, sparseValue } from './index-entries.js';
import { openInspection } from './inspection.js';
import { openEmbedded } from './open-embedded.js';
import { Problems, PROBLEMS_LISTED_MAX } from './problems.js';
import { checkpointKey, positionBytes } from './row-entries.js';
import { withFolder } from './testing/temporary.js';
import { type Batch, InspectedLog, withLog } from './testing/inspected.js';
import { ana } from './testing/written-log.js';

/** Five segments: positions 1 to 6, 7 to 12, 13 to 18, 19 to 24, 25 to 28. */
const SIZES = [3, 3, 3, 3, 3, 3, 3, 3, 3, 1];

const found = async (log: InspectedLog): Promise<readonly (readonly [string, string | null])[]> => (await log.verify()).problems.map(({ kind, position }) => [kind, position]);

describe('a log that is whole', () => {
  it('has no problems, and says what was looked at', () =>
    withLog(SIZES, async (log) => {
      const { problems, ...verified } = await log.verify();
      expect(problems).toEqual([]);
      expect(verified).toMatchObject({ problemsTotal: 0, events: 28, erased: 0, lost: 0, streams: 2, segments: 5, batches: 10, position: 28, unfinishedBytes: 0, idsNotCompared: 0 });
      // 28 ids, 2 names, 2 heads, 2 runs, 5 sparse marks.
      expect(verified.indexEntries).toBe(39);
    }));

  it('is left as it was', () =>
    withLog(SIZES, async (log) => {
      const before = await Promise.all((await log.segments()).map((path) => readFile(path)));
      await log.verify();
      expect(await Promise.all((await log.segments()).map((path) => readFile(path)))).toEqual(before);
    }));

  it('is one without an index too, which is built later', () =>
    withLog(SIZES, async (log) => {
      log.keyValues.kept.delete('index');
      expect(await log.verify()).toMatchObject({ problems: [], events: 28, indexEntries: 0 });
    }));

  it('is one with an unfinished end that was never acknowledged', () =>
    withLog(SIZES, async (log) => {
      await appendFile((await log.segments()).at(-1) ?? '', Buffer.alloc(50, 1));
      expect(await log.verify()).toMatchObject({ problems: [], unfinishedBytes: 50 });
    }));

  it('can be looked at beside the process that writes it, up to its head', () =>
    withFolder(async (directory) => {
      const writer = await openEmbedded(directory);
      const log = new InspectedLog(directory);
      await log.grow(writer, SIZES);
      const inspection = await openInspection(directory);
      expect(inspection.isBesideWriter).toBe(true);
      const growing = log.grow(writer, Array.from({ length: 20 }, () => 5), 28);
      expect(await inspection.verify()).toMatchObject({ problems: [] });
      await growing;
      await expect(inspection.repair({ dryRun: false })).rejects.toThrow(`${directory} is held by another process`);
      await inspection.close();
      await writer.close();
    }));

  it('refuses a folder without a log', () =>
    withFolder((directory) => expect(openInspection(directory)).rejects.toThrow(`the data folder ${directory} cannot be used: it holds no log`)));
});

/** Where fields lie in a frame, as frame.ts says. */
const REVISION_AT = 19;
const RECORDED_AT = 25;
const ID_AT = 31;

describe('in the log', () => {
  /** What is done to the batches, and what is found. */
  type Case = readonly [string, (log: InspectedLog, batches: readonly Batch[]) => Promise<void>, readonly (readonly [string, string | null])[]];
  const at = (batches: readonly Batch[], n: number): Batch => {
    const batch = batches[n];
    if (batch === undefined) throw new Error(`there is no batch ${n}`);
    return batch;
  };
  const CASES: readonly Case[] = [
    ['a damaged header of a segment', (log, batches) => log.flip(at(batches, 2).path, 3), [['segment', '7']]],
    ['a segment that is called by another name', (log, batches) => log.change(at(batches, 2).path, (bytes) => void bytes.writeUInt8(9, 17)), [['segment', '7']]],
    ['a damaged header of a batch', (log, batches) => log.flip(at(batches, 3).path, at(batches, 3).offset + 24), [['batch', '10']]],
    ['a batch that does not know its length any more', (log, batches) => log.flip(at(batches, 3).path, at(batches, 3).offset + 9), [['batch', '10']]],
    ['a damaged event', (log, batches) => log.flip(at(batches, 3).path, (at(batches, 3).frames[1]?.offset ?? 0) + 90), [['frame', '11']]],
    [
      'two damaged events of one batch',
      async (log, batches) => {
        for (const n of [0, 2]) await log.flip(at(batches, 3).path, (at(batches, 3).frames[n]?.offset ?? 0) + 60);
      },
      [['frame', '10'], ['frame', '12']],
    ],
    [
      'damage in several segments',
      async (log, batches) => {
        for (const n of [1, 2, 5, 9]) await log.flip(at(batches, n).path, (at(batches, n).frames[0]?.offset ?? 0) + 60);
      },
      [['frame', '4'], ['frame', '7'], ['frame', '16'], ['frame', '28']],
    ],
    ['an event that is damaged inside of a batch that is not', (log, batches) => log.reseal(at(batches, 3), () => undefined).then(() => log.change(at(batches, 3).path, (bytes) => {
      const { offset, length } = at(batches, 3);
      const frame = (at(batches, 3).frames[1]?.offset ?? 0) + 90;
      bytes[frame] = (bytes[frame] ?? 0) ^ 1;
      const batch = bytes.subarray(offset, offset + length);
      batch.writeUInt32BE(crc32(batch.subarray(4)));
    })), [['frame', '11']]],
    ['a segment that is missing at the beginning', (_log, batches) => rm(at(batches, 0).path), [['position', '1']]],
    ['a segment that is missing in the middle', (_log, batches) => rm(at(batches, 4).path), [['position', '13']]],
    ['a segment that is missing at the end', (_log, batches) => rm(at(batches, 9).path), [['position', '25']]],
    ['a segment that was cut between batches', (_log, batches) => truncate(at(batches, 5).path, at(batches, 5).offset), [['position', '16']]],
    ['a segment that was cut inside of an event', (_log, batches) => truncate(at(batches, 5).path, at(batches, 5).offset + 200), [['frame', '17']]],
    ['a log that was cut', (_log, batches) => truncate(at(batches, 9).path, at(batches, 9).offset), [['position', '28']]],
    ['revisions that a stream lacks', (log, batches) => log.reseal(at(batches, 2), (bytes) => void bytes.writeUIntBE(9, (at(batches, 2).frames[0]?.offset ?? 0) - at(batches, 2).offset + REVISION_AT, 6)), [['revision', '7'], ['revision', '9'], ['index', '7']]],
    ['a revision that comes twice', (log, batches) => log.reseal(at(batches, 9), (bytes) => void bytes.writeUIntBE(2, (at(batches, 9).frames[0]?.offset ?? 0) - at(batches, 9).offset + REVISION_AT, 6)), [['revision', '28'], ['index', '28']]],
    ['a time that goes back', (log, batches) => log.reseal(at(batches, 3), (bytes) => void bytes.writeUIntBE(5, (at(batches, 3).frames[1]?.offset ?? 0) - at(batches, 3).offset + RECORDED_AT, 6)), [['time', '11']]],
    ['a batch that was recorded before the one in front of it', (log, batches) => log.reseal(at(batches, 3), () => ({ recordedAt: 1_000 })), [['time', '10']]],
    ['a batch that says of itself that it was durable', (log, batches) => log.reseal(at(batches, 3), () => ({ durableBefore: 10 })), [['mark', '10']]],
    ['an id that comes twice', (log, batches) => log.reseal(at(batches, 3), (bytes) => bytes.copy(bytes, (at(batches, 3).frames[2]?.offset ?? 0) - at(batches, 3).offset + ID_AT, (at(batches, 3).frames[0]?.offset ?? 0) - at(batches, 3).offset + ID_AT, (at(batches, 3).frames[0]?.offset ?? 0) - at(batches, 3).offset + ID_AT + 16) as unknown as void), [['index', '12'], ['id', '12']]],
    ['a damaged mark of the last stop', (log) => log.flip(join(log.directory, 'log', 'clean'), 7), [['mark', null]]],
  ];

  it.each(CASES)('finds %s', (_name, damage, problems) =>
    withLog(SIZES, async (log) => {
      await damage(log, await log.batches());
      expect(await found(log)).toEqual(problems);
    }),
  );
});

describe('in the index', () => {
  const put = (log: InspectedLog, key: Uint8Array, value: Uint8Array): Promise<void> => log.index.commit((batch) => batch.put(key, value));
  const remove = (log: InspectedLog, key: Uint8Array): Promise<void> => log.index.commit((batch) => batch.remove(key));
  const valueOf = (log: InspectedLog, key: Uint8Array): Uint8Array => {
    const value = log.index.get(key);
    if (value === undefined) throw new Error('the index has no such entry');
    return value;
  };
  /** A value with one byte changed. */
  const changed = (log: InspectedLog, key: Uint8Array, at: number): Promise<void> => {
    const value = valueOf(log, key);
    value[at] = (value[at] ?? 0) ^ 2;
    return put(log, key, value);
  };
  /** The one block of ids, in the order of positions. */
  const block = (log: InspectedLog): { readonly key: Uint8Array; readonly value: Uint8Array } => {
    const [entry] = log.index.range({ from: blocksFrom(0), before: BLOCKS_END, limit: 1 });
    if (entry === undefined) throw new Error('the index has no ids');
    return entry;
  };
  const inBlock = async (log: InspectedLog, position: number, change: (entry: Buffer) => void): Promise<void> => {
    const { key, value } = block(log);
    change(Buffer.from(value.buffer, value.byteOffset + (position - 1) * ENTRY_BYTES, ENTRY_BYTES));
    await put(log, key, value);
  };
  const ordinal = 0;
  const CASES: readonly (readonly [string, (log: InspectedLog) => Promise<void>, readonly (readonly [string, string | null])[]])[] = [
    ['an id that leads to another place', (log) => inBlock(log, 5, (entry) => void entry.writeUInt32BE(9, 28)), [['index', '5']]],
    ['an id that leads to another position', (log) => inBlock(log, 5, (entry) => void entry.writeUIntBE(6, 22, 6)), [['index', '6'], ['index', '5']]],
    ['an id with another digest', (log) => inBlock(log, 5, (entry) => void entry.writeUInt32BE(9, 42)), [['index', '5']]],
    ['an id that is not in the log', (log) => inBlock(log, 28, (entry) => void entry.writeUInt32BE(900, 12)), [['index', null], ['index', '28']]],
    ['an id of an event that the log does not have', (log) => inBlock(log, 28, (entry) => void entry.writeUIntBE(29, 22, 6)), [['index', '29'], ['index', '28']]],
    ['ids that are missing', (log) => put(log, block(log).key, block(log).value.subarray(0, 26 * ENTRY_BYTES)), [['index', null], ['index', '27'], ['index', '28']]],
    ['a block of ids that is missing', (log) => remove(log, block(log).key), [['index', null], ...Array.from({ length: 28 }, (_, n) => ['index', String(n + 1)] as const)]],
    ['a name that is missing', (log) => remove(log, nameKey(ana)), [['index', '27'], ['index', null]]],
    ['a name that no stream has', (log) => put(log, nameKey('learner-default.nobody'), valueOf(log, nameKey(ana))), [['index', null]]],
    ['a head that is missing', (log) => remove(log, headKey(ordinal)), [['index', '27']]],
    ['a head with another revision', (log) => changed(log, headKey(ordinal), 5), [['index', '27']]],
    ['a run that is missing', (log) => remove(log, runKey(ordinal, 0)), [['index', '27']]],
    ['a run that leads to another place', (log) => changed(log, runKey(ordinal, 0), 9), [['index', '1']]],
    ['a run that leads to the event of another stream', (log) => {
      const places = valueOf(log, runKey(ordinal, 0));
      places.set(valueOf(log, runKey(ordinal + 1, 0)).subarray(20, 30), 20);
      return put(log, runKey(ordinal, 0), places);
    }, [['index', '6']]],
    ['a run of no stream', (log) => put(log, runKey(7, 0), valueOf(log, runKey(ordinal, 0))), [['index', null]]],
    ['a sparse mark that is missing', (log) => remove(log, sparseKey(7)), [['index', '7']]],
    ['a sparse mark that leads elsewhere', (log) => changed(log, sparseKey(7), 11), [['index', '7']]],
    ['a sparse mark too many', (log) => put(log, sparseKey(10), sparseValue({ base: 7, offset: 400 })), [['index', '10']]],
    ['a mark that leads elsewhere', (log) => changed(log, MARK_KEY, 21), [['index', '28']]],
    ['a mark that says that more is indexed than is', (log) => changed(log, MARK_KEY, 6), [['index', null]]],
    ['entries without a mark', (log) => remove(log, MARK_KEY), [['index', null]]],
    ['that a reader was led astray', (log) => put(log, DAMAGED_KEY, Uint8Array.of(1)), [['index', null]]],
  ];

  it.each(CASES)('finds %s', (_name, plant, problems) =>
    withLog(SIZES, async (log) => {
      await plant(log);
      expect(await found(log)).toEqual(problems);
    }),
  );

  it('finds an id that comes twice though the index does not have it', () =>
    withLog(SIZES, async (log) => {
      const [batch] = (await log.batches()).filter(({ firstPosition }) => firstPosition === 10);
      const at = (n: number): number => (batch?.frames[n]?.offset ?? 0) - (batch?.offset ?? 0) + ID_AT;
      if (batch !== undefined) await log.reseal(batch, (bytes) => void bytes.copy(bytes, at(2), at(0), at(0) + 16));
      log.keyValues.kept.delete('index');
      const { problems } = await log.verify();
      expect(problems).toEqual([{ kind: 'id', position: '12', detail: 'the id 00000000-0000-5000-8000-000000000009 is that of the event at position 10 too' }]);
    }));

  it('is looked through window by window where it is large', () =>
    withLog(SIZES, async (log) => {
      await inBlock(log, 5, (entry) => void entry.writeUInt32BE(9, 28));
      await inBlock(log, 28, (entry) => void entry.writeUInt32BE(9, 28));
      const { problems, indexEntries } = await log.verify({ windowPositions: 10 });
      expect({ found: problems.map(({ position }) => position), indexEntries }).toEqual({ found: ['5', '28'], indexEntries: 39 });
    }));
});

it('counts what it does not list', () => {
  const problems = new Problems();
  for (let n = 1; n <= PROBLEMS_LISTED_MAX + 5; n++) problems.add('time', n, '');
  const others = new Problems();
  others.addAll(problems);
  others.addAll(problems);
  expect([others.listed.length, others.total]).toEqual([PROBLEMS_LISTED_MAX, 2 * PROBLEMS_LISTED_MAX + 10]);
});

describe('in what is opened beside the log', () => {
  it('finds rows that say that they are ahead of it', () =>
    withLog(SIZES, async (log) => {
      await log.rows.commit((batch) => batch.put(checkpointKey({ name: 'learner', generation: 0 }), positionBytes('29')));
      const { problems, checkpoints } = await log.verify();
      expect({ problems, checkpoints }).toEqual({
        problems: [{ kind: 'rows', position: null, detail: 'the rows of learner (build 0) say that they have everything up to position 29; the log ends at 28' }],
        checkpoints: 1,
      });
    }));

  it('finds an index and rows that cannot be opened', () =>
    withFolder(async (directory) => {
      const written = await openEmbedded(directory);
      const log = new InspectedLog(directory);
      await log.grow(written, SIZES);
      await written.close();
      for (const name of ['index', 'rows']) await writeFile(join(directory, name, 'data.mdb'), Buffer.alloc(8_192, 7));
      const inspection = await openInspection(directory);
      const { problems, events } = await inspection.verify();
      await inspection.close();
      expect(problems).toEqual(['index', 'rows'].map((kind) => ({ kind, position: null, detail: 'it cannot be opened: data.mdb is damaged: it is no file of LMDB' })));
      expect(events).toBe(28);
    }));
});
