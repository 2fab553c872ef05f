// A real Redis.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { container, fetchImage } from './container.js';
import { dataFolder } from './data-folder.js';
import { installPackages } from './installing.js';
import { thisMachine } from './machine.js';
import { onPort } from './on-port.js';
import { givenServer, runServer, type RunningServer } from './running-server.js';
import { ask } from './sockets.js';
import { REDIS_VARIABLE, redisSource, type Source } from './sources.js';

export interface RedisOptions {
  /** A server of one's own even where one is given: to be killed and restarted. Whoever says anything else here gets one too. */
  readonly own?: boolean;
  /** Further arguments, which come last and so win: `['--appendonly', 'yes']`. */
  readonly args?: readonly string[];
  /** Where its data is; without it a temporary folder. */
  readonly folder?: string;
  readonly port?: number;
}

const IMAGE = 'redis:7.4.2';

/** Its address is a URL. Keeps nothing over a restart unless `args` say so, and never evicts. */
export async function startRedis({ own, args = [], folder, port }: RedisOptions = {}): Promise<RunningServer> {
  const mustBeOwn = own ?? (args.length > 0 || folder !== undefined || port !== undefined);
  const source = await prepareRedis(mustBeOwn);
  if (source.kind === 'given') return givenServer('Redis', source.address, REDIS_VARIABLE);
  return onPort(port, async (chosen) => {
    const place = await dataFolder('redis', folder);
    const common = { name: 'Redis', address: `redis://127.0.0.1:${chosen}`, log: join(place.path, 'server.log'), temporaryFolder: place.isTemporary ? place.path : null, answers: () => answers(chosen) };
    if (source.kind === 'docker') {
      const run = await container({ kind: 'redis', image: IMAGE, port: chosen, data: '/data', folder, env: {}, args: ['redis-server', ...settings(chosen, '0.0.0.0'), '--protected-mode', 'no', ...args] });
      return runServer({ ...common, ...run, isContainer: true, prepare: () => makeFolder(place.path) });
    }
    const command = thisMachine.program('redis-server') ?? 'redis-server';
    return runServer({ ...common, command, args: [...settings(chosen, '127.0.0.1'), '--dir', resolve(place.path), ...args], prepare: () => makeFolder(place.path) });
  });
}

/** Installs what is missing. */
export async function prepareRedis(own = false): Promise<Source> {
  const source = await redisSource(thisMachine, own);
  if (source.kind === 'docker') await fetchImage(IMAGE);
  if (source.kind === 'programs') await installPackages(source.packages, () => Promise.resolve(thisMachine.program('redis-server') !== null));
  return source;
}

function settings(port: number, bind: string): string[] {
  return ['--port', String(port), '--bind', bind, '--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction', '--loglevel', 'notice'];
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
}

async function answers(port: number): Promise<boolean> {
  const answer = await ask(port, Buffer.from('PING\r\n'), (bytes) => bytes.includes('\r\n'));
  // One that asks for a password is there too; one that still reads its data is not.
  return answer !== null && /^(\+PONG|-NOAUTH)/.test(answer.toString());
}
