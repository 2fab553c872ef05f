// The contract of every view store, on a real server and on one in cluster mode, which refuses whatever crosses slots.
import { viewStoreContract } from '@trellis/event-sourcing/testing';
import { startRedis, type RunningServer } from '@trellis/servers';
import { Redis } from 'ioredis';
import { openRedis } from './open-redis.js';

let cases = 0;

function contract(name: string, args: readonly string[], prepare: (redis: Redis) => Promise<unknown>): void {
  describe(name, () => {
    let server: RunningServer;
    beforeAll(async () => {
      server = await startRedis({ own: true, args });
      const redis = new Redis(server.address);
      await prepare(redis);
      redis.disconnect();
    });
    afterAll(() => server.stop());

    viewStoreContract('RedisViews', async () => {
      const namespace = `case-${cases++}`;
      let opened = await openRedis(server.address, { namespace });
      const reopen = async () => {
        await opened.close();
        opened = await openRedis(server.address, { namespace });
        return opened.views;
      };
      return { views: opened.views, reopen, close: () => opened.close() };
    });
  });
}

contract('on one server', [], () => Promise.resolve());

contract('on a server in cluster mode', ['--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1'], async (redis) => {
  await redis.cluster('ADDSLOTSRANGE', 0, 16_383);
  for (let state = ''; !state.includes('cluster_state:ok'); ) state = String(await redis.cluster('INFO'));
});
