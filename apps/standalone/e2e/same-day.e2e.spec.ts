// One scripted day of a class, once on one machine and once through KurrentDB's protocol, Kafka and Redis: the same states to the byte,
// and the same recommendations.
import { openDistributed, openEngine, openTransport, type Engine, type Transport } from '@trellis/engine';
import type { LearnerId, TenantId } from '@trellis/learning';
import { calibrationDocument } from '@trellis/learning/testing';
import { IngestModule } from '@trellis/ingest';
import { ProjectorModule } from '@trellis/projector';
import { RecommenderModule } from '@trellis/recommender';
import { createService, type Service } from '@trellis/service';
import { FixedClock, LogLines, requestsTo, testConfig, type Send } from '@trellis/service/testing';
import { startKafka, startKurrent, startRedis, type RunningServer } from '@trellis/servers';
import { StandaloneModule } from '../src/standalone.module.js';
import { chain, folder, ITEMS_EACH, removeFolders, SKILLS, until } from './testing.js';

const TENANT = 'default' as TenantId;
const MORNING = Date.UTC(2026, 2, 2, 8);
const LEARNERS = 24;
const ROUNDS = 12;
const NAMESPACE = `day-${process.pid}`;
/** Which calibration comes into force after a round. */
const CALIBRATED: Readonly<Record<number, string>> = { 3: 'c1', 8: 'default-1', 9: 'c2' };

interface System {
  readonly ingest: Send;
  readonly recommender: Send;
  readonly engine: Engine;
  readonly clock: FixedClock;
  /** Every process of it rests on this calibration. */
  inForce(calibration: string): Promise<void>;
  /** Rows hold everything. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

interface Said {
  readonly asked: readonly unknown[];
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What the class does, and everything that came back of it but positions, which every store counts in its own way. */
async function day({ ingest, recommender, clock, inForce }: System): Promise<readonly Said[]> {
  const said: Said[] = [];
  const tell = async (send: Send, ...asked: Parameters<Send>): Promise<void> => {
    const { status, text } = await send(...asked);
    const { position: _, ...body } = JSON.parse(text) as Record<string, unknown>;
    said.push({ asked: asked.slice(0, 2), status, body });
  };
  const learners = Array.from({ length: LEARNERS }, (_, n) => `learner-${n}`);
  await tell(ingest, 'PUT', '/v1/courses/chain', chain());
  await tell(recommender, 'PUT', '/v1/classrooms/b7/learners', { course: 'chain', learners });
  const skills = Array.from({ length: SKILLS }, (_, n) => `s${n + 1}`);
  for (const seed of [1, 2]) await tell(ingest, 'POST', '/v1/calibrations', calibrationDocument({ seed, skills, items: skills.map((skill) => `${skill}-1`) }));
  // What the class had done the week before, in batches, with a repeat and a bad row.
  const week = learners.flatMap((learner, n) => Array.from({ length: 20 }, (_, at) => ({
    id: `week-${n}-${at}`, source: 'import', type: 'AnswerGiven', learner, occurredAt: new Date(MORNING - (400 - 17 * at + n) * 60_000).toISOString(),
    data: { item: `s${1 + ((at + n) % SKILLS)}-${1 + (at % ITEMS_EACH)}`, correct: (at * n + at) % 3 > 0 },
  })));
  for (let from = 0; from < week.length; from += 100) await tell(ingest, 'POST', '/v1/events', [...week.slice(from, from + 100), week[0], { ...week[0], id: `bad-${from}`, learner: 'no learner' }]);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [n, learner] of learners.entries()) {
      clock.ms += 7_000;
      const item = `s${1 + ((n + round) % SKILLS)}-${1 + ((n * 3 + round) % ITEMS_EACH)}`;
      const answer = { id: `day-${n}-${round}`, item, correct: (n + round * 5) % 4 > 0, ...(round % 4 === 3 ? {} : { occurredAt: new Date(clock.ms - (round % 3 === 2 ? 90_000 : 1_000)).toISOString() }) };
      await tell(ingest, 'POST', `/v1/learners/${learner}/answers${round % 2 === 0 ? '?next=1' : ''}`, answer);
      if (round % 2 === 1) await tell(recommender, 'POST', `/v1/learners/${learner}/recommendations`, { count: 2, requestId: `ask-${n}-${round}`, ...(round === 5 ? { objective: 'middle' } : {}) });
      // Once more: the same answer, and the same request.
      if ((n + round) % 7 === 0) await tell(ingest, 'POST', `/v1/learners/${learner}/answers${round % 2 === 0 ? '?next=1' : ''}`, answer);
      if (round === 7) await tell(recommender, 'POST', `/v1/learners/${learner}/recommendations`, { count: 2, requestId: `ask-${n}-${round}` });
    }
    const calibration = CALIBRATED[round];
    if (calibration !== undefined) {
      await tell(ingest, 'PUT', '/v1/calibrations/active', { calibration });
      await inForce(calibration);
    }
    if (round === 6) await tell(ingest, 'PUT', '/v1/courses/chain', chain({ title: 'Chain, second term' }));
  }
  for (const learner of learners) await tell(recommender, 'GET', `/v1/learners/${learner}/mastery?course=chain`);
  return said;
}

