// Rows from what a real Kafka delivers: they follow the log, and an offset is committed only when its event is in them.
import { randomUUID } from 'node:crypto';
import { engineOn, openTransport, type Engine, type Transport } from '@trellis/engine';
import { eventCodec, MemoryStore, MemoryViews, type EventId, type StreamName } from '@trellis/event-sourcing';
import { startKafka, type RunningServer } from '@trellis/servers';
import { createService } from '@trellis/service';
import { LogLines, requestsTo, testConfig, type Send } from '@trellis/service/testing';
import { ProjectorModule } from './projector.module.js';

const LONG = 90_000;
const UNTIL_MS_MAX = 25_000;
const PARTITIONS = 12;

/** Fails to write rows for as long as it is told to. */
class FailingViews extends MemoryViews {
  failing = false;

  override write(...asked: Parameters<MemoryViews['write']>): Promise<void> {
    return this.failing ? Promise.reject(new Error('the rows are out of reach')) : super.write(...asked);
  }
}

let server: RunningServer;
let transport: Transport;
let store: MemoryStore;
let views: FailingViews;
const ending: (() => Promise<unknown>)[] = [];
beforeAll(async () => {
  server = await startKafka();
}, LONG);
beforeEach(async () => {
  transport = await openTransport({ kafkaBrokers: server.address, namespace: `spec-${randomUUID()}`, ingressTenants: [] }, { clientId: 'spec' });
  store = new MemoryStore(Date.now);
  views = new FailingViews();
}, LONG);
afterEach(async () => {
  for (const end of ending.splice(0).reverse()) await end();
  await transport.close();
}, LONG);
afterAll(() => server.stop(), LONG);

interface Projector {
  readonly engine: Engine;
  readonly send: Send;
  stop(): Promise<void>;
}

/** One of any number over the same log and the same rows. */
async function projector(): Promise<Projector> {
  const engine = await engineOn({ store, views, codec: eventCodec({ dictionary: [], types: {} }) });
  const service = await createService(ProjectorModule.over(engine, transport), { name: 'projector', config: testConfig(), logTo: new LogLines(), close: () => engine.close() });
  ending.push(() => service.stop());
  return { engine, send: requestsTo(service), stop: () => service.stop() };
}

let last = 0;
async function answered({ engine }: Projector, learner: string, times = 1): Promise<void> {
  for (let n = 0; n < times; n++) {
    // The casts name things by their pattern.
    const id = `00000000-0000-5000-8000-${String(++last).padStart(12, '0')}` as EventId;
    const event = { type: 'AnswerGiven', data: { item: 'a1', skills: ['a'], score: 1, attempt: 1, hints: 0 } };
    await store.append(`learner-north.${learner}` as StreamName, [engine.sources.codec.encode(id, '0'.repeat(16), event, { source: 'spec', occurredAt: last, schema: 1 })], 'any');
  }
}

async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  for (const end = performance.now() + UNTIL_MS_MAX; performance.now() < end; ) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`still not so after ${UNTIL_MS_MAX} ms: ${what}`);
}

const revision = async (learner: string): Promise<number> => (await views.read({ name: 'learner' }, [`north.${learner}`]))[0]?.revision ?? -1;
/** An event may be published more than once, so this counts what is left of those that are there. */
const offsets = async (): Promise<{ readonly published: number; readonly left: number }> => {
  const all = await transport.kafka.offsets(transport.groups.projector, transport.topics.events);
  const sum = (of: (one: (typeof all)[number]) => bigint): number => Number(all.reduce((total, one) => total + of(one), 0n));
  return { published: sum(({ end }) => end), left: sum(({ end, begin, committed }) => end - (committed ?? begin)) };
};
const committed = async (events: number): Promise<boolean> => {
  const { published, left } = await offsets();
  return published >= events && left === 0;
};
const checks = async ({ send }: Projector): Promise<Readonly<Record<string, string | null>>> => (await send('GET', '/health/ready')).json<{ checks: Readonly<Record<string, string | null>> }>().checks;
const metrics = async ({ send }: Projector): Promise<string> => (await send('GET', '/metrics')).text;
const partitions = (text: string): readonly string[] => [...text.matchAll(/trellis_projector_lag_events\{view="learner",partition="(\d+)"\}/g)].map(([, partition = '']) => partition);
const leads = (text: string): boolean => /^trellis_relay_active 1$/m.test(text);
const folded = (text: string): number => Number(/^trellis_projector_events_total\{view="learner"\} (\d+)$/m.exec(text)?.[1] ?? NaN);

it('writes rows soon after the events, and commits what is in them', async () => {
  const one = await projector();
  for (const learner of ['ada', 'bob', 'cem']) await answered(one, learner, 3);
  await until('all rows are there', async () => (await Promise.all(['ada', 'bob', 'cem'].map(revision))).every((at) => at === 2));
  await until('all is committed', () => committed(9));
  await answered(one, 'ada');
  await until('the row has followed', async () => (await revision('ada')) === 3);
  await until('it is committed too', () => committed(10));
  expect(await checks(one)).toMatchObject({ kafka: null, rows: null, leading: null });
  const text = await metrics(one);
  expect(partitions(text)).toHaveLength(PARTITIONS);
  expect(text).not.toMatch(/trellis_projector_lag_events\{[^}]*\} [1-9]/);
  expect(leads(text)).toBe(true);
  expect(text).toMatch(/^trellis_relay_published_total [1-9]\d+$/m);
});

it('commits nothing while rows cannot be written, is not ready and says why, and goes on by itself', async () => {
  const one = await projector();
  await answered(one, 'ada');
  await until('the first is committed', () => committed(1));
  views.failing = true;
  await answered(one, 'ada', 4);
  await until('it has noticed', async () => (await checks(one))['rows'] === 'the rows are out of reach');
  await until('all are relayed, and none is committed', async () => /trellis_projector_lag_events\{view="learner",partition="\d+"\} [4-9]/.test(await metrics(one)));
  expect((await offsets()).left).toBeGreaterThanOrEqual(4);
  expect(await revision('ada')).toBe(0);
  views.failing = false;
  await until('all is committed', () => committed(5));
  expect(await revision('ada')).toBe(4);
  await until('it is well', async () => (await checks(one))['rows'] === null);
});

it('writes what it has folded before it leaves, and another goes on behind it', async () => {
  const one = await projector();
  await answered(one, 'ada', 2);
  await until('they are folded', async () => folded(await metrics(one)) >= 2);
  await one.stop();
  expect([await revision('ada'), (await offsets()).left]).toEqual([1, 0]);
  const two = await projector();
  await answered(two, 'ada', 3);
  await until('all is committed', () => committed(5));
  expect([await revision('ada'), folded(await metrics(two))]).toEqual([4, 3]);
});

it('shares the partitions with another one; one of both leads', async () => {
  const one = await projector();
  await until('it has all', async () => partitions(await metrics(one)).length === PARTITIONS);
  const two = await projector();
  await until('each has half', async () => (await Promise.all([one, two].map(metrics))).every((text) => partitions(text).length === PARTITIONS / 2));
  const learners = Array.from({ length: 20 }, (_, n) => `l${n}`);
  for (const learner of learners) await answered(one, learner, 2);
  await until('all rows are there', async () => (await Promise.all(learners.map(revision))).every((at) => at === 1));
  await until('all is committed', () => committed(40));
  await until('each partition is with one of both, and one leads', async () => {
    const texts = await Promise.all([one, two].map(metrics));
    const all = texts.flatMap(partitions);
    return all.length === PARTITIONS && new Set(all).size === PARTITIONS && texts.filter(leads).length === 1;
  });
});
