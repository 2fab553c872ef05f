import type { EventStore } from '@trellis/event-sourcing';

import { openEmbedded } from './open-embedded.js';
import { FaultyDisk } from './testing/faulty-disk.js';
import { withFolder } from './testing/temporary.js';
import { ana, ben, collect, eventOf, KeptKeyValues } from './testing/written-log.js';

const withStore = (use: (store: EventStore, disk: FaultyDisk, directory: string) => Promise<void>) => () =>
  withFolder(async (directory) => {
    const watched = new FaultyDisk();
    const opened = await openEmbedded(directory, { ports: { disk: watched.disk, keyValue: new KeptKeyValues().open } });
    try {
      // The first append makes the segment, which has writes and syncs of its own.
      await opened.store.append(ben, [eventOf(1_000_000)], -1);
      watched.writes = 0;
      watched.syncs = 0;
      await use(opened.store, watched, directory);
    } finally {
      await opened.close();
    }
  });

it('joins appends that are sent together into one write and one fdatasync', withStore(async (store, disk) => {
  await Promise.all(Array.from({ length: 50 }, (_, n) => store.append(ana, [eventOf(n)], 'any')));
  expect({ writes: disk.writes, syncs: disk.syncs }).toEqual({ writes: 1, syncs: 1 });
}));

it('joins what arrives while the disk is busy into the next', withStore(async (store, disk) => {
  let release = (): void => undefined;
  disk.hold = new Promise((resolve) => (release = resolve));
  const first = store.append(ana, [eventOf(0)], 'any');
  while (disk.syncs === 0) await new Promise(setImmediate);
  const later = Array.from({ length: 20 }, (_, n) => store.append(ana, [eventOf(1 + n)], 'any'));
  release();
  await Promise.all([first, ...later]);
  expect({ writes: disk.writes, syncs: disk.syncs }).toEqual({ writes: 2, syncs: 2 });
}));

it('writes nothing for repeats and conflicts, but answers them only once what they rest on is durable', withStore(async (store, disk) => {
  let release = (): void => undefined;
  disk.hold = new Promise((resolve) => (release = resolve));
  const order: string[] = [];
  const note = (name: string) => () => void order.push(name);
  const answers = [
    store.append(ana, [eventOf(1)], -1).then(note('append')),
    store.append(ana, [eventOf(1)], -1).then(note('repeat')),
    store.append(ana, [eventOf(2)], -1).then(note('conflict')),
    store.appendObservations([{ stream: ana, event: eventOf(1) }]).then(note('duplicate')),
  ];
  while (disk.syncs === 0) await new Promise(setImmediate);
  expect(order).toEqual([]);
  expect(await collect(store.read(ana))).toEqual([]);
  expect(await store.find(ana, eventOf(1).id)).toBeNull();
  expect(await store.lag(null)).toBe(1);
  release();
  await Promise.all(answers);
  expect(order).toEqual(['append', 'repeat', 'conflict', 'duplicate']);
  await store.append(ana, [eventOf(1)], -1);
  expect(disk.writes).toBe(1);
}));

it('refuses appends after a failed sync, goes on reading, and acknowledges nothing that was on its way', withStore(async (store, disk) => {
  await store.append(ana, [eventOf(1)], -1);
  disk.syncFault = new Error('EIO');
  const [one, two] = await Promise.allSettled([store.append(ana, [eventOf(2)], 0), store.appendObservations([{ stream: ben, event: eventOf(3) }])]);
  for (const result of [one, two]) expect(result).toMatchObject({ status: 'rejected', reason: { name: 'AppendsRefusedError', retriable: true, cause: disk.syncFault } });
  await expect(store.append(ana, [eventOf(4)], 'any')).rejects.toThrow('appends are refused: the log cannot be written (EIO); it is tried again');
  expect((await collect(store.readAll())).map(({ id }) => id)).toEqual([eventOf(1_000_000).id, eventOf(1).id]);
  expect(await store.find(ana, eventOf(2).id)).toBeNull();
}));

it('answers what was sent before the close, and refuses what comes after', withStore(async (store) => {
  const sent = Array.from({ length: 10 }, (_, n) => store.append(ana, [eventOf(n)], 'any'));
  const closing = store.close();
  await expect(store.append(ana, [eventOf(99)], 'any')).rejects.toThrow(/closed/);
  expect(await Promise.all(sent)).toHaveLength(10);
  await closing;
}));

it('splits a batch that is longer than a part, and takes each id once over all of it', withStore(async (store) => {
  const batch = Array.from({ length: 12_000 }, (_, n) => ({ stream: ana, event: eventOf(n % 11_000) }));
  const { outcomes, position } = await store.appendObservations(batch);
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(11_000);
  expect(outcomes.slice(11_000)).toEqual(Array(1_000).fill('duplicate'));
  expect(await store.lag(position)).toBe(0);
}));
