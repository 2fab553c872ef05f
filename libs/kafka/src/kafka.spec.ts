// On a real broker: what is delivered, committed and lost when consumers and the broker come and go.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { startKafka, type RunningServer } from '@trellis/servers';
import type { Batch, ConsumerOptions } from './consumer.js';
import { FETCH_BYTES_MAX, HEALTH_MS_MAX } from './limits.js';
import { openKafka, type Kafka } from './open-kafka.js';

const SESSION_MS = 2_000;
const LONG = 90_000;

let server: RunningServer;
let kafka: Kafka;
const ending: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  server = await startKafka({ own: true });
  kafka = openKafka(server.address, { clientId: 'spec' });
}, LONG);
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
}, LONG);
afterAll(async () => {
  await kafka.close();
  await server.stop();
}, LONG);

const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (value: Uint8Array | null): string => Buffer.from(value ?? []).toString();

async function topic(partitions = 3, settings: Record<string, string> = {}): Promise<string> {
  const name = `spec-${randomUUID()}`;
  await kafka.ensureTopics([{ name, partitions, settings }]);
  return name;
}

async function publish(to: string, values: readonly string[], keyOf: (n: number) => string = (n) => `k${n % 7}`): Promise<void> {
  const publisher = kafka.publisher();
  await publisher.publish(to, values.map((value, n) => ({ key: bytes(keyOf(n)), value: bytes(value), headers: { n: String(n) } })));
  await publisher.close();
}

const numbers = (from: number, count: number): string[] => Array.from({ length: count }, (_, n) => String(from + n));

interface Running {
  readonly seen: string[];
  readonly failures: string[];
  readonly consumer: ReturnType<Kafka['consumer']>;
  /** Leaves the group. */
  stop(): Promise<void>;
}

/** Commits whatever it was delivered, unless told not to. */
function consume(from: string, { commits = true, client = kafka, group = 'g', ...options }: Partial<ConsumerOptions> & { commits?: boolean; client?: Kafka } = {}): Running {
  const seen: string[] = [];
  const failures: string[] = [];
  const stop = new AbortController();
  const consumer = client.consumer({
    group: `${from}-${group}`,
    topics: [from],
    sessionMsMax: SESSION_MS,
    failed: (error) => void failures.push(error instanceof Error ? error.message : String(error)),
    ...options,
    deliver: async (batch) => {
      await options.deliver?.(batch);
      seen.push(...batch.messages.map(({ value }) => text(value)));
      if (commits) await consumer.commit(from, new Map([[batch.partition, (batch.messages.at(-1)?.offset ?? -1n) + 1n]]));
    },
  });
  const running = consumer.run(stop.signal);
  const end = async (): Promise<void> => {
    stop.abort();
    await running;
  };
  ending.push(end);
  return { seen, failures, consumer, stop: end };
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = performance.now() + 40_000; performance.now() < end; await sleep(20)) if (await isSo()) return;
  throw new Error(`still not so: ${what}`);
}

const lag = async (of: string, group = 'g'): Promise<number> =>
  (await kafka.offsets(`${of}-${group}`, of)).reduce((sum, { committed, begin, end }) => sum + Number(end - (committed ?? begin)), 0);

