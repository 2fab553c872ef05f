// The log as a topic of a real Kafka: everything, in the order of its stream, and on from where the last relay was.
import { randomUUID } from 'node:crypto';
import { eventMessage, eventRecord, openTransport, type Transport } from '@trellis/engine';
import { MemoryStore, type EventId, type Recorded, type StreamName } from '@trellis/event-sourcing';
import { startKafka, type RunningServer } from '@trellis/servers';
import { Coverage } from './coverage.js';
import { Relay } from './relay.js';

const LONG = 90_000;
const UNTIL_MS_MAX = 20_000;

let server: RunningServer;
let transport: Transport;
let store: MemoryStore;
beforeAll(async () => {
  server = await startKafka();
}, LONG);
beforeEach(async () => {
  transport = await openTransport({ kafkaBrokers: server.address, namespace: `spec-${randomUUID()}`, ingressTenants: [] }, { clientId: 'spec' });
  store = new MemoryStore(Date.now);
}, LONG);
afterEach(() => transport.close(), LONG);
afterAll(() => server.stop(), LONG);

let last = 0;
/** Events of several streams in turn. */
async function appended(events: number, streams = 7): Promise<void> {
  for (let n = 0; n < events; n++) {
    const id = `00000000-0000-5000-8000-${String(++last).padStart(12, '0')}`;
    // The casts name things by their pattern.
    await store.append(`learner-north.l${n % streams}` as StreamName, [{ id: id as EventId, type: 'AnswerGiven', digest: '0'.repeat(16), bytes: Buffer.from(id) }], 'any');
  }
}

/** Runs a relay until it has published up to the head of the log. */
async function relayed(coverage = new Coverage()): Promise<number> {
  const relay = new Relay(transport, store, coverage);
  const stop = new AbortController();
  const running = relay.run(stop.signal);
  const head = await store.head();
  for (const end = performance.now() + UNTIL_MS_MAX; relay.status().position !== head; await new Promise((resolve) => setTimeout(resolve, 10))) {
    if (performance.now() > end) throw new Error(`the relay is still at ${relay.status().position}`);
  }
  stop.abort();
  await running;
  return relay.status().published;
}

async function published(): Promise<readonly Recorded[]> {
  const records: Recorded[] = [];
  for await (const page of transport.kafka.read(transport.topics.events)) records.push(...page.flatMap((message) => eventRecord(message) ?? []));
  return records;
}

async function logged(): Promise<readonly Recorded[]> {
  const records: Recorded[] = [];
  for await (const page of store.readAll()) records.push(...page);
  return records;
}

const byStream = (records: readonly Recorded[]): object => Object.groupBy(records.map(({ bytes, ...record }) => ({ ...record, bytes: Buffer.from(bytes).toString() })), ({ stream }) => stream);

it('publishes every event once, in the order of its stream, with the stream as its key', async () => {
  await appended(1_500);
  expect(await relayed()).toBe(1_500);
  expect(byStream(await published())).toEqual(byStream(await logged()));
});

it('publishes events that come one by one together', async () => {
  let publications = 0;
  const { kafka } = transport;
  const counted = new Proxy(kafka, {
    get: (of, name) =>
      name !== 'publisher' ? Reflect.get(of, name) : () => {
        const publisher = of.publisher();
        const publish = publisher.publish.bind(publisher);
        publisher.publish = (topic, messages) => {
          if (topic === transport.topics.events) publications++;
          return publish(topic, messages);
        };
        return publisher;
      },
  });
  const relay = new Relay({ ...transport, kafka: counted }, store, new Coverage());
  const stop = new AbortController();
  const running = relay.run(stop.signal);
  const began = performance.now();
  for (let n = 0; n < 100; n++) {
    await appended(1);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  const head = await store.head();
  for (const end = performance.now() + UNTIL_MS_MAX; relay.status().position !== head && performance.now() < end; ) await new Promise((resolve) => setTimeout(resolve, 10));
  const tookMs = performance.now() - began;
  stop.abort();
  await running;
  expect(relay.status().published).toBe(100);
  // One every 50 ms, however long it takes.
  expect(publications).toBeLessThanOrEqual(2 + tookMs / 45);
  expect(byStream(await published())).toEqual(byStream(await logged()));
});

it('goes on behind what the last one has published', async () => {
  await appended(100);
  await relayed();
  await appended(30);
  expect(await relayed()).toBe(30);
  expect(byStream(await published())).toEqual(byStream(await logged()));
  expect(await relayed()).toBe(0);
});

it('publishes again what it had published and not noted, in the same order', async () => {
  await appended(20);
  await relayed();
  await appended(10);
  // Another one that was killed before it could note anything.
  const publisher = transport.kafka.publisher();
  await publisher.publish(transport.topics.events, (await logged()).slice(20).map(eventMessage));
  await publisher.close();
  expect(await relayed()).toBe(10);
  const all = await published();
  expect(all).toHaveLength(40);
  const seen = new Set<string>();
  expect(byStream(all.filter(({ id }) => !seen.has(id) && seen.add(id)))).toEqual(byStream(await logged()));
});

it('covers a position once everything that it published up to there is committed', async () => {
  await appended(50);
  const coverage = new Coverage();
  await relayed(coverage);
  const ends = new Map((await transport.kafka.offsets('nobody', transport.topics.events)).map(({ partition, end }) => [partition, end]));
  const [busy, end] = [...ends].find(([, at]) => at > 0n) ?? [0, 0n];
  expect(coverage.covered(new Map([...ends, [busy, end - 1n]]))).toBeNull();
  expect(coverage.covered(ends)).toBe(await store.head());
});

it('waits for events where the log has none, and notes nothing', async () => {
  expect(await relayed()).toBe(0);
  expect((await transport.kafka.offsets('nobody', transport.topics.relay)).map(({ end }) => end)).toEqual([0n]);
});
