import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openEmbedded } from './open-embedded.js';
import { removeFolder, temporaryFolder, withFolder } from './testing/temporary.js';
import { afterCrash, ana, ben, collect, eventOf, KeptKeyValues, writeLog, type WrittenLog } from './testing/written-log.js';

const SIZES = [1, 3, 2, 4, 2];
const LAST = SIZES.length - 1;

describe('opening a log after a crash', () => {
  let written: WrittenLog;
  let bytes: Buffer;
  const end = (batch: number): number => written.ends[batch] ?? 0;
  const firstOf = (batch: number): number => 1 + SIZES.slice(0, batch).reduce((sum, size) => sum + size, 0);
  const without = (batches: number) => written.records.slice(0, written.records.length - SIZES.slice(SIZES.length - batches).reduce((sum, size) => sum + size, 0));

  beforeAll(async () => {
    written = await writeLog(await temporaryFolder(), SIZES);
    bytes = await readFile(written.segment);
  });
  afterAll(() => removeFolder(written.directory));

  it('cuts a last batch whose bytes are partly zero', async () => {
    for (let from = end(LAST) + 8; from < bytes.length; from += 17) {
      const torn = Buffer.from(bytes);
      torn.fill(0, from);
      await afterCrash(written, { bytes: torn }, async (open) => {
        const opened = await open();
        expect(opened.report?.torn?.position).toBe(firstOf(LAST));
        expect(await collect(opened.store.readAll())).toEqual(without(1));
        await opened.close();
      });
    }
  });

  it('says of damage that a read meets where it is, once for each position', async () => {
    const flipped = Buffer.from(bytes);
    flipped[end(2) - 3] = (flipped[end(2) - 3] ?? 0) ^ 1;
    await afterCrash(written, { bytes: flipped, index: written.indexes[0] as never }, async (open) => {
      const heard: string[] = [];
      const { store, close } = await open({ recentBytes: 1, report: (event) => heard.push(event.kind === 'damage-found' ? event.error.position : event.kind) });
      for (let asked = 0; asked < 2; asked++) await expect(collect(store.readAll())).rejects.toThrow(`the log is damaged at position ${firstOf(1)}`);
      expect(heard).toEqual([String(firstOf(1))]);
      await close();
    });
  });

  it('refuses a newest segment without a whole header: none is ever made so', async () => {
    await afterCrash(written, { bytes, index: written.indexes[0] as never }, async (open, log) => {
      await writeFile(join(log, '000000000000013.log'), Buffer.from('TRLSL'));
      await expect(open()).rejects.toMatchObject({ name: 'DamageError', position: '13' });
    });
  });

  it('refuses a log whose first segment is missing', async () => {
    await afterCrash(written, { bytes, keepHead: true }, async (open, log) => {
      await removeFolder(join(log, '000000000000001.log'));
      await expect(open()).rejects.toThrow(/first segment of the log is missing/);
    });
  });
});

describe('the index', () => {
  it('is taken as it is after a clean close', () =>
    withFolder(async (directory) => {
      await writeLog(directory, [5]);
      // LMDB is new here, so it is rebuilt once.
      const first = await openEmbedded(directory);
      expect(first.report).toMatchObject({ position: 5, clean: true, scanned: 5, indexRebuilt: true });
      await first.close();
      const second = await openEmbedded(directory);
      expect(second.report).toEqual({ position: 5, clean: true, scanned: 0, indexRebuilt: false, torn: null });
      await second.close();
    }));

  it('is rebuilt when it is gone, and answers the same', () =>
    withFolder(async (directory) => {
      const { records } = await writeLog(directory, Array.from({ length: 30 }, (_, n) => 1 + (n % 5)));
      const opened = await openEmbedded(directory, { ports: { keyValue: new KeptKeyValues().open } });
      expect(opened.report).toMatchObject({ scanned: records.length, indexRebuilt: true });
      for (const stream of [ana, ben]) {
        expect(await collect(opened.store.read(stream))).toEqual(records.filter((record) => record.stream === stream));
      }
      for (const record of records) expect(await opened.store.find(record.stream, record.id)).toEqual(record);
      expect((await opened.store.appendObservations([{ stream: ana, event: eventOf(0) }])).outcomes).toEqual(['duplicate']);
      await opened.close();
    }));

  it('catches up from where it was', () =>
    withFolder(async (directory) => {
      const keyValues = new KeptKeyValues();
      const options = { ports: { keyValue: keyValues.open } };
      const first = await openEmbedded(directory, options);
      await first.store.append(ana, [eventOf(1), eventOf(2)], -1);
      await first.close();
      const behind = keyValues.kept.get('index')?.snapshot();
      const second = await openEmbedded(directory, options);
      await second.store.append(ana, [eventOf(3)], 1);
      await second.close();
      if (behind !== undefined) keyValues.kept.set('index', behind);
      const third = await openEmbedded(directory, options);
      expect(third.report).toMatchObject({ position: 3, scanned: 1 });
      expect((await collect(third.store.read(ana))).map(({ revision }) => revision)).toEqual([0, 1, 2]);
      await third.close();
    }));

  it('is tried again when it could not be written, and nothing is lost meanwhile', () =>
    withFolder(async (directory) => {
      const keyValues = new KeptKeyValues();
      const heard: string[] = [];
      const opened = await openEmbedded(directory, { ports: { keyValue: keyValues.open }, report: ({ kind }) => heard.push(kind) });
      const index = keyValues.kept.get('index');
      if (index !== undefined) index.fault = new Error('no space');
      const many = (from: number) => Array.from({ length: 5_000 }, (_, n) => ({ stream: ana, event: eventOf(from + n) }));
      for (let n = 0; n < 4; n++) await opened.store.appendObservations(many(n * 5_000));
      expect(heard).toContain('index-failed');
      if (index !== undefined) index.fault = null;
      await opened.store.append(ben, [eventOf(20_000)], -1);
      expect(await collect(opened.store.read(ana))).toHaveLength(20_000);
      await opened.close();
      const again = await openEmbedded(directory, { ports: { keyValue: keyValues.open } });
      expect(again.report).toMatchObject({ position: 20_001, scanned: 0 });
      await again.close();
    }));
});
