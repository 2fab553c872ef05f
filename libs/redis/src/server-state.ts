// Which servers may hold rows, and the name of the state that they are in.
import { randomUUID } from 'node:crypto';
import { command, type Connection } from './connection.js';
import { RedisError } from './errors.js';
import type { Keys } from './keys.js';

/** The first with GETRANGE and INFO in scripts that say whether they write. */
const MAJOR_MIN = 7;
const POLICY = 'noeviction';

type Info = ReadonlyMap<string, string>;

/** Why this server must not hold rows, or null. */
export function refusalOf(info: Info): string | null {
  const version = info.get('redis_version') ?? 'of an unknown version';
  if (!(Number.parseInt(version, 10) >= MAJOR_MIN)) return `it is Redis ${version}; Trellis needs Redis ${MAJOR_MIN} or later`;
  if (info.get('role') === 'slave') return 'it is a replica; give the address of the server that takes writes';
  const policy = info.get('maxmemory_policy');
  // One row less is a learner whose row nobody misses; a checkpoint that stays says that it is there.
  if (policy !== undefined && policy !== POLICY) return `it evicts rows when its memory is full: maxmemory-policy is ${policy}; set it to ${POLICY}`;
  return null;
}

export function isClustered(info: Info): boolean {
  return info.get('cluster_enabled') === '1';
}

/** Throws where one of the servers must not hold rows. */
export async function checkServers(connection: Connection): Promise<void> {
  for (const info of await connection.info()) {
    const why = refusalOf(info);
    if (why !== null) throw connection.fault('refused', new RedisError(why, false));
  }
}

/** A text of all servers that changes when one of them is started again, replaced or emptied. */
export async function incarnationOf(connection: Connection, keys: Keys): Promise<string> {
  const runs = (await connection.info()).map((info) => info.get('run_id') ?? '').sort();
  return `${runs.join(',')}/${await epoch(connection, keys)}`;
}

/** Made by whoever asks first. */
async function epoch(connection: Connection, keys: Keys): Promise<string> {
  const what = 'reading its epoch';
  const found = await connection.one(what, command('get', keys.epoch));
  if (found !== null) return String(found);
  await connection.one(what, command('set', keys.epoch, randomUUID(), 'NX'));
  return String(await connection.one(what, command('get', keys.epoch)));
}
