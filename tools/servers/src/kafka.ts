// A real Kafka: one process that is broker and controller (KRaft).
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { container, fetchImage } from './container.js';
import { dataFolder } from './data-folder.js';
import { fetchKafkaJars, installPackages, run } from './installing.js';
import { kafkaAnswers } from './kafka-answers.js';
import { READY_MS_MAX } from './limits.js';
import { KAFKA_VERSION, kafkaJars, thisMachine } from './machine.js';
import { onPort } from './on-port.js';
import { givenServer, runServer, type RunningServer } from './running-server.js';
import { freePort } from './sockets.js';
import { KAFKA_VARIABLE, kafkaSource, type Source } from './sources.js';

export interface KafkaOptions {
  /** A server of one's own even where one is given: to be killed and restarted. Whoever says anything else here gets one too. */
  readonly own?: boolean;
  /** Further lines of server.properties; they win. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where its data is; without it a temporary folder. */
  readonly folder?: string;
  readonly port?: number;
}

const IMAGE = `apache/kafka:${KAFKA_VERSION}`;
const HEAP = '-Xmx384m';
/** A quick start counts for more than the speed of a day. */
const JVM = [HEAP, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:-UsePerfData', '-XX:+ExitOnOutOfMemoryError', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn'];
const CLUSTER_ID_BYTES = 16;

/** Its address is host and port. Topics are made by whoever wants them, never by a message. */
export async function startKafka({ own, settings = {}, folder, port }: KafkaOptions = {}): Promise<RunningServer> {
  const mustBeOwn = own ?? (Object.keys(settings).length > 0 || folder !== undefined || port !== undefined);
  const source = await prepareKafka(mustBeOwn);
  if (source.kind === 'given') return givenServer('Kafka', source.address, KAFKA_VARIABLE);
  const jars = source.kind === 'programs' ? kafkaJars() : null;
  return onPort(port, async (chosen) => {
    const controllerPort = await freePort();
    const place = await dataFolder('kafka', folder);
    const common = { name: 'Kafka', address: `127.0.0.1:${chosen}`, log: join(place.path, 'server.log'), temporaryFolder: place.isTemporary ? place.path : null, answers: () => kafkaAnswers(chosen) };
    if (jars === null) {
      const env = { ...brokerVariables({ ...properties(chosen, controllerPort, '0.0.0.0'), 'log.dirs': CONTAINER_DATA, ...settings }), CLUSTER_ID: clusterId(), KAFKA_HEAP_OPTS: HEAP };
      const command = await container({ kind: 'kafka', image: IMAGE, port: chosen, data: CONTAINER_DATA, folder, env, args: [] });
      return runServer({ ...common, ...command, isContainer: true, prepare: async () => void (await mkdir(place.path, { recursive: true })) });
    }
    const data = join(place.path, 'data');
    const temporary = join(place.path, 'tmp');
    const file = join(place.path, 'server.properties');
    const java = [...JVM, `-Djava.io.tmpdir=${temporary}`, '-cp', join(jars, '*')];
    const prepare = async (): Promise<void> => {
      for (const path of [data, temporary]) await mkdir(path, { recursive: true });
      const lines = Object.entries({ ...properties(chosen, controllerPort, '127.0.0.1'), 'log.dirs': data, ...settings }).map(([name, value]) => `${name}=${value}\n`);
      await writeFile(file, lines.join(''));
      if (!existsSync(join(data, 'meta.properties'))) await run('java', [...java, 'kafka.tools.StorageTool', 'format', '-t', clusterId(), '-c', file], READY_MS_MAX);
    };
    return runServer({ ...common, command: 'java', args: [...java, 'kafka.Kafka', file], prepare });
  });
}

/** Installs and fetches what is missing. */
export async function prepareKafka(own = false): Promise<Source> {
  const source = await kafkaSource(thisMachine, own);
  if (source.kind === 'docker') await fetchImage(IMAGE);
  if (source.kind === 'programs') {
    await installPackages(source.packages, areThere(source.packages));
    await fetchKafkaJars();
  }
  return source;
}

const CONTAINER_DATA = '/var/lib/kafka/data';

/** Small, on one machine, and quick to give groups their partitions. */
function properties(port: number, controllerPort: number, bind: string): Record<string, string> {
  return {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://${bind}:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'auto.create.topics.enable': 'false',
    'offsets.topic.num.partitions': '4',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.num.partitions': '2',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'share.coordinator.state.topic.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    // A broker that was killed and comes again is taken in only when its old session is over.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'log.cleaner.dedupe.buffer.size': '16777216',
  };
}

/** As the image of Kafka takes its settings. */
export function brokerVariables(settings: Readonly<Record<string, string>>): Record<string, string> {
  const variable = (name: string): string => `KAFKA_${name.replaceAll('_', '__').replaceAll('-', '___').replaceAll('.', '_').toUpperCase()}`;
  return Object.fromEntries(Object.entries(settings).map(([name, value]) => [variable(name), value]));
}

/** 16 bytes in base 64 without padding; one that begins with a dash would look like an option. */
function clusterId(): string {
  return `T${randomBytes(CLUSTER_ID_BYTES).toString('base64url').slice(1, 22)}`;
}

function areThere(packages: readonly string[]): () => Promise<boolean> {
  return async () => {
    const again = await kafkaSource(thisMachine, true);
    return again.kind === 'programs' && !again.packages.some((name) => packages.includes(name));
  };
}
