// Index and rows are derived: whatever happens to them, the log makes them again, and nothing wrong is given out meanwhile.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Position } from '@trellis/event-sourcing';
import { BLOCKS_END, blocksFrom, compareId, ENTRY_BYTES } from './id-entries.js';
import { openEmbedded } from './open-embedded.js';
import { checkpointKey, rowKey } from './row-entries.js';
import { withFolder } from './testing/temporary.js';
import { ana, ben, collect, eventOf, KeptKeyValues, writeLog } from './testing/written-log.js';
import { uuidWords } from './bytes.js';

const SIZES = [3, 4, 5, 6];
const COUNT = SIZES.reduce((sum, size) => sum + size, 0);

describe('an index that leads astray', () => {
  const cases: readonly (readonly [string, (entry: Uint8Array) => void])[] = [
    ['to another event', (entry) => entry.set([0, 0, 0, 0, 0, 1], 22)],
    ['to the middle of an event', (entry) => (entry[31] = (entry[31] ?? 0) ^ 1)],
    ['behind the end of the log', (entry) => (entry[28] = 0x70)],
  ];
  it.each(cases)('%s is noticed, said, and built anew at the next opening', (_, spoil) =>
    withFolder(async (directory) => {
      const keyValues = new KeptKeyValues();
      await writeLog(directory, SIZES);
      const options = { recentBytes: 1, ports: { keyValue: keyValues.open } };
      await (await openEmbedded(directory, options)).close();
      const index = keyValues.kept.get('index');
      const words = new Uint32Array(4);
      uuidWords(eventOf(8).id, words, 0);
      const [block] = index?.range({ from: blocksFrom(0), before: BLOCKS_END, limit: 1 }) ?? [];
      if (index === undefined || block === undefined) throw new Error('the index has no ids');
      for (let at = 0; at < block.value.length; at += ENTRY_BYTES) if (compareId(block.value, at, words, 0) === 0) spoil(block.value.subarray(at, at + ENTRY_BYTES));
      await index.commit((batch) => batch.put(block.key, block.value));

      const heard: string[] = [];
      const opened = await openEmbedded(directory, { ...options, report: ({ kind }) => heard.push(kind) });
      await expect(opened.store.find(ana, eventOf(8).id)).rejects.toThrow(/^the index is damaged: .* open the store again/);
      expect(heard).toEqual(['index-damaged']);
      expect(await collect(opened.store.readAll())).toHaveLength(COUNT);
      await opened.close();

      const again = await openEmbedded(directory, options);
      expect(again.report).toMatchObject({ position: COUNT, scanned: COUNT, indexRebuilt: true });
      expect(await again.store.find(ana, eventOf(8).id)).toMatchObject({ id: eventOf(8).id, stream: ana });
      await again.close();
    }));
});

const spoilt: readonly (readonly [string, string, (bytes: Buffer) => Buffer])[] = ['index', 'rows'].flatMap((name) => [
  [name, 'of zeros', (bytes) => bytes.fill(0)] as const,
  [name, 'with a second page of zeros', (bytes) => bytes.fill(0, 4_096, 8_192)] as const,
  [name, 'cut short by a page', (bytes) => bytes.subarray(0, bytes.length - 4_096)] as const,
  [name, 'of a few bytes', () => Buffer.from('hello')] as const,
]);

it.each(spoilt)('puts aside %s %s, and makes them anew', (name, _, spoil) =>
  withFolder(async (directory) => {
    const written = await writeLog(directory, SIZES);
    await (await openEmbedded(directory)).close();
    const file = join(directory, name, 'data.mdb');
    await writeFile(file, spoil(await readFile(file)));
    const opened = await openEmbedded(directory);
    expect(await collect(opened.store.read(ben))).toEqual(written.records.filter(({ stream }) => stream === ben));
    await opened.views.write({ name: 'learner' }, [{ key: 'a', row: { revision: 0, version: '1', bytes: new Uint8Array(1) } }]);
    expect(await opened.views.read({ name: 'learner' }, ['a'])).toHaveLength(1);
    await opened.close();
    expect((await readdir(directory)).sort()).toEqual(['holder.pid', 'index', 'lock.sqlite', 'log', `${name}.unreadable`, 'rows'].sort());
  }));

it('gives a row whose bytes have changed to nobody, and lets it be written again', () =>
  withFolder(async (directory) => {
    const keyValues = new KeptKeyValues();
    const { views, close } = await openEmbedded(directory, { ports: { keyValue: keyValues.open } });
    const view = { name: 'learner' };
    const row = { revision: 5, version: '1', bytes: Uint8Array.of(1, 2, 3) };
    await views.write(view, [{ key: 'a', row }, { key: 'b', row }]);
    const rows = keyValues.kept.get('rows');
    const key = rowKey({ name: 'learner', generation: 0 }, 'a');
    const value = rows?.get(key);
    if (rows === undefined || value === undefined) throw new Error('the row was not written');
    value[value.length - 1] = 9;
    await rows.commit((batch) => batch.put(key, value));
    expect(await views.read(view, ['a', 'b'])).toEqual([null, row]);
    const scanned = [];
    for await (const page of views.scan(view)) scanned.push(...page.map((each) => each.key));
    expect(scanned).toEqual(['b']);
    await views.write(view, [{ key: 'a', row: { ...row, revision: 2 } }]);
    expect(await views.read(view, ['a'])).toEqual([{ ...row, revision: 2 }]);
    await close();
  }));

it('forgets rows whose checkpoint lies behind the end of the log', () =>
  withFolder(async (directory) => {
    const keyValues = new KeptKeyValues();
    await writeLog(directory, [3]);
    const options = { ports: { keyValue: keyValues.open } };
    const first = await openEmbedded(directory, options);
    const row = { revision: 0, version: '1', bytes: Uint8Array.of(1) };
    const at = (position: number): Position => String(position) as Position; // a position of this log
    await first.views.write({ name: 'learner' }, [{ key: 'a', row }], at(3));
    await first.views.write({ name: 'course' }, [{ key: 'a', row }], at(4));
    await first.close();
    const second = await openEmbedded(directory, options);
    expect(await second.views.read({ name: 'learner' }, ['a'])).toEqual([row]);
    expect([await second.views.checkpoint({ name: 'learner' }), await second.views.checkpoint({ name: 'course' })]).toEqual(['3', null]);
    expect(await second.views.read({ name: 'course' }, ['a'])).toEqual([null]);
    expect(keyValues.kept.get('rows')?.get(checkpointKey({ name: 'course', generation: 0 }))).toBeUndefined();
    await second.close();
  }));
