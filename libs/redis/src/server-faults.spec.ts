// Servers that are gone, restarted, emptied, full, frozen, or that must not hold rows.
import type { KeyedRow, Position } from '@trellis/event-sourcing';
import { startRedis, type RunningServer } from '@trellis/servers';
import { Redis } from 'ioredis';
import { RedisError, RowsLostError } from './errors.js';
import { openRedis, type OpenedRedis, type RedisOptions } from './open-redis.js';

const live = { name: 'learners', generation: 0 };
const at = (text: string): Position => text as Position; // views never look into positions
const row = (key: string, revision: number, length = 8): KeyedRow => ({ key, row: { revision, version: 'v1', bytes: Buffer.alloc(length, 7) } });

const started: { stop(): Promise<void> }[] = [];
const opened: OpenedRedis[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ close }) => close()));
  await Promise.all(started.splice(0).map((server) => server.stop()));
});

async function server(...args: readonly string[]): Promise<RunningServer> {
  const one = await startRedis({ own: true, args });
  started.push(one);
  return one;
}

async function views(address: string, options?: RedisOptions): Promise<OpenedRedis> {
  const one = await openRedis(address, options);
  opened.push(one);
  return one;
}

async function asAdmin(address: string, use: (redis: Redis) => Promise<unknown>): Promise<void> {
  const redis = new Redis(address);
  await use(redis);
  redis.disconnect();
}

/** The first answer that is no fault of the connection. */
async function comesBack<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof RedisError && error.retriable) || error instanceof RowsLostError) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

const retriable = { retriable: true };

describe('a server that is gone', () => {
  it('is said at once to whoever reads or writes, and comes back by itself', async () => {
    const redis = await server();
    const { views: store, whyNot, shown } = await views(redis.address);
    await store.write(live, [row('a', 1)], at('1'));
    expect(await whyNot()).toBeNull();
    const before = await store.incarnation();
    await redis.kill();
    await expect(store.read(live, ['a'])).rejects.toMatchObject(retriable);
    await expect(store.write(live, [row('a', 2)])).rejects.toMatchObject(retriable);
    await expect(store.checkpoint(live)).rejects.toThrow(`Redis at ${shown}: `);
    expect(await whyNot()).toContain(shown);
    await redis.start();
    expect(await comesBack(() => store.read(live, ['a']))).toEqual([null]);
    await comesBack(() => store.write(live, [row('a', 2)]));
    expect(await comesBack(() => store.incarnation())).not.toBe(before);
    expect(await whyNot()).toBeNull();
  });

  it('answers what was under way with a fault, and nothing is sent again later', async () => {
    const redis = await server();
    const { views: store } = await views(redis.address);
    await store.write(live, [row('a', 1)]);
    const reads = Array.from({ length: 200 }, () => store.read(live, ['a']));
    const settled = Promise.allSettled(reads);
    await redis.kill();
    for (const one of await settled) if (one.status === 'rejected') expect(one.reason).toMatchObject(retriable);
  });

  it('is given up after the limit when it does not answer, and used again when it does', async () => {
    const redis = await server();
    const { views: store } = await comesBack(() => views(redis.address, { callMsMax: 150 }));
    await comesBack(() => store.write(live, [row('a', 1)]));
    await asAdmin(redis.address, (admin) => admin.client('PAUSE', 600_000, 'WRITE'));
    await expect(store.write(live, [row('a', 2)])).rejects.toMatchObject({ message: expect.stringContaining('no answer within 150 ms'), retriable: true });
    await asAdmin(redis.address, (admin) => admin.client('UNPAUSE'));
    await comesBack(() => store.write(live, [row('a', 3)]));
    expect((await comesBack(() => store.read(live, ['a'])))[0]?.revision).toBe(3);
  });

  it('does not keep the store from closing', async () => {
    const redis = await server();
    const { views: store, close } = await views(redis.address);
    await asAdmin(redis.address, (admin) => admin.client('PAUSE', 60_000, 'ALL'));
    const reading = expect(store.read(live, ['a'])).rejects.toMatchObject({ name: 'RedisError' });
    await close();
    await reading;
    await expect(store.read(live, ['a'])).rejects.toMatchObject({ message: expect.stringContaining('closed'), retriable: false });
    await close();
  });
});

