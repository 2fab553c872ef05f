import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { happens } from './running-server.js';

const GONE_MS_MAX = 20_000;
const BUILT = new URL('../dist/', import.meta.url);

/** A process that starts servers and forgets about them. */
function starter(end: string): ChildProcess {
  const text = `
    import { startRedis } from '${new URL('redis.js', BUILT).href}';
    import { startKurrent } from '${new URL('kurrent.js', BUILT).href}';
    const [redis, kurrent] = await Promise.all([startRedis({ own: true }), startKurrent({ own: true })]);
    console.log(JSON.stringify({ redis: redis.pid, kurrent: kurrent.pid }));
    ${end}`;
  return spawn(process.execPath, ['--input-type=module', '--no-warnings', '-e', text], { stdio: ['ignore', 'pipe', 'inherit'] });
}

async function pids({ stdout }: ChildProcess): Promise<number[]> {
  if (stdout === null) throw new Error('a process without an output');
  for await (const line of createInterface({ input: stdout })) return Object.values<number>(JSON.parse(line));
  throw new Error('the process ended without a word');
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}`);
}

it('ends with the process that started it when that is killed', async () => {
  const child = starter('setInterval(() => {}, 1000);');
  const servers = await pids(child);
  expect(servers.map(isAlive)).toEqual([true, true]);
  child.kill('SIGKILL');
  expect(await happens(() => !servers.some(isAlive), GONE_MS_MAX)).toBe(true);
});

it('neither keeps a process alive that has nothing else to do, nor outlives it', async () => {
  const child = starter('');
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const servers = await pids(child);
  expect(await ended).toBe(0);
  expect(await happens(() => !servers.some(isAlive), GONE_MS_MAX)).toBe(true);
});