describe('publishing', () => {
  it('says where the last message of each partition landed, keys land together and where Java puts them', async () => {
    const to = await topic(4);
    const publisher = kafka.publisher();
    const published = await publisher.publish(to, numbers(0, 2_500).map((value, n) => ({ key: bytes(`k${n % 7}`), value: bytes(value), headers: {} })));
    const more = await publisher.publish(to, [{ key: null, value: bytes('x'), headers: {}, partition: 3 }]);
    await publisher.close();
    const ends = new Map((await kafka.offsets('none', to)).map(({ partition, end }) => [partition, end]));
    for (const { partition, offset } of published) expect(offset).toBe((ends.get(partition) ?? 0n) - 1n - (partition === 3 ? 1n : 0n));
    expect(more).toEqual([{ partition: 3, offset: (ends.get(3) ?? 0n) - 1n }]);
    const partitionOf = new Map<string, Set<number>>();
    for await (const page of kafka.read(to)) for (const { key, partition } of page) if (key !== null) partitionOf.set(text(key), (partitionOf.get(text(key)) ?? new Set()).add(partition));
    expect([...partitionOf.values()].every(({ size }) => size === 1)).toBe(true);
    // murmur2 of the Java client, positive, modulo 4: computed with org.apache.kafka.common.utils.Utils.
    expect(['k0', 'k1', 'k2', 'k3'].map((key) => [...(partitionOf.get(key) ?? [])][0])).toEqual(JAVA_PARTITIONS);
  });

  it('refuses a message that the topic may not hold, and goes on with the next', async () => {
    const to = await topic(1, { 'max.message.bytes': '10000' });
    const publisher = kafka.publisher();
    await expect(publisher.publish(to, [{ key: null, value: Buffer.alloc(20_000), headers: {} }])).rejects.toMatchObject({ name: 'KafkaError', retriable: false });
    expect(await publisher.publish(to, [{ key: null, value: bytes('small'), headers: {} }])).toEqual([{ partition: 0, offset: 0n }]);
    await publisher.close();
    await expect(publisher.publish(to, [{ key: null, value: bytes('late'), headers: {} }])).rejects.toThrow('the publisher is closed');
  });

  it('makes topics once, however many ask at the same time, and leaves others as they are', async () => {
    const name = `spec-${randomUUID()}`;
    const other = openKafka(server.address, { clientId: 'other' });
    await Promise.all([kafka, other, kafka].map((each) => each.ensureTopics([{ name, partitions: 2 }])));
    await other.ensureTopics([{ name, partitions: 5 }]);
    expect(await other.offsets('none', name)).toHaveLength(2);
    await other.close();
  });
});

it('says why a topic cannot be made', async () => {
  await expect(kafka.ensureTopics([{ name: `spec-${randomUUID()}`, partitions: 1, settings: { 'cleanup.policy': 'magic' } }])).rejects.toMatchObject({ name: 'KafkaError', retriable: false, message: expect.stringMatching(/configuration/i) as string });
});

describe('consuming', () => {
  it('delivers every message once and in the order of its key while nothing happens', async () => {
    const from = await topic();
    await publish(from, numbers(0, 3_000));
    const { seen } = consume(from);
    await until('all are there', () => seen.length >= 3_000);
    expect(new Set(seen).size).toBe(3_000);
    for (let key = 0; key < 7; key++) {
      const ofKey = seen.map(Number).filter((n) => n % 7 === key);
      expect(ofKey).toEqual(ofKey.toSorted((a, b) => a - b));
    }
    await until('all is committed', async () => (await lag(from)) === 0);
  });

  it('hands on no more at once than was asked for', async () => {
    const from = await topic(1);
    await publish(from, numbers(0, 950));
    const sizes: number[] = [];
    const { seen } = consume(from, { messagesMax: 100, deliver: (batch) => Promise.resolve(void sizes.push(batch.messages.length)) });
    await until('all are there', () => seen.length === 950);
    expect(Math.max(...sizes)).toBe(100);
  });

  it('delivers a batch again until it is taken, and others meanwhile', async () => {
    const from = await topic(2);
    await publish(from, numbers(0, 10), () => 'k1');
    await publish(from, numbers(100, 10), () => 'k3');
    const stuck = new Set<number>();
    let failures = 3;
    const running = consume(from, {
      deliver: ({ partition, messages }: Batch) => {
        if (messages.some(({ value }) => text(value) === '5') && failures-- > 0) {
          stuck.add(partition);
          return Promise.reject(new Error('not yet'));
        }
        return Promise.resolve();
      },
    });
    await until('all are there', () => running.seen.length >= 20);
    expect(running.failures).toEqual(['not yet', 'not yet', 'not yet']);
    expect(stuck.size).toBe(1);
    // Whatever is stuck, the rest has passed it by.
    expect(running.seen.indexOf('100')).toBeLessThan(running.seen.indexOf('5'));
    await until('nothing waits any more', () => running.consumer.status().paused.length === 0);
  });

  it('goes on behind what was committed, and again with what was not', async () => {
    const from = await topic(1);
    await publish(from, numbers(0, 10));
    const first = consume(from);
    await until('all are there', () => first.seen.length === 10);
    await first.stop();
    await publish(from, numbers(10, 5));
    const second = consume(from, { commits: false });
    await until('the new ones are there', () => second.seen.length === 5);
    await second.stop();
    const third = consume(from);
    await until('they come again', () => third.seen.length === 5);
    expect(third.seen).toEqual(numbers(10, 5));
  });

  it('shares partitions, and gives them to who is left', async () => {
    const from = await topic(4);
    const [one, other] = [consume(from), consume(from)];
    const share = ({ consumer }: Running): number => consumer.status().assigned.length;
    await until('both have two', () => share(one) === 2 && share(other) === 2);
    await other.stop();
    await until('one has all', () => share(one) === 4);
    expect(await other.consumer.commit(from, new Map([[0, 1n]]))).toBe(false);
  }, LONG);

  it('keeps its place through work that takes longer than a session', async () => {
    const from = await topic(1);
    await publish(from, numbers(0, 3));
    const running = consume(from, { messagesMax: 1, deliver: ({ messages }) => (text(messages[0]?.value ?? null) === '1' ? sleep(SESSION_MS * 2) : Promise.resolve()) });
    await until('all are there', () => running.seen.length === 3);
    expect([running.seen, running.failures]).toEqual([numbers(0, 3), []]);
  }, LONG);

  it('fetches nothing on while it is stuck', async () => {
    const from = await topic(1);
    const large = 'x'.repeat(50_000);
    for (let n = 0; n < 10; n++) await publish(from, Array.from({ length: 40 }, () => large));
    const gate = Promise.withResolvers<void>();
    let held = 0;
    const running = consume(from, {
      deliver: async ({ messages }) => {
        held += messages.reduce((sum, { value }) => sum + (value?.length ?? 0), 0);
        await gate.promise;
      },
    });
    await until('something is held', () => held > 0);
    await sleep(1_500);
    // 20 MB wait at the broker.
    expect(held).toBeLessThanOrEqual(FETCH_BYTES_MAX);
    gate.resolve();
    await until('all are there', () => running.seen.length === 400);
  }, LONG);

  it('begins anew when its group is reset', async () => {
    const from = await topic(2);
    await publish(from, numbers(0, 20));
    const first = consume(from);
    await until('all is committed', async () => first.seen.length === 20 && (await lag(from)) === 0);
    await first.stop();
    await kafka.resetGroup(`${from}-g`, from);
    const second = consume(from);
    await until('all come again', () => second.seen.length === 20);
  }, LONG);
});