describe('rows that were lost', () => {
  it('have no checkpoint after the server was emptied, and writing goes on', async () => {
    const redis = await server();
    const { views: store } = await views(redis.address);
    await store.write(live, [row('a', 1)], at('1'));
    const before = await store.incarnation();
    await asAdmin(redis.address, (admin) => admin.flushall());
    expect(await store.incarnation()).not.toBe(before);
    expect(await store.checkpoint(live)).toBeNull();
    expect(await store.read(live, ['a'])).toEqual([null]);
    await store.write(live, [row('b', 1)]);
    await expect(store.write(live, [], at('2'))).rejects.toThrow(RowsLostError);
    // Whoever begins again does so on what is there now.
    await store.write(live, [row('a', 1), row('b', 1)], at('2'));
    expect(await store.checkpoint(live)).toBe('2');
  });

  it('keep the checkpoint from moving on when the server was started again after they were written', async () => {
    const redis = await server('--appendonly', 'yes', '--appendfsync', 'no');
    const { views: store } = await views(redis.address);
    await store.write(live, [row('a', 1)], at('1'));
    await store.write(live, [row('b', 1)]);
    await redis.kill();
    await redis.start();
    await expect(comesBack(() => store.write(live, [row('c', 1)], at('3')))).rejects.toThrow(RowsLostError);
    await store.write(live, [row('b', 1), row('c', 1)], at('3'));
    expect(await store.checkpoint(live)).toBe('3');
  });

  it('do not come back as a checkpoint of another build', async () => {
    const redis = await server();
    const [one, two] = [(await views(redis.address)).views, (await views(redis.address)).views];
    await one.write(live, [row('a', 1)], at('1'));
    await two.drop(live);
    await expect(one.write(live, [row('b', 1)], at('2'))).rejects.toThrow(RowsLostError);
    expect(await two.checkpoint(live)).toBeNull();
  });
});

describe('a cluster', () => {
  const cluster = async (): Promise<RunningServer> => {
    const redis = await server('--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1', '--appendonly', 'yes', '--appendfsync', 'always');
    await asAdmin(redis.address, async (admin) => {
      await admin.cluster('ADDSLOTSRANGE', 0, 16_383);
      for (let state = ''; !state.includes('cluster_state:ok'); ) state = String(await admin.cluster('INFO'));
    });
    return redis;
  };

  it('has no checkpoint any more once a part of it was started again', async () => {
    const redis = await cluster();
    const { views: store } = await views(redis.address);
    await store.write(live, [row('a', 1)], at('1'));
    expect(await store.checkpoint(live)).toBe('1');
    await redis.kill();
    await expect(store.read(live, ['a'])).rejects.toMatchObject(retriable);
    await redis.start();
    expect((await comesBack(() => store.read(live, ['a'])))[0]?.revision).toBe(1);
    expect(await comesBack(() => store.checkpoint(live))).toBeNull();
    expect(await store.moveCheckpoint(live, at('1'), at('2'))).toBe(false);
    await store.write(live, [row('a', 2)], at('2'));
    expect(await store.checkpoint(live)).toBe('2');
  });
});

describe('a server that must not hold rows', () => {
  it('is refused when it evicts, and not ready when it begins to', async () => {
    const evicting = await server('--maxmemory', '64mb', '--maxmemory-policy', 'allkeys-lru');
    await expect(openRedis(evicting.address)).rejects.toMatchObject({ message: expect.stringContaining('maxmemory-policy is allkeys-lru; set it to noeviction'), retriable: false });
    const good = await server();
    const { whyNot } = await views(good.address);
    await asAdmin(good.address, (admin) => admin.config('SET', 'maxmemory-policy', 'volatile-ttl'));
    expect(await whyNot()).toContain('maxmemory-policy is volatile-ttl');
  });

  it('is refused when it is a replica, or one of several addresses without a cluster', async () => {
    const redis = await server();
    await expect(openRedis(`${redis.address},${redis.address}`)).rejects.toThrow('is not in cluster mode');
    await asAdmin(redis.address, (admin) => admin.replicaof('127.0.0.1', 1));
    await expect(openRedis(redis.address)).rejects.toThrow('it is a replica');
  });

  it('refuses writes when its memory is full, and takes them again once rows were dropped', async () => {
    const redis = await server('--maxmemory', '6mb');
    const { views: store } = await views(redis.address);
    const fill = async (): Promise<void> => {
      for (let n = 0; n < 100; n++) await store.write(live, [row(`k${n}`, 1, 256 * 1_024)]);
    };
    await expect(fill()).rejects.toMatchObject({ message: expect.stringContaining('its memory is full; raise maxmemory'), retriable: true });
    expect((await store.read(live, ['k0']))[0]?.bytes).toHaveLength(256 * 1_024);
    await store.drop(live);
    await store.write(live, [row('a', 1)]);
  });
});

describe('at the start', () => {
  it('names the server that does not answer', async () => {
    const redis = await server();
    await redis.kill();
    await expect(openRedis(redis.address)).rejects.toMatchObject({ message: expect.stringMatching(/^Redis at redis:\/\/127\.0\.0\.1:\d+: cannot connect: .*ECONNREFUSED/), retriable: true });
  });

  it('keeps the password out of what it says', async () => {
    const redis = await server('--requirepass', 'right-secret');
    const url = (password: string): string => redis.address.replace('redis://', `redis://:${password}@`);
    const refused = await openRedis(url('wrong-secret')).catch((error: unknown) => error);
    expect(refused).toMatchObject({ message: expect.stringContaining('WRONGPASS'), retriable: false });
    expect(JSON.stringify([refused, (refused as Error).message, (refused as Error).cause, (refused as Error).stack])).not.toContain('secret');
    const { shown, views: store } = await views(url('right-secret'));
    expect(shown).toMatch(/^redis:\/\/\*\*\*@127/);
    expect(await store.checkpoint(live)).toBeNull();
  });
});
