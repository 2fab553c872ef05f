// Rows on a real server: many, large, by several writers, and while the live generation is switched.
import type { KeyedRow, Position, ViewStore } from '@trellis/event-sourcing';
import { startRedis, type RunningServer } from '@trellis/servers';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { openRedis, type OpenedRedis } from './open-redis.js';

const live = { name: 'learners' };
const at = (text: string): Position => text as Position; // views never look into positions
const keysOf = (count: number): readonly string[] => Array.from({ length: count }, (_, n) => `default.k${String(n).padStart(6, '0')}`);
const rowOf = (key: string, revision: number, bytes: Uint8Array = Buffer.from(`${key}@${revision}`)): KeyedRow => ({ key, row: { revision, version: 'v1', bytes } });

let server: RunningServer;
let redis: Redis;
let opened: OpenedRedis[] = [];

beforeAll(async () => {
  server = await startRedis({ own: true });
  redis = new Redis(server.address);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});
beforeEach(() => redis.flushall());
afterEach(async () => {
  await Promise.all(opened.map(({ close }) => close()));
  opened = [];
});

async function views(): Promise<ViewStore> {
  const one = await openRedis(server.address);
  opened.push(one);
  return one.views;
}

async function revisions(of: ViewStore, keys: readonly string[]): Promise<readonly (number | undefined)[]> {
  return (await of.read(live, keys)).map((row) => row?.revision);
}

it('shows a switch of the generation to another reader at once', async () => {
  const [writer, reader] = [await views(), await views()];
  await writer.write({ ...live, generation: 0 }, [rowOf('a', 7)]);
  for (let n = 1; n <= 20; n++) {
    expect(await revisions(reader, ['a', 'b'])).toEqual([n === 1 ? 7 : n - 1, undefined]);
    const generation = await writer.nextGeneration('learners');
    await writer.write({ ...live, generation }, [rowOf('a', n)]);
    await writer.activate('learners', generation);
  }
});

it('never shows a row as missing while rows are switched and dropped', async () => {
  const [writer, reader] = [await views(), await views()];
  const keys = keysOf(300);
  await writer.write(live, keys.map((key) => rowOf(key, 0)));
  let switching = true;
  const reading = (async () => {
    let reads = 0;
    for (; switching; reads++) expect((await reader.read(live, keys)).includes(null)).toBe(false);
    return reads;
  })();
  for (let n = 0; n < 20; n++) {
    const generation = await writer.nextGeneration('learners');
    await writer.write({ ...live, generation }, keys.map((key) => rowOf(key, 0)));
    await writer.activate('learners', generation);
  }
  switching = false;
  expect(await reading).toBeGreaterThan(0);
});

it('keeps the highest revision of each row, whatever two writers send and in whatever order', async () => {
  const [one, two] = [await views(), await views()];
  const write = fc.array(fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), revision: fc.nat(20) }), { maxLength: 12 });
  let run = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(write, { maxLength: 6 }), fc.array(write, { maxLength: 6 }), async (first, second) => {
      const view = { name: `run-${run++}`, generation: 0 };
      const send = (to: ViewStore, writes: readonly (readonly { key: string; revision: number }[])[]) =>
        Promise.all(writes.map((rows) => to.write(view, rows.map(({ key, revision }) => rowOf(key, revision)))));
      await Promise.all([send(one, first), send(two, second)]);
      for (const key of ['a', 'b', 'c', 'd']) {
        const sent = [...first, ...second].flat().filter((row) => row.key === key).map(({ revision }) => revision);
        const [row] = await one.read(view, [key]);
        expect(row?.revision).toBe(sent.length === 0 ? undefined : Math.max(...sent));
      }
    }),
    { numRuns: 60 },
  );
});

it('keeps large rows and any bytes', async () => {
  const store = await views();
  const bytes = Uint8Array.from({ length: 256 * 1_024 }, (_, n) => (n * 7 + (n >> 8)) & 255);
  const keys = keysOf(12);
  await store.write(live, keys.map((key) => rowOf(key, 1, bytes)), at('1'));
  for (const row of await store.read(live, keys)) expect(Buffer.compare(row?.bytes ?? Buffer.of(), bytes)).toBe(0);
});

it('takes thousands of rows in one write, and gives them back in one read', async () => {
  const store = await views();
  const keys = keysOf(5_000);
  await store.write(live, keys.map((key, n) => rowOf(key, n)), at('5000'));
  expect(await revisions(store, keys)).toEqual(keys.map((_, n) => n));
  expect(await store.count(live)).toBe(5_000);
  expect(await store.checkpoint(live)).toBe('5000');
});

