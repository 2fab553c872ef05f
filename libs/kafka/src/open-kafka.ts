// Puts the parts together: one client, from which publishers, consumers and readings are made.
import { Kafka as Client, logLevel, type Admin } from 'kafkajs';
import { addressOf } from './address.js';
import { Consumer, type ConsumerOptions } from './consumer.js';
import { fault, KafkaError, typeOf } from './errors.js';
import { quietIdleTimers } from './idle-timers.js';
import * as limits from './limits.js';
import { Publisher } from './publisher.js';
import { readTopic, type Read } from './topic-reading.js';
import { within } from './waiting.js';

export interface Topic {
  readonly name: string;
  readonly partitions: number;
  /** Such as `cleanup.policy`; the brokers' own where nothing is said. */
  readonly settings?: Readonly<Record<string, string>>;
}

export interface PartitionOffsets {
  readonly partition: number;
  /** The next offset that the group reads; null where it has committed none. */
  readonly committed: bigint | null;
  readonly begin: bigint;
  readonly end: bigint;
}

export interface KafkaOptions {
  /** What the brokers see this process as. */
  readonly clientId: string;
  readonly log?: (level: 'warn' | 'error', message: string) => void;
}

export interface Kafka {
  /** The brokers, without secrets. */
  readonly shown: string;
  /** Makes those that are missing and leaves the others as they are. Several processes may do this at once. */
  ensureTopics(topics: readonly Topic[]): Promise<void>;
  publisher(): Publisher;
  consumer(options: ConsumerOptions): Consumer;
  /** All that is in the topic now. */
  read(topic: string): AsyncIterable<readonly Read[]>;
  offsets(group: string, topic: string): Promise<readonly PartitionOffsets[]>;
  /** The group reads the topic from its beginning again. Rejects while it has members. */
  resetGroup(group: string, topic: string): Promise<void>;
  /** Null when a broker answers within the limit. */
  whyNot(): Promise<string | null>;
  close(): Promise<void>;
}

/** What the brokers say while they are getting ready. */
const PASSING = new Set(['NOT_COORDINATOR_FOR_GROUP', 'GROUP_COORDINATOR_NOT_AVAILABLE', 'GROUP_LOAD_IN_PROGRESS', 'LEADER_NOT_AVAILABLE', 'NOT_LEADER_FOR_PARTITION', 'UNKNOWN_TOPIC_OR_PARTITION']);

