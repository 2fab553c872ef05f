// Puts the parts of the view store together, and refuses servers that must not hold rows.
import type { ViewStore } from '@trellis/event-sourcing';
import { addressOf, type Address } from './address.js';
import { command, Connection } from './connection.js';
import { RedisError } from './errors.js';
import { keysOf } from './keys.js';
import { CALL_MS_MAX } from './limits.js';
import { RedisViews } from './redis-views.js';
import { checkServers, isClustered, refusalOf } from './server-state.js';

export interface RedisOptions {
  /** Stands in front of every key: several installations share a server without seeing each other. */
  readonly namespace?: string;
  /** How long one round trip may take. */
  readonly callMsMax?: number;
}

export interface OpenedRedis {
  readonly views: ViewStore;
  /** Null: every server answers within the limit and may hold rows. Else why not, as a sentence. */
  whyNot(): Promise<string | null>;
  /** The address without its secrets. */
  readonly shown: string;
  close(): Promise<void>;
}

/**
 * `redis://user:password@host:6379/0`, `rediss://` for TLS; several separated by commas are nodes of a cluster, and one that is in
 * cluster mode is taken as such too. Rejects when nothing answers, and where rows would be evicted or writes refused.
 */
export async function openRedis(url: string, { namespace = 'trellis', callMsMax = CALL_MS_MAX }: RedisOptions = {}): Promise<OpenedRedis> {
  const address = addressOf(url);
  const keys = keysOf(namespace);
  const options = { cluster: await isCluster(address, callMsMax), callMsMax };
  const connections = { reading: new Connection(address, options), writing: new Connection(address, options) };
  const views = new RedisViews(connections, keys);
  try {
    await Promise.all([connections.reading.open(), connections.writing.open()]);
    await checkServers(connections.writing);
  } catch (error) {
    await views.close();
    throw error;
  }
  const whyNot = async (): Promise<string | null> => {
    try {
      await Promise.all([connections.reading.one('reading', command('get', keys.epoch)), checkServers(connections.writing)]);
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };
  return { views, whyNot, shown: address.shown, close: () => views.close() };
}

/** Asks the first host that answers. */
async function isCluster(address: Address, callMsMax: number): Promise<boolean> {
  const failures: unknown[] = [];
  for (const host of address.hosts) {
    const connection = new Connection({ ...address, hosts: [host] }, { cluster: false, callMsMax });
    try {
      await connection.open();
      const [info = new Map<string, string>()] = await connection.info();
      const clustered = isClustered(info);
      // A replica of a cluster knows the way to its master.
      const why = clustered ? null : refusalOf(info);
      if (why !== null) throw connection.fault('refused', new RedisError(why, false));
      if (!clustered && address.hosts.length > 1) {
        throw connection.fault('refused', new RedisError(`several addresses are nodes of a cluster, and ${host.host}:${host.port} is not in cluster mode`, false));
      }
      return clustered;
    } catch (error) {
      failures.push(error);
      if (error instanceof RedisError && !error.retriable) throw error;
    } finally {
      await connection.close();
    }
  }
  throw failures[0];
}