it('answers many reads of the same moment, each with its own rows', async () => {
  const store = await views();
  const keys = keysOf(3_000);
  await store.write(live, keys.map((key, n) => rowOf(key, n)));
  expect(await Promise.all(keys.map(async (key) => (await revisions(store, [key]))[0]))).toEqual(keys.map((_, n) => n));
});

it('scans every row in order while others are written', async () => {
  const [store, writer] = [await views(), await views()];
  const keys = keysOf(10_000);
  await store.write(live, keys.map((key) => rowOf(key, 0)));
  let scanning = true;
  const writing = (async () => {
    for (let n = 1; scanning; n++) await writer.write(live, keysOf(500).map((key) => rowOf(`${key}-new-${n}`, n)));
  })();
  const seen: string[] = [];
  for await (const page of store.scan(live)) seen.push(...page.map(({ key }) => key));
  scanning = false;
  await writing;
  expect(seen).toEqual([...new Set(seen)].sort());
  expect(seen.filter((key) => !key.includes('new'))).toEqual(keys);
});

it('scans every row once although the rows are switched and dropped in between', async () => {
  const [store, writer] = [await views(), await views()];
  const keys = keysOf(3_000);
  await writer.write(live, keys.map((key) => rowOf(key, 0)));
  const seen: string[] = [];
  let pages = 0;
  for await (const page of store.scan(live, 'default.')) {
    seen.push(...page.map(({ key }) => key));
    if (pages++ > 2) continue;
    const generation = await writer.nextGeneration('learners');
    await writer.write({ ...live, generation }, keys.map((key) => rowOf(key, 0)));
    await writer.activate('learners', generation);
  }
  expect(seen).toEqual(keys);
});

it('leaves nothing of a dropped build behind, nor of rebuilds that were broken off', async () => {
  const store = await views();
  await store.write(live, keysOf(700).map((key) => rowOf(key, 0)), at('1'));
  const brokenOff = await store.nextGeneration('learners');
  await store.write({ ...live, generation: brokenOff }, keysOf(100).map((key) => rowOf(key, 0)));
  const generation = await store.nextGeneration('learners');
  await store.write({ ...live, generation }, keysOf(5).map((key) => rowOf(key, 0)), at('2'));
  await store.activate('learners', generation);
  expect(await store.count(live)).toBe(5);
  await store.drop(live);
  expect((await redis.keys('*')).sort()).toEqual(['trellis:epoch', 'trellis:{learners}:live', 'trellis:{learners}:newest']);
});

it('keeps namespaces apart', async () => {
  const other = await openRedis(server.address, { namespace: 'other' });
  opened.push(other);
  await (await views()).write(live, [rowOf('a', 1)], at('1'));
  expect(await other.views.read(live, ['a'])).toEqual([null]);
  expect(await other.views.checkpoint(live)).toBeNull();
});

it('writes again after a server has forgotten the scripts', async () => {
  const store = await views();
  await store.write(live, [rowOf('a', 1)]);
  await redis.script('FLUSH');
  await store.write(live, keysOf(200).map((key) => rowOf(key, 1)), at('1'));
  expect(await store.count(live)).toBe(201);
  expect(await store.checkpoint(live)).toBe('1');
});

// What a row costs beyond its own bytes: its key twice, its version and revision, and what Redis keeps for both.
it.each([
  [1_024, 700],
  [8_192, 2_800],
])('needs for a row of %i bytes at most %i bytes more', async (length, moreMax) => {
  const store = await views();
  const rows = 4_000;
  const used = async (): Promise<number> => Number(/used_memory_dataset:(\d+)/.exec(await redis.info('memory'))?.[1]);
  const before = await used();
  await store.write(live, Array.from({ length: rows }, (_, n) => rowOf(`default.learner-${String(n).padStart(8, '0')}`, n, Buffer.alloc(length, n & 255))));
  expect(((await used()) - before) / rows - length).toBeLessThan(moreMax);
});

it.each([
  ['a view with a brace',      (store: ViewStore) => store.read({ name: 'a}b' }, ['a']),                           /view's name "a\}b"/],
  ['a key that is too long',   (store: ViewStore) => store.write(live, [rowOf('k'.repeat(1_025), 1)]),             /key of 1025 bytes/],
  ['a version that is too long', (store: ViewStore) => store.write(live, [{ key: 'a', row: { revision: 1, version: 'v'.repeat(65_536), bytes: Buffer.of() } }]), /row a: its version has 65536 bytes/],
])('refuses %s', async (_, use, reason) => {
  const store = await views();
  await expect(use(store)).rejects.toMatchObject({ message: expect.stringMatching(reason), retriable: false });
});
