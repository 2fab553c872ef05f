// Events from a real Kafka: what is appended, committed and parked when messages come twice, are broken, or cannot be kept for a while.
import { randomUUID } from 'node:crypto';
import { engineOn, openTransport, type Engine, type Message, type Transport } from '@trellis/engine';
import { known, MemoryViews, type Envelope } from '@trellis/event-sourcing';
import { learnerStream, trellisCodec, type LearnerId, type TenantId } from '@trellis/learning';
import { startKafka, type RunningServer } from '@trellis/servers';
import { createService } from '@trellis/service';
import { FixedClock, LogLines, requestsTo, testConfig, type Send } from '@trellis/service/testing';
import { IngestModule } from './ingest.module.js';
import { discardParked, listParked, retryParked } from './parked.js';
import { algebra, MeetingStore, MINUTE, row } from './testing.js';

const LONG = 90_000;
const UNTIL_MS_MAX = 20_000;

let server: RunningServer;
const ending: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  server = await startKafka();
}, LONG);
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
}, LONG);
afterAll(() => server.stop(), LONG);

/** Topics of its own for each spec. */
async function brokers(ingressTenants: readonly string[] = ['default']): Promise<Transport> {
  const transport = await openTransport({ kafkaBrokers: server.address, namespace: `spec-${randomUUID()}`, ingressTenants }, { clientId: 'spec' });
  ending.push(() => transport.close());
  return transport;
}

/** The same topics for a group that has committed nothing: it is given all from the beginning. */
function anew({ groups, ...transport }: Transport): Transport {
  return { ...transport, groups: { ...groups, ingest: `${groups.ingest}-${randomUUID()}` } };
}

/** Appends from Kafka fail for as long as it is told to. */
class FailingStore extends MeetingStore {
  failing = false;

  override appendObservations(...asked: Parameters<MeetingStore['appendObservations']>): ReturnType<MeetingStore['appendObservations']> {
    return this.failing ? Promise.reject(new Error('the log takes no appends')) : super.appendObservations(...asked);
  }
}

interface Ingesting {
  readonly send: Send;
  readonly log: LogLines;
  events(learner: string, tenant?: string): Promise<readonly Envelope[]>;
  stop(): Promise<void>;
}

/** The service over the store; its clock stands so much later than ours. */
async function ingest(transport: Transport, store = new FailingStore(Date.now), laterMs = 0): Promise<Ingesting> {
  const engine = await engineOn({ store, views: new MemoryViews(), codec: trellisCodec() });
  const log = new LogLines();
  const clock = new FixedClock(Date.now() + laterMs);
  const service = await createService(IngestModule.over(engine, transport), { name: 'ingest', config: testConfig(), clock, logTo: log, close: () => engine.close() });
  ending.push(() => service.stop());
  return { send: requestsTo(service), log, events: (learner, tenant) => eventsOf(engine, learner, tenant), stop: () => service.stop() };
}

async function eventsOf({ sources: { store, codec } }: Engine, learner: string, tenant = 'default'): Promise<readonly Envelope[]> {
  const events: Envelope[] = [];
  // The casts: names that keep to their patterns.
  for await (const page of store.read(learnerStream(tenant as TenantId, learner as LearnerId))) events.push(...known(codec, page));
  return events;
}

async function publish({ kafka }: Transport, topic: string, values: readonly (object | string)[], headers: Message['headers'] = {}): Promise<void> {
  const publisher = kafka.publisher();
  await publisher.publish(topic, values.map((value) => ({ key: Buffer.from('ada'), value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), headers })));
  await publisher.close();
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + UNTIL_MS_MAX; performance.now() < end; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`still not so after ${UNTIL_MS_MAX} ms: ${what}`);
}

const topicOf = ({ topics }: Transport, tenant = 'default'): string => [...topics.ingress].find(([, of]) => of === tenant)?.[0] ?? '';
const committed = async (transport: Transport, topic = topicOf(transport)): Promise<bigint> =>
  (await transport.kafka.offsets(transport.groups.ingest, topic)).reduce((sum, { committed: next }) => sum + (next ?? 0n), 0n);