/** See `Address` for what `brokers` may say. Connects to nothing yet. */
export function openKafka(brokers: string, { clientId, log = () => undefined }: KafkaOptions): Kafka {
  const { brokers: hosts, tls, login, shown } = addressOf(brokers);
  quietIdleTimers();
  const connect = (): Client => new Client({
    clientId,
    brokers: [...hosts],
    ...(tls ? { ssl: true } : {}),
    ...(login === null ? {} : { sasl: login as { mechanism: 'plain'; username: string; password: string } }), // of the three mechanisms one
    connectionTimeout: limits.CONNECT_MS_MAX,
    requestTimeout: limits.REQUEST_MS_MAX,
    retry: { retries: limits.RETRIES_MAX, initialRetryTime: limits.RETRY_PAUSE_MS, maxRetryTime: limits.RETRY_PAUSE_MS_MAX },
    logLevel: logLevel.WARN,
    logCreator: () => ({ level, log: { message } }) => log(level === logLevel.ERROR ? 'error' : 'warn', message),
  });
  const client = connect();
  let connected: Promise<Admin> | null = null;
  const tried = async <Result>(work: (admin: Admin) => Promise<Result>): Promise<Result> => {
    try {
      connected ??= (async () => {
        const fresh = client.admin();
        await fresh.connect();
        return fresh;
      })();
      return await work(await connected);
    } catch (error) {
      // A broker that refuses is well; others may be at work on the same connection.
      if (typeOf(error) !== '') throw error;
      // Whatever broke it, the next call begins anew.
      const broken = connected;
      connected = null;
      // It is broken: that it cannot be closed either is no news.
      void broken?.then((old) => old.disconnect()).catch(() => undefined);
      throw error;
    }
  };
  const admin = async <Result>(what: string, work: (admin: Admin) => Promise<Result>): Promise<Result> => {
    for (let times = 1; ; times++) {
      try {
        return await tried(work);
      } catch (error) {
        const failure = fault(`${what} (Kafka at ${shown})`, error);
        // A broker that has just started does not know its groups yet.
        if (!PASSING.has(typeOf(error)) || times >= limits.RETRIES_MAX) throw failure;
        await new Promise((resolve) => setTimeout(resolve, limits.RETRY_PAUSE_MS * times));
      }
    }
  };
  const offsetsOf = (topic: string): Promise<ReadonlyMap<number, { readonly begin: bigint; readonly end: bigint }>> =>
    admin(`asking where ${topic} ends`, async (asked) => new Map((await asked.fetchTopicOffsets(topic)).map(({ partition, low, high }) => [partition, { begin: BigInt(low), end: BigInt(high) }])));
  const endsOf = async (topic: string): Promise<ReadonlyMap<number, bigint>> => new Map(Array.from(await offsetsOf(topic), ([partition, { end }]) => [partition, end]));

  return {
    shown,
    ensureTopics: (topics) => {
      const made = admin('making topics', async (asked) => {
        const known = new Set(await asked.listTopics());
        const missing = topics.filter(({ name }) => !known.has(name));
        if (missing.length === 0) return;
        await asked.createTopics({
          waitForLeaders: true,
          topics: missing.map(({ name, partitions, settings = {} }) => ({
            topic: name,
            numPartitions: partitions,
            replicationFactor: -1,
            configEntries: Object.entries(settings).map(([key, value]) => ({ name: key, value })),
          })),
        });
      });
      // A server that takes connections and says nothing would be waited for without end where there is a login.
      return within(made, limits.TOPICS_MS_MAX, () => new KafkaError(`making topics (Kafka at ${shown}): no answer within ${limits.TOPICS_MS_MAX} ms`, true));
    },
    publisher: () => new Publisher(connect(), endsOf),
    consumer: (options) => new Consumer(connect(), options),
    async *read(topic) {
      const offsets = await offsetsOf(topic);
      yield* readTopic(connect(), topic, new Map(Array.from(offsets).flatMap(([partition, { begin, end }]) => (begin < end ? [[partition, end] as const] : []))));
    },
    offsets: async (group, topic) => {
      const ends = await offsetsOf(topic);
      const committed = await admin(`asking how far ${group} is`, async (asked) => (await asked.fetchOffsets({ groupId: group, topics: [topic] }))[0]?.partitions ?? []);
      return Array.from(ends, ([partition, { begin, end }]) => {
        const offset = BigInt(committed.find((one) => one.partition === partition)?.offset ?? -1);
        return { partition, begin, end, committed: offset < 0n ? null : offset };
      });
    },
    resetGroup: (group, topic) => admin(`resetting ${group}`, (asked) => asked.resetOffsets({ groupId: group, topic, earliest: true })),
    whyNot: async () => {
      try {
        await within(admin('asking for the brokers', (asked) => asked.describeCluster()), limits.HEALTH_MS_MAX, () => new KafkaError(`Kafka at ${shown} did not answer within ${limits.HEALTH_MS_MAX} ms`, true));
        return null;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    close: async () => {
      const last = connected;
      connected = null;
      const closed = last?.then((old) => old.disconnect());
      // Where the brokers are gone there is nothing to close.
      if (closed !== undefined) await within(closed, limits.LEAVE_MS_MAX, () => new KafkaError(`closing (Kafka at ${shown}): no answer`, true)).catch(() => undefined);
    },
  };
}