describe('reading to the end', () => {
  it('gives what is in a topic now, and ends', async () => {
    const from = await topic(2);
    const all = async (): Promise<string[]> => {
      const values: string[] = [];
      for await (const page of kafka.read(from)) {
        values.push(...page.map(({ value }) => text(value)));
        await sleep(1);
      }
      return values;
    };
    expect(await all()).toEqual([]);
    await publish(from, numbers(0, 5_000));
    expect((await all()).map(Number).sort((a, b) => a - b)).toEqual(numbers(0, 5_000).map(Number));
    const groups = await kafka.offsets('none', from);
    expect(groups.every(({ committed }) => committed === null)).toBe(true);
  }, LONG);
});

describe('a broker that is killed', () => {
  it('is met again by publishers and consumers; nothing that was acknowledged is lost', async () => {
    const from = await topic(2);
    const running = consume(from);
    const publisher = kafka.publisher();
    ending.push(() => publisher.close());
    const sent: string[] = [];
    for (let n = 0; n < 40; n++) {
      if (n === 15) {
        await server.kill();
        setTimeout(() => void server.start(), 500);
      }
      const values = numbers(n * 50, 50);
      for (;;) {
        try {
          await publisher.publish(from, values.map((value) => ({ key: bytes(value), value: bytes(value), headers: {} })));
          break;
        } catch (error) {
          expect(error).toMatchObject({ name: 'KafkaError' });
          await sleep(200);
        }
      }
      sent.push(...values);
    }
    await until('all that was acknowledged is there', () => new Set(running.seen).size === sent.length);
  }, LONG);

  it('makes health say so within its limit, and close does not hang', async () => {
    const other = openKafka(server.address, { clientId: 'other' });
    expect(await other.whyNot()).toBeNull();
    await server.kill();
    try {
      const since = performance.now();
      expect(await other.whyNot()).toContain(server.address);
      // Twice the limit: what is asked is whether it waits for the client's own tries.
      expect(performance.now() - since).toBeLessThan(HEALTH_MS_MAX * 2 + 3_000);
      await other.close();
    } finally {
      await server.start();
    }
    await until('it answers', async () => (await kafka.whyNot()) === null);
  }, LONG);
});

// Of k0 to k3 with four partitions.
const JAVA_PARTITIONS = [1, 1, 1, 0];