const counted = async ({ send }: Ingesting, outcome: string): Promise<number> => {
  const { text } = await send('GET', '/metrics');
  return Number(new RegExp(`trellis_events_total\\{source="kafka",outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? NaN);
};
const answer = (n: number, changes: object = {}): object => row({ id: `e${n}`, ...changes }, { skills: ['add'] });

it('takes events in the order of their key, and commits what it has appended', async () => {
  const transport = await brokers();
  await publish(transport, topicOf(transport), Array.from({ length: 40 }, (_, n) => answer(n, { sequence: n })));
  const service = await ingest(transport);
  expect(await counted(service, 'accepted')).toBe(0);
  await until('all are committed', async () => (await committed(transport)) === 40n);
  expect((await service.events('ada')).map(({ meta }) => meta.sequence)).toEqual(Array.from({ length: 40 }, (_, n) => n));
  expect(await counted(service, 'accepted')).toBe(40);
  expect(await counted(service, 'parked')).toBe(0);
  expect((await service.send('GET', '/health/ready')).json()).toMatchObject({ ready: true, checks: { kafka: null } });
  const { text } = await service.send('GET', '/metrics');
  expect(text).toContain('trellis_dependency_up{dependency="kafka"} 1');
  expect(text).toMatch(/trellis_ingress_lag_events\{topic="spec-[^"]*\.ingress",partition="\d+"\} 0/);
});

it('gives an event without a time the same time and place whenever it is delivered, so that it is one answer', async () => {
  const transport = await brokers();
  const store = new FailingStore(Date.now);
  await publish(transport, topicOf(transport), [answer(0), answer(1, { occurredAt: undefined })]);
  const first = await ingest(transport, store);
  await until('both are committed', async () => (await committed(transport)) === 2n);
  const events = await first.events('ada');
  expect(events[1]?.meta).toMatchObject({ timeBasis: 'received', sequence: 1 });
  await first.stop();

  const again = await ingest(anew(transport), store, 3 * MINUTE);
  await until('both have come again', async () => (await counted(again, 'duplicate')) >= 2);
  expect(await again.events('ada')).toEqual(events);
  await again.stop();

  const elsewhere = await ingest(anew(transport), new FailingStore(Date.now), 3 * MINUTE);
  await until('an empty log has both', async () => (await counted(elsewhere, 'accepted')) === 2);
  expect((await elsewhere.events('ada')).map(({ id, meta }) => [id, meta])).toEqual(events.map(({ id, meta }) => [id, meta]));
});

it('commits nothing while appends fail, waits, and then takes the same messages', async () => {
  const transport = await brokers();
  const store = new FailingStore(Date.now);
  store.failing = true;
  await publish(transport, topicOf(transport), [answer(0), 'not JSON', answer(1)]);
  const service = await ingest(transport, store);
  const failures = (): number => service.log.lines.filter(({ msg }) => String(msg).startsWith('events from Kafka could not be taken')).length;
  await until('it has tried twice', () => Promise.resolve(failures() >= 2));
  expect(await committed(transport)).toBe(0n);
  expect(await listParked(transport)).toEqual([]);
  expect(await counted(service, 'accepted')).toBe(0);
  store.failing = false;
  await until('all are committed', async () => (await committed(transport)) === 3n);
  expect(await service.events('ada')).toHaveLength(2);
  expect([await counted(service, 'accepted'), await counted(service, 'parked')]).toEqual([2, 1]);
});

it('parks what cannot be taken, with the reason, and takes what is sent again once it can', async () => {
  const transport = await brokers();
  const topic = topicOf(transport);
  const service = await ingest(transport);
  await publish(transport, topic, [row({ id: 'first' }, { skills: ['add'] }), 'poison', row({ id: 'unknown' }), row({ id: 'last' }, { skills: ['add'] })], { traceparent: 'x' });
  await until('all are committed', async () => (await committed(transport)) === 4n);
  const parked = await listParked(transport);
  expect(parked.map(({ reason: { code, field } }) => [code, field])).toEqual([['malformed-json', 'value'], ['unknown-item', 'data.item']]);
  expect(Buffer.from(parked[0]?.original.value ?? []).toString()).toBe('poison');
  expect(parked.map(({ original: { headers } }) => headers)).toEqual([{ traceparent: 'x' }, { traceparent: 'x' }]);

  expect((await service.send('PUT', '/v1/courses/algebra', algebra())).status).toBeLessThan(300);
  await retryParked(transport, parked);
  await until('both have come again', async () => (await committed(transport)) === 6n);
  expect(await counted(service, 'accepted')).toBe(3);
  const left = await listParked(transport);
  expect(left.map(({ reason: { code }, offset }) => [code, offset])).toEqual([['malformed-json', 4n]]);
  await discardParked(transport, left);
  expect(await listParked(transport)).toEqual([]);
});

it('keeps what comes in by the topic of a tenant for that tenant', async () => {
  const transport = await brokers(['default', 'north']);
  const north = topicOf(transport, 'north');
  expect(north).toMatch(/\.ingress\.north$/);
  const service = await ingest(transport);
  await publish(transport, north, [answer(0)]);
  await until('it is committed', async () => (await committed(transport, north)) === 1n);
  expect(await service.events('ada', 'north')).toHaveLength(1);
  expect(await service.events('ada')).toEqual([]);
});
