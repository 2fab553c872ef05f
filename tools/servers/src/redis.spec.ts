import { existsSync } from 'node:fs';
import { startRedis } from './redis.js';
import type { RunningServer } from './running-server.js';
import { ask } from './sockets.js';

const portOf = ({ address }: RunningServer): number => Number(new URL(address).port);

const LAST = '$3\r\nend\r\n';

async function command(server: RunningServer, line: string): Promise<string> {
  // What a last command answers shows that the answer before it is whole.
  const answer = await ask(portOf(server), Buffer.from(`${line}\r\nECHO end\r\n`), (bytes) => bytes.toString().endsWith(LAST));
  return answer?.toString().slice(0, -LAST.length - '\r\n'.length) ?? 'no answer';
}

/** The second of the two that CONFIG GET answers. */
const setting = async (server: RunningServer, name: string): Promise<string> => (await command(server, `CONFIG GET ${name}`)).split('\r\n').at(-1) ?? '';

const opened: RunningServer[] = [];
afterEach(async () => {
  for (const server of opened.splice(0)) await server.stop();
});

async function own(...args: string[]): Promise<RunningServer> {
  const server = await startRedis({ own: true, args });
  opened.push(server);
  return server;
}

it('starts one that answers, keeps nothing on disk and never evicts', async () => {
  const redis = await own();
  expect(await command(redis, 'PING')).toBe('+PONG');
  expect(await setting(redis, 'appendonly')).toBe('no');
  expect(await setting(redis, 'save')).toBe('');
  expect(await setting(redis, 'maxmemory-policy')).toBe('noeviction');
});

it('lets arguments win', async () => {
  expect(await setting(await own('--maxmemory-policy', 'allkeys-lru'), 'maxmemory-policy')).toBe('allkeys-lru');
});

it('comes again on its port with its data after a kill', async () => {
  const redis = await own('--appendonly', 'yes', '--appendfsync', 'always');
  await command(redis, 'SET row 7');
  const { pid } = redis;
  await redis.kill();
  expect(await command(redis, 'PING')).toBe('no answer');
  await redis.start();
  expect(redis.pid).not.toBe(pid);
  expect(await command(redis, 'GET row')).toBe('$1\r\n7');
});

it('removes its temporary folder when it stops, and can begin anew', async () => {
  const redis = await own('--appendonly', 'yes');
  const folder = await setting(redis, 'dir');
  await command(redis, 'SET row 7');
  expect(existsSync(folder)).toBe(true);
  await redis.stop();
  expect(existsSync(folder)).toBe(false);
  await redis.start();
  expect(await command(redis, 'GET row')).toBe('$-1');
});

it('gives servers that start together ports of their own', async () => {
  const [one, other] = await Promise.all([own(), own()]);
  expect(portOf(one as RunningServer)).not.toBe(portOf(other as RunningServer));
});

it('says why one did not start', async () => {
  await expect(own('--maxmemory-policy', 'sometimes')).rejects.toThrow(/ended before it answered \(exit code 1\).*maxmemory-policy/s);
});

it('refuses a port that is taken', async () => {
  const port = portOf(await own());
  await expect(startRedis({ port })).rejects.toThrow(`port ${port} of 127.0.0.1 is taken`);
});
