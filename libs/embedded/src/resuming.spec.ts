// After a failed write: appends go on by themselves once the disk takes them again, in a segment of their own.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { EventStore } from '@trellis/event-sourcing';
import { openEmbedded, type EmbeddedOptions } from './open-embedded.js';
import type { StoreEvent } from './report.js';
import { FaultyDisk } from './testing/faulty-disk.js';
import { withFolder } from './testing/temporary.js';
import { ana, ben, collect, eventOf, KeptKeyValues } from './testing/written-log.js';

interface Setting {
  readonly directory: string;
  readonly disk: FaultyDisk;
  readonly keyValues: KeptKeyValues;
  readonly heard: string[];
  readonly options: EmbeddedOptions;
}

/** Tries again after milliseconds at most, so that no test waits for the real delays. */
const quick: NonNullable<EmbeddedOptions['ports']>['scheduler'] = {
  soon: (run) => void setImmediate(run),
  later: (delayMs, run) => {
    const timer = setTimeout(run, Math.min(delayMs, 5));
    return () => clearTimeout(timer);
  },
};

const withSetting = (use: (setting: Setting) => Promise<void>) => () =>
  withFolder(async (directory) => {
    const disk = new FaultyDisk();
    const keyValues = new KeptKeyValues();
    const heard: string[] = [];
    const report = ({ kind }: StoreEvent): void => void heard.push(kind);
    await use({ directory, disk, keyValues, heard, options: { report, ports: { disk: disk.disk, keyValue: keyValues.open, scheduler: quick } } });
  });

async function heardOf(heard: readonly string[], kind: string): Promise<void> {
  for (const end = performance.now() + 10_000; !heard.includes(kind); ) {
    if (performance.now() > end) throw new Error(`did not hear of ${kind}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const ids = async (store: EventStore): Promise<string[]> => (await collect(store.readAll())).map(({ id }) => id);
const segments = async (directory: string): Promise<string[]> => (await readdir(join(directory, 'log'))).filter((name) => name.endsWith('.log')).sort();

it.each(['writeFault', 'syncFault'] as const)('takes appends again after a %s, with gapless positions, in a new segment, also when opened again', (fault) => withSetting(async ({ directory, disk, heard, options }) => {
  const { store, close } = await openEmbedded(directory, options);
  await store.append(ana, [eventOf(1)], -1);
  disk[fault] = new Error('ENOSPC: no space left on device, write');
  await expect(store.append(ana, [eventOf(2)], 0)).rejects.toThrow('ENOSPC');
  await expect(store.append(ben, [eventOf(3)], -1)).rejects.toThrow('appends are refused');
  disk[fault] = null;
  await heardOf(heard, 'appends-resumed');
  expect(await store.append(ana, [eventOf(4)], 0)).toMatchObject({ revision: 1, position: '2', repeated: false });
  expect(await store.append(ana, [eventOf(2)], 1)).toMatchObject({ revision: 2, position: '3', repeated: false });
  const expected = [1, 4, 2].map((n) => eventOf(n).id);
  expect(await ids(store)).toEqual(expected);
  expect(heard).toEqual(['appends-refused', 'appends-resumed']);
  expect(await segments(directory)).toEqual(['000000000000001.log', '000000000000002.log']);
  await close();
  const again = await openEmbedded(directory, options);
  expect(again.report).toMatchObject({ position: 3, torn: null });
  expect(await ids(again.store)).toEqual(expected);
  await again.close();
})());

it('makes the first segment anew when nothing in it was ever durable', withSetting(async ({ directory, disk, heard, options }) => {
  const { store, close } = await openEmbedded(directory, options);
  disk.writeFault = new Error('EROFS');
  await expect(store.append(ana, [eventOf(1)], -1)).rejects.toThrow('EROFS');
  expect(await store.head()).toBeNull();
  disk.writeFault = null;
  await heardOf(heard, 'appends-resumed');
  expect(await store.append(ana, [eventOf(1)], -1)).toMatchObject({ revision: 0, position: '1' });
  await close();
  expect(await segments(directory)).toEqual(['000000000000001.log']);
}));

it('closes while appends are refused, and loses nothing that was acknowledged', withSetting(async ({ directory, disk, keyValues, heard, options }) => {
  const { store, close } = await openEmbedded(directory, options);
  await store.append(ana, [eventOf(1), eventOf(2)], -1);
  disk.syncFault = new Error('EIO');
  await expect(store.append(ana, [eventOf(3)], 1)).rejects.toThrow('EIO');
  const index = keyValues.kept.get('index');
  if (index !== undefined) index.fault = new Error('EIO');
  await close();
  expect(heard).toContain('appends-refused');
  disk.syncFault = null;
  if (index !== undefined) index.fault = null;
  const again = await openEmbedded(directory, options);
  // What was on its way may have reached the disk; then it stays.
  expect((await ids(again.store)).slice(0, 2)).toEqual([eventOf(1).id, eventOf(2).id]);
  await again.close();
}));

it('gives followers what was durable while appends are refused, and goes on with what comes later', withSetting(async ({ directory, disk, heard, options }) => {
  const { store, close } = await openEmbedded(directory, { ...options, recentBytes: 1 });
  await store.append(ana, [eventOf(1)], -1);
  const stop = new AbortController();
  const seen: string[] = [];
  const following = (async () => {
    for await (const { records } of store.follow({ after: null, signal: stop.signal })) {
      seen.push(...records.map(({ id }) => id));
      if (seen.length === 3) stop.abort();
    }
  })();
  disk.syncFault = new Error('EIO');
  await expect(store.append(ana, [eventOf(2)], 0)).rejects.toThrow('EIO');
  disk.syncFault = null;
  await heardOf(heard, 'appends-resumed');
  await store.append(ana, [eventOf(3)], 0);
  await store.append(ana, [eventOf(4)], 1);
  await following;
  expect(seen).toEqual([1, 3, 4].map((n) => eventOf(n).id));
  await close();
}));

it('refuses appends once too much waits for an index that cannot be written, and takes them again when it can', withSetting(async ({ directory, keyValues, heard, options }) => {
  const { store, close } = await openEmbedded(directory, options);
  const index = keyValues.kept.get('index');
  if (index === undefined) throw new Error('the index was not opened');
  index.fault = new Error('ENOSPC');
  let sent = 0;
  const send = () => store.appendObservations(Array.from({ length: 5_000 }, () => ({ stream: ana, event: eventOf(sent++) })));
  let refused: unknown = null;
  while (refused === null && sent < 200_000) refused = await send().then(() => null, (error: unknown) => error);
  expect(refused).toMatchObject({ name: 'AppendsRefusedError', retriable: true, message: 'appends are refused: the index cannot be written (ENOSPC); it is tried again' });
  expect(heard).toEqual(['index-failed', 'appends-refused']);
  index.fault = null;
  await heardOf(heard, 'appends-resumed');
  const before = await store.lag(null);
  expect((await send()).outcomes).toContain('accepted');
  expect(await store.lag(null)).toBe(before + 5_000);
  await close();
}));
