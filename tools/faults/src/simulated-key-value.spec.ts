import type { KeyValue } from '@trellis/embedded';
import { Randomness } from './randomness.js';
import { CALM, SimulatedDisk } from './simulated-disk.js';
import { SimulatedKeyValue } from './simulated-key-value.js';
import { SimulatedScheduler, type Owner } from './simulated-scheduler.js';

function bench(seed: number) {
  const random = new Randomness(seed);
  const scheduler = new SimulatedScheduler(random.split('order'));
  const disk = new SimulatedDisk(scheduler, random.split('disk'));
  const owner: Owner = { name: 'a process', alive: true };
  const stored = new SimulatedKeyValue({ name: 'rows', scheduler, disk, random });
  const done = async <Answer>(work: Promise<Answer>): Promise<Answer> => {
    while (await scheduler.step());
    return work;
  };
  const keyValue = stored.portOf(owner, { readOnly: false });
  const put = (...keys: number[]): Promise<void> => done(keyValue.commit((batch) => keys.forEach((key) => batch.put(Uint8Array.of(key), Uint8Array.of(key, key)))));
  return { disk, scheduler, owner, stored, keyValue, done, put };
}

const keysOf = (keyValue: KeyValue): string => keyValue.range({ from: Uint8Array.of(0), before: Uint8Array.of(255), limit: 100 }).map(({ key }) => key[0]).join();

it('gives entries in the order of their bytes, the last one before a key, and nothing where there is none', async () => {
  const { keyValue, put } = bench(1);
  await put(3, 1, 200, 2);
  expect(keysOf(keyValue)).toBe('1,2,3,200');
  expect(keyValue.lastIn(Uint8Array.of(1), Uint8Array.of(100))?.key[0]).toBe(3);
  expect(keyValue.lastIn(Uint8Array.of(4), Uint8Array.of(100))).toBeUndefined();
  expect(keyValue.get(Uint8Array.of(9))).toBeUndefined();
});

it('spoils what was peeked at with the next call, so that nobody keeps it', async () => {
  const { keyValue, put } = bench(1);
  await put(3);
  const peeked = keyValue.peek(Uint8Array.of(3));
  expect([...(peeked ?? [])]).toEqual([3, 3]);
  keyValue.get(Uint8Array.of(3));
  expect([...(peeked ?? [])]).toEqual([0xee, 0xee]);
});

it('shows a commit once it is done, to other processes too', async () => {
  const { keyValue, stored, done } = bench(1);
  const committing = keyValue.commit((batch) => batch.put(Uint8Array.of(7), Uint8Array.of(1)));
  expect(keysOf(keyValue)).toBe('');
  await done(committing);
  expect(keysOf(stored.portOf({ name: 'a reader', alive: true }, { readOnly: true }))).toBe('7');
});

it('goes back to an earlier commit at a loss of power, never to half of one or past a later one', async () => {
  const found = new Set<string>();
  for (let seed = 0; seed < 60; seed++) {
    const { keyValue, stored, put } = bench(seed);
    await put(1, 2);
    await put(3);
    await put(4, 5);
    stored.losePower();
    found.add(keysOf(keyValue));
  }
  expect(found).toEqual(new Set(['1,2,3,4,5', '1,2,3', '1,2', '']));
});

it('does a commit on its way wholly or not at all when its process dies', async () => {
  const found = new Set<string>();
  for (let seed = 0; seed < 30; seed++) {
    const { keyValue, scheduler, owner } = bench(seed);
    void keyValue.commit((batch) => [1, 2].forEach((key) => batch.put(Uint8Array.of(key), Uint8Array.of(0))));
    scheduler.kill(owner);
    found.add(keysOf(keyValue));
  }
  expect(found).toEqual(new Set(['', '1,2']));
});

it('refuses a commit on a full disk and goes on when there is room again', async () => {
  const { disk, keyValue, put } = bench(1);
  disk.weather = { ...CALM, full: true };
  await expect(put(1)).rejects.toThrow('ENOSPC');
  disk.weather = CALM;
  await put(2);
  expect(keysOf(keyValue)).toBe('2');
});
