// The whole distributed system on this machine: servers, services as processes, and one address in front of them.
import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startBalancer } from './balancer.js';
import { dataFolder } from './data-folder.js';
import { startKafka } from './kafka.js';
import { startKurrent, type RunningKurrent } from './kurrent.js';
import { thisMachine } from './machine.js';
import { startRedis } from './redis.js';
import type { RunningServer } from './running-server.js';
import { ServiceProcess } from './service-process.js';
import { freePort, isFree } from './sockets.js';
import { KURRENT_VARIABLE } from './sources.js';

export interface DistributedOptions {
  /** Keeps the data of Redis and Kafka and all logs; without it they go with the system. Only beside a KurrentDB that keeps its own. */
  readonly data?: string;
  /** Servers of one's own even where some are given: to be emptied and stopped. */
  readonly own?: boolean;
  readonly projectors?: number;
  readonly recommenders?: number;
  /** Further variables for every service. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly say?: (sentence: string) => void;
}

export interface Distributed {
  /** Of the balancer. */
  readonly url: string;
  readonly kurrent: RunningKurrent;
  readonly kafka: RunningServer;
  readonly redis: RunningServer;
  readonly services: readonly ServiceProcess[];
  /** Where each service writes its log. */
  readonly logs: string;
  /** The services first, then what they rest on. */
  stop(): Promise<void>;
}

type Kind = 'ingest' | 'projector' | 'recommender';

const BALANCER_PORT = 7077;
const FIRST_PORTS: Readonly<Record<Kind, number>> = { ingest: 7078, recommender: 7081, projector: 7091 };
const KEPT = ['--appendonly', 'yes'];

export async function startDistributed({ data, own = false, projectors = 2, recommenders = 2, variables = {}, say = () => undefined }: DistributedOptions = {}): Promise<Distributed> {
  if (data !== undefined && thisMachine.variable(KURRENT_VARIABLE) === null) {
    throw new Error(`--data is "${data}", but there is no KurrentDB that keeps its data: Redis and Kafka would know what the log has forgotten. Set ${KURRENT_VARIABLE}, or leave --data out.`);
  }
  const place = await dataFolder('distributed', data);
  const logs = join(place.path, 'logs');
  await mkdir(logs, { recursive: true });
  const ends: (() => Promise<void>)[] = place.isTemporary ? [() => rm(place.path, { recursive: true, force: true })] : [];
  const stop = async (): Promise<void> => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  const folderOf = (server: string): { folder?: string } => (data === undefined ? {} : { folder: join(data, server) });
  try {
    const starting = [
      startKurrent({ own }),
      startKafka({ own, ...folderOf('kafka') }),
      startRedis({ own, ...folderOf('redis'), ...(data === undefined ? {} : { args: KEPT }) }),
    ] as const;
    // Those that did start are stopped with the rest when one does not.
    for (const server of await Promise.allSettled(starting)) if (server.status === 'fulfilled') ends.push(() => server.value.stop());
    const [kurrent, kafka, redis] = await Promise.all(starting);
    const shared = {
      TRELLIS_STORE: 'kurrent',
      TRELLIS_KURRENT_URL: kurrent.address,
      TRELLIS_KAFKA_BROKERS: kafka.address,
      TRELLIS_REDIS_URL: redis.address,
      // Rows and topics that an earlier run left on servers that stay would be ahead of a log that begins anew.
      ...(kurrent.isDouble && (kafka.pid === null || redis.pid === null) ? { TRELLIS_NAMESPACE: `local-${Date.now().toString(36)}` } : {}),
      ...variables,
    };
    const kinds: Kind[] = ['ingest', ...repeated('projector', projectors), ...repeated('recommender', recommenders)];
    const services: ServiceProcess[] = [];
    const taken = new Set<number>();
    for (const kind of kinds) {
      const count = services.filter(({ name }) => name.startsWith(kind)).length;
      const name = kind === 'ingest' ? kind : `${kind}-${count + 1}`;
      const service = new ServiceProcess({ name, main: mainOf(kind), port: await portFrom(FIRST_PORTS[kind] + count, taken), variables: shared, log: join(logs, `${name}.log`), temporaryFolder: kind === 'ingest' && place.isTemporary ? place.path : null, say });
      services.push(service);
    }
    ends.push(async () => void (await Promise.all(services.map((service) => service.close()))));
    await Promise.all(services.map((service) => service.start()));
    const urlsOf = (kind: Kind): string[] => services.filter(({ name }) => name.startsWith(kind)).map(({ url }) => url);
    const balancer = await startBalancer({
      port: await portFrom(BALANCER_PORT, taken),
      ingest: urlsOf('ingest'),
      recommenders: urlsOf('recommender'),
      ready: async () => Object.fromEntries(await Promise.all(services.map(async (service) => [service.name, await service.isReady()] as const))),
    });
    ends.push(() => balancer.close());
    return { url: balancer.url, kurrent, kafka, redis, services, logs, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function repeated(kind: Kind, count: number): Kind[] {
  return Array.from({ length: count }, () => kind);
}

function mainOf(kind: Kind): string {
  const main = fileURLToPath(new URL(`../../../apps/${kind}/dist/main.js`, import.meta.url));
  if (!existsSync(main)) throw new Error(`apps/${kind} has not been built: npm run build`);
  return main;
}

/** The port that people expect, or another if it is taken. */
async function portFrom(wanted: number, taken: Set<number>): Promise<number> {
  const port = !taken.has(wanted) && (await isFree(wanted)) ? wanted : await freePort();
  taken.add(port);
  return port;
}