/** Of every learner the state of the row and of the log, as bytes. */
async function states({ engine }: System): Promise<readonly unknown[]> {
  const view = engine.recommender.learners;
  const keys = Array.from({ length: LEARNERS }, (_, n) => `default.learner-${n}`);
  const rows = await engine.views.read({ name: view.name }, keys);
  return Promise.all(keys.map(async (key, n) => {
    const { state, revision } = await engine.recommender.learner(TENANT, key.slice('default.'.length) as LearnerId);
    const row = rows[n];
    return { key, revision, state: Buffer.from(view.encode(state)).toString('hex'), row: row && { revision: row.revision, version: row.version, state: Buffer.from(row.bytes).toString('hex') } };
  }));
}

const service = (...[module, clock]: [Parameters<typeof createService>[0], FixedClock]): Promise<Service> => createService(module, { name: 'e2e', config: testConfig(), clock, logTo: new LogLines() });

function resting(engines: readonly Engine[], calibration: string): Promise<void> {
  return until(`all rest on ${calibration}`, () => engines.every(({ calibrations }) => calibrations.current(TENANT).id === calibration));
}

async function embedded(): Promise<System> {
  const clock = new FixedClock(MORNING);
  const engine = await openEngine(folder(), { now: () => clock.now() });
  const standalone = await service(StandaloneModule.over(engine), clock);
  const send = requestsTo(standalone);
  const lag = (): Promise<number[]> => Promise.all(engine.projectors.map(({ status }) => engine.sources.store.lag(status().position)));
  return {
    ingest: send,
    recommender: send,
    engine,
    clock,
    inForce: (calibration) => resting([engine], calibration),
    settled: () => until('the rows hold everything', async () => (await lag()).every((events) => events === 0)),
    close: async () => {
      await standalone.stop();
      await engine.close();
    },
  };
}

let servers: readonly RunningServer[] = [];
beforeAll(async () => {
  servers = await Promise.all([startKurrent(), startRedis(), startKafka()]);
}, 120_000);
afterAll(async () => {
  for (const server of servers) await server.stop();
  removeFolders();
}, 60_000);

async function distributed(): Promise<System> {
  const [kurrentUrl = '', redisUrl = '', kafkaBrokers = ''] = servers.map(({ address }) => address);
  const clock = new FixedClock(MORNING);
  const open = (): Promise<Engine> => openDistributed({ kurrentUrl, redisUrl, namespace: NAMESPACE });
  const connect = (clientId: string): Promise<Transport> => openTransport({ kafkaBrokers, namespace: NAMESPACE, ingressTenants: ['default'] }, { clientId });
  // Each service with connections of its own, as the processes have them.
  const [one, two, three] = [await open(), await open(), await open()];
  const [incoming, outgoing] = [await connect('ingest'), await connect('projector')];
  const services = [await service(IngestModule.over(one, incoming), clock), await service(RecommenderModule.over(two), clock), await service(ProjectorModule.over(three, outgoing), clock)] as const;
  const head = async (): Promise<readonly number[]> => {
    const view = one.recommender.learners;
    const keys = Array.from({ length: LEARNERS }, (_, n) => `default.learner-${n}`);
    const rows = await one.views.read({ name: view.name }, keys);
    return Promise.all(keys.map(async (key, n) => (await one.recommender.learner(TENANT, key.slice('default.'.length) as LearnerId)).revision - (rows[n]?.revision ?? -1)));
  };
  return {
    ingest: requestsTo(services[0]),
    recommender: requestsTo(services[1]),
    engine: one,
    clock,
    inForce: (calibration) => resting([one, two, three], calibration),
    settled: () => until('the rows hold everything', async () => (await head()).every((behind) => behind === 0)),
    close: async () => {
      for (const each of services) await each.stop();
      for (const transport of [incoming, outgoing]) await transport.close();
      for (const engine of [one, two, three]) await engine.close();
    },
  };
}

it('ends with byte-identical states and has seen identical recommendations', async () => {
  const systems = [await embedded(), await distributed()] as const;
  try {
    const [here, there] = [await day(systems[0]), await day(systems[1])];
    expect(there).toEqual(here);
    // It was a day: answers and choices, repeats, rows that were refused.
    expect(here.filter(({ status }) => status !== 200)).toEqual([]);
    expect(here.filter(({ body }) => 'recommendation' in body || 'recommendationId' in body).length).toBeGreaterThan(LEARNERS * (ROUNDS - 1));
    expect(here.reduce((sum, { body: { rejected = [] } }) => sum + (rejected as readonly unknown[]).length, 0)).toBe(5);
    for (const system of systems) await system.settled();
    const [one, other] = [await states(systems[0]), await states(systems[1])];
    expect(other).toEqual(one);
    expect(one).not.toContainEqual(expect.objectContaining({ row: null }));
    expect(one).toEqual(one.map(() => expect.objectContaining({ row: expect.objectContaining({ version: expect.stringMatching(/\/c2$/) }) })));
  } finally {
    for (const system of systems) await system.close();
  }
}, 240_000);
