// The distributed system with everything in it real but KurrentDB: servers that can be killed, services as processes of their own.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDistributed, openTransport, type Engine, type Transport } from '@trellis/engine';
import { freePort, ServiceProcess, startKafka, startKurrent, startRedis, type RunningKurrent, type RunningServer } from '@trellis/servers';

export type Kind = 'ingest' | 'projector' | 'recommender';

export interface SystemOptions {
  readonly ingests?: number;
  readonly projectors?: number;
  /** Settings of the Redis server, such as `--appendonly yes`. */
  readonly redis?: readonly string[];
  /** Another main file for a kind of service: one with a bug in it. */
  readonly planted?: Readonly<Partial<Record<Kind, string>>>;
}

const NAMESPACE = 'drill';
/** One that stands still does not answer. */
const METRICS_MS_MAX = 2_000;

export class System {
  readonly services: ServiceProcess[] = [];
  private readonly logs = mkdtempSync(join(tmpdir(), 'trellis-drill-'));
  private started = 0;

  private constructor(
    readonly kurrent: RunningKurrent,
    readonly redis: RunningServer,
    readonly kafka: RunningServer,
    /** What the checks see the data through: nothing of it is one of the services. */
    readonly engine: Engine,
    readonly transport: Transport,
    private readonly planted: NonNullable<SystemOptions['planted']>,
  ) {}

  static async start({ ingests = 1, projectors = 2, redis: args = [], planted = {} }: SystemOptions = {}): Promise<System> {
    const [kurrent, redis, kafka] = await Promise.all([startKurrent({ own: true }), startRedis({ own: true, args }), startKafka({ own: true })]);
    const engine = await openDistributed({ kurrentUrl: kurrent.address, redisUrl: redis.address, namespace: NAMESPACE });
    const transport = await openTransport({ kafkaBrokers: kafka.address, namespace: NAMESPACE, ingressTenants: ['default'] }, { clientId: 'drill' });
    const system = new System(kurrent, redis, kafka, engine, transport, planted);
    try {
      const several = (kind: Kind, length: number): Kind[] => Array.from({ length }, () => kind);
      const kinds = [...several('ingest', ingests), ...several('recommender', 2), ...several('projector', projectors)];
      await Promise.all(kinds.map((kind) => system.add(kind)));
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** One service more. */
  async add(kind: Kind): Promise<ServiceProcess> {
    const name = `${kind}-${++this.started}`;
    const main = this.planted[kind] ?? fileURLToPath(new URL(`../../../../apps/${kind}/dist/main.js`, import.meta.url));
    const variables = {
      TRELLIS_STORE: 'kurrent',
      TRELLIS_KURRENT_URL: this.kurrent.address,
      TRELLIS_REDIS_URL: this.redis.address,
      TRELLIS_KAFKA_BROKERS: this.kafka.address,
      TRELLIS_NAMESPACE: NAMESPACE,
      TRELLIS_LOG_LEVEL: 'info',
    };
    const service = new ServiceProcess({ name, main, port: await freePort(), variables, log: join(this.logs, `${name}.log`), say: (sentence) => process.stderr.write(`${sentence}\n`) });
    this.services.push(service);
    await service.start();
    return service;
  }

  /** SIGTERM, and it does not come back. */
  async remove(service: ServiceProcess): Promise<void> {
    this.services.splice(this.services.indexOf(service), 1);
    await service.close();
  }

  of(kind: Kind): readonly ServiceProcess[] {
    return this.services.filter(({ name }) => name.startsWith(kind));
  }

  /** The projector that relays now; null while nobody does. */
  async leader(): Promise<ServiceProcess | null> {
    for (const service of this.of('projector')) {
      const text = await fetch(`${service.url}/metrics`, { signal: AbortSignal.timeout(METRICS_MS_MAX) }).then((answer) => answer.text(), () => '');
      if (text.includes('trellis_relay_active 1')) return service;
    }
    return null;
  }

  async stop(): Promise<void> {
    await Promise.all(this.services.map((service) => service.close()));
    await this.transport.close();
    await this.engine.close();
    for (const server of [this.kafka, this.redis, this.kurrent]) await server.stop();
    rmSync(this.logs, { recursive: true, force: true });
  }
}
