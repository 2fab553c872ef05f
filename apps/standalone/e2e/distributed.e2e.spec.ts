// The distributed system as it runs: processes over real Kafka and Redis behind a balancer, KurrentDB's protocol by its double.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { openTransport, type Transport } from '@trellis/engine';
import { calibrationDocument } from '@trellis/learning/testing';
import { differences, METRICS, panelData, Prometheus } from '@trellis/monitoring';
import { freePort, ServiceProcess, startDistributed, type Distributed } from '@trellis/servers';
import { Collector, type CollectedSpan } from '@trellis/service/testing';
import { emptyRedis, exposition, mainOf, metric, named, serve, trellis, type Kind, type Left } from './distributed-testing.js';
import { call, until as untilWithin } from './testing.js';

const NAMESPACE = 'e2e';
const COURSE = JSON.parse(readFileSync(new URL('../../../samples/elementary-algebra/course.json', import.meta.url), 'utf8')) as { readonly items: readonly { readonly id: string }[] };
const LEARNERS = 10;
/** With the one that is traced. */
const LEARNERS_AT_LAST = LEARNERS + 1;
const ROUNDS = 40;
const RECOMMENDERS = ['recommender-1', 'recommender-2'];
const PROJECTORS = ['projector-1', 'projector-2'];
/** Far more than they need: a machine may be busy with many things. */
const ANSWER_MS_MAX = 10_000;
const SETTLED_SECONDS_MAX = 60;
const TEST_MS_MAX = 120_000;
/** Each append and each page of events: long enough for a signal to meet requests on their way. */
const SLOW_MS = 400;
const READ_EVERY_MS = 500;
const READINGS = 4;
/** Prometheus may have to be installed. */
const INSTALL_MS_MAX = 400_000;

/** Panels that show nothing while nothing is wrong. */
const QUIET = ['Errors / What is not seen', 'Saturation / Requests turned away'];

/** Of what `trellis status --json` says, what is looked at. */
interface Report {
  readonly ok: boolean;
  readonly services: readonly { readonly url: string; readonly ready: boolean | null; readonly why: readonly string[] }[];
  readonly events: readonly { readonly source: string | null; readonly outcome: string; readonly total: number }[];
  readonly latency: { readonly of: readonly { readonly what: string; readonly p99Ms: number | null }[] };
  readonly views: readonly { readonly view: string; readonly built: boolean | null; readonly rows: number | null }[];
}

interface Chosen {
  readonly basedOn: { readonly revision: number };
}

jest.setTimeout(TEST_MS_MAX);

let collector: Collector;
let system: Distributed;
let transport: Transport;
let answers = 0;

beforeAll(async () => {
  collector = await Collector.open();
  system = await startDistributed({ own: true, variables: { TRELLIS_NAMESPACE: NAMESPACE, TRELLIS_TRACES: collector.url } });
  transport = await openTransport({ kafkaBrokers: system.kafka.address, namespace: NAMESPACE, ingressTenants: ['default'] }, { clientId: 'e2e' });
}, 180_000);

afterAll(async () => {
  await transport?.close();
  await system?.stop();
  await collector?.close();
}, 60_000);

/** A service beside those of the system. */
async function another(kind: Kind, variables: Readonly<Record<string, string>>): Promise<ServiceProcess> {
  const log = join(system.logs, `another-${kind}.log`);
  return new ServiceProcess({ name: `another ${kind}`, main: mainOf(kind), port: await freePort(), variables: { ...servers(), ...variables }, log, say: () => undefined });
}

function servers(): Readonly<Record<string, string>> {
  const { kurrent, redis, kafka } = system;
  return { TRELLIS_STORE: 'kurrent', TRELLIS_KURRENT_URL: kurrent.address, TRELLIS_REDIS_URL: redis.address, TRELLIS_KAFKA_BROKERS: kafka.address, TRELLIS_NAMESPACE: NAMESPACE };
}

function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  return untilWithin(what, isSo, SETTLED_SECONDS_MAX);
}

const item = (n: number): string => COURSE.items[n % COURSE.items.length]?.id ?? '';
const learner = (n: number): string => `learner-${n % LEARNERS}`;

/** An answer of learner n; resolves with its revision once it is acknowledged. */
async function answer(n: number, url = system.url): Promise<number> {
  const given = ++answers;
  const { status, text, body } = await call<{ revision: number }>('POST', `${url}/v1/learners/${learner(n)}/answers`, { id: `a${given}`, source: 'e2e', item: item(given * 7), correct: given % 3 > 0 });
  if (status !== 200) throw new Error(`an answer got ${status}: ${text}`);
  return body.revision;
}

async function recommendation(n: number, url = system.url): Promise<{ readonly status: number; readonly revision: number; readonly text: string }> {
  const { status, text, body } = await call<Partial<Chosen>>('POST', `${url}/v1/learners/${learner(n)}/recommendations`, { count: 1 });
  return { status, revision: body.basedOn?.revision ?? -1, text };
}

/** Answer, then ask; what came back that was not right. */
async function wrongRound(n: number, url = system.url): Promise<readonly string[]> {
  const revision = await answer(n);
  const chosen = await recommendation(n, url);
  return chosen.status === 200 && chosen.revision >= revision ? [] : [`${learner(n)} answered at ${revision}, then ${chosen.status}: ${chosen.text}`];
}

async function rowsAre(rows: number): Promise<void> {
  await until(`there are ${rows} rows of learners`, async () => (await metric(named(system, 'projector-1'), 'trellis_rows{view="learner"')) === rows);
}

it('chooses from every acknowledged answer, whichever recommender is asked', async () => {
  expect((await call('PUT', `${system.url}/v1/courses/elementary-algebra`, COURSE)).status).toBe(200);
  const wrong: string[] = [];
  for (let n = 0; n < ROUNDS; n++) wrong.push(...(await wrongRound(n)));
  expect(wrong).toEqual([]);
  const chosen = await Promise.all(RECOMMENDERS.map((name) => metric(named(system, name), 'trellis_recommendation_seconds_count')));
  expect(chosen).toEqual([ROUNDS / 2, ROUNDS / 2]);
  expect((await call('GET', `${system.url}/health/ready`)).status).toBe(200);
  await rowsAre(LEARNERS);
});

it('puts a calibration in force everywhere, and folds the rows again', async () => {
  const items = COURSE.items.map(({ id }) => id);
  const { calibration } = (await call<{ calibration: string }>('POST', `${system.url}/v1/calibrations`, calibrationDocument({ seed: 1, items }))).body;
  const activate = (id: string): Promise<unknown> => call('PUT', `${system.url}/v1/calibrations/active`, { calibration: id });
  const inForce = async (id: string): Promise<void> => {
    await activate(id);
    for (const name of RECOMMENDERS) {
      const { url } = named(system, name);
      await until(`${name} rests on ${id}`, async () => {
        const { body } = await call<{ versions: { calibration: string } }>('GET', `${url}/v1/learners/learner-0/mastery`);
        return body.versions.calibration === id;
      });
    }
  };
  await inForce(calibration);
  for (let n = 0; n < LEARNERS; n++) expect(await wrongRound(n)).toEqual([]);
  await inForce('default-1');
  for (let n = 0; n < LEARNERS; n++) expect(await wrongRound(n)).toEqual([]);
});

describe('traces', () => {
  const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
  const traceparent = `00-${traceId}-${spanId}-01`;
  const traced = 'learner-traced';

  it('lead from an answer through fold and choice to its append', async () => {
    const body = JSON.stringify({ id: `a${++answers}`, source: 'e2e', item: item(1), correct: true });
    // Nobody has asked about this one: there is a row to look for.
    const answered = await fetch(`${system.url}/v1/learners/${traced}/answers?next=1`, { method: 'POST', headers: { 'content-type': 'application/json', traceparent }, body });
    expect(answered.status).toBe(200);
    await answered.arrayBuffer();
    const names = ['POST /v1/learners/:learner/answers', 'trellis.rows', 'trellis.fold', 'trellis.choose', 'trellis.append'];
    const ofTrace = (): readonly CollectedSpan[] => collector.spans.filter((span) => span.traceId === traceId);
    await until('the spans of the answer are sent', () => names.every((name) => ofTrace().some((span) => span.name === name)));
    const spans = ofTrace();
    expect(spans.find(({ name }) => name === names[0])).toMatchObject({ kind: 'server', service: 'trellis-ingest', parentSpanId: spanId, isError: false, attributes: { 'http.route': '/v1/learners/:learner/answers' } });
    // One tree: every other span lies below one of this trace.
    expect(spans.filter((span) => span.parentSpanId !== spanId && !spans.some((other) => other.spanId === span.parentSpanId))).toEqual([]);
    // No learner is named to the collector.
    expect(collector.bodies.filter((sent) => sent.includes(traced))).toEqual([]);
  });

  it('lead from a message of Kafka to the append of its batch', async () => {
    const [topic = ''] = transport.topics.ingress.keys();
    const publisher = transport.kafka.publisher();
    const event = { id: 'k1', source: 'e2e', type: 'AnswerGiven', learner: learner(2), data: { item: item(2), correct: true } };
    await publisher.publish(topic, [{ key: Buffer.from(event.learner), value: Buffer.from(JSON.stringify(event)), headers: { traceparent } }]);
    await publisher.close();
    const batch = (): CollectedSpan | undefined => collector.spans.find(({ links }) => links.some((link) => link.traceId === traceId && link.spanId === spanId));
    const append = (): CollectedSpan | undefined => collector.spans.find((span) => span.name === 'trellis.append' && span.parentSpanId === batch()?.spanId);
    await until('the spans of the batch are sent', () => batch() !== undefined && append() !== undefined);
    expect(batch()).toMatchObject({ name: 'trellis.ingress', kind: 'consumer', service: 'trellis-ingest', isError: false, attributes: { 'messaging.batch.message_count': 1 } });
    expect(append()?.traceId).toBe(batch()?.traceId);
  });

  it('are not made without the variable, whatever else names a collector', async () => {
    const other = await Collector.open();
    const process = await another('recommender', { TRELLIS_TRACES: '', OTEL_EXPORTER_OTLP_ENDPOINT: other.url, OTEL_TRACES_EXPORTER: 'otlp' });
    try {
      await process.start();
      expect(await recommendation(0, process.url)).toMatchObject({ status: 200 });
      // What a stop would still send has been sent.
      await process.stop();
      expect(process.end).toBe('exit code 0');
      expect(other.bodies).toEqual([]);
    } finally {
      await process.close();
      await other.close();
    }
  });
});

describe('what operators see', () => {
  it('is in the metrics of the services: everything that dashboard and alert rules ask for', async () => {
    const texts = await Promise.all(system.services.map(exposition));
    expect(texts.flatMap(differences)).toEqual([]);
    const exposed = new Set(texts.flatMap((text) => [...text.matchAll(/^# TYPE (trellis_\w+) /gm)].map(([, name]) => name)));
    expect(METRICS.filter(({ name }) => !exposed.has(name)).map(({ name }) => name)).toEqual([]);
  });

  it('is in every panel of the dashboard and every rule once Prometheus has read the services', async () => {
    const jobs = ['ingest', 'projector', 'recommender'].map((kind) => ({ name: `trellis-${kind}`, addresses: system.services.filter(({ name }) => name.startsWith(kind)).map(({ url }) => new URL(url).host) }));
    const prometheus = await Prometheus.start(jobs, READ_EVERY_MS);
    try {
      let isRead = false;
      const reading = prometheus.hasRead(READINGS, system.services.length).finally(() => (isRead = true));
      // Rates and quantiles need work that is done meanwhile, and a request that is refused.
      for (let n = 0; !isRead; n++) {
        expect(await wrongRound(n)).toEqual([]);
        expect((await call('POST', `${system.url}/v1/learners/${learner(n)}/answers`, {})).status).toBe(400);
        expect((await call('GET', `${system.url}/v1/learners/${learner(n)}/mastery`)).status).toBe(200);
      }
      await reading;
      const drawn = await panelData(prometheus, { seconds: 3, rateSeconds: 60 });
      expect(drawn.length).toBeGreaterThan(40);
      const empty = drawn.filter(({ series }) => series.length === 0).map(({ title, query }) => `${title}: ${query}`);
      expect(empty.filter((each) => !QUIET.some((panel) => each.startsWith(panel)))).toEqual([]);
      expect((await prometheus.rules()).filter(({ health }) => health !== 'ok')).toEqual([]);
    } finally {
      await prometheus.stop();
    }
  }, INSTALL_MS_MAX);

  it('is in `trellis status`, which fails when a service is gone and names it', async () => {
    const status = async (): Promise<Left & { readonly report: Report }> => {
      const left = await trellis({}, 'status', '--json', ...system.services.flatMap(({ url }) => ['--url', url]));
      return { ...left, report: JSON.parse(left.out) as Report };
    };
    const before = await status();
    expect(before).toMatchObject({ code: 0, err: '' });
    expect(before.report).toMatchObject({ ok: true, relay: { active: 1 }, log: { writable: true } });
    expect(before.report.services).toEqual(system.services.map(({ url }) => expect.objectContaining({ url, ready: true, why: [], dependencies: expect.objectContaining({ log: true, views: true }) as unknown })));
    expect(before.report.views.find(({ view }) => view === 'learner')).toMatchObject({ built: true, rows: LEARNERS_AT_LAST });
    expect(before.report.events.find(({ source, outcome }) => source === 'http' && outcome === 'accepted')?.total).toBeGreaterThanOrEqual(ROUNDS);
    expect(before.report.latency.of.find(({ what }) => what === 'recommendation')?.p99Ms).toBeGreaterThan(0);
    const gone = named(system, 'recommender-2');
    await gone.kill();
    try {
      const after = await status();
      expect(after).toMatchObject({ code: 1, report: { ok: false } });
      expect(after.report.services.filter(({ ready }) => ready !== true)).toEqual([expect.objectContaining({ url: gone.url, why: [expect.any(String)] })]);
      // Nobody notices who only asks the balancer.
      for (let n = 0; n < 4; n++) expect(await wrongRound(n)).toEqual([]);
    } finally {
      await gone.start();
    }
  });
});

describe('a lost Redis', () => {
  it('that was emptied is rebuilt by one command, while recommenders answer from the log', async () => {
    await rowsAre(LEARNERS_AT_LAST);
    await emptyRedis(system.redis.address);
    for (let n = 0; n < LEARNERS; n++) expect(await wrongRound(n)).toEqual([]);
    const rebuilt = await trellis(servers(), 'rebuild', '--json');
    expect(rebuilt).toMatchObject({ code: 0, err: '' });
    expect((JSON.parse(rebuilt.out) as { views: unknown }).views).toContainEqual(expect.objectContaining({ view: 'learner', rows: LEARNERS_AT_LAST }));
    await rowsAre(LEARNERS_AT_LAST);
    for (const name of PROJECTORS) expect([name, await metric(named(system, name), 'trellis_view_built')]).toEqual([name, 4]);
    for (let n = 0; n < LEARNERS; n++) expect(await wrongRound(n)).toEqual([]);
  });

  it('that is away leaves recommendations right; readiness says why not, and all is well when it is back', async () => {
    await system.redis.kill();
    try {
      for (const [n, name] of RECOMMENDERS.entries()) {
        const began = performance.now();
        expect(await wrongRound(n, system.url)).toEqual([]);
        expect(performance.now() - began).toBeLessThan(ANSWER_MS_MAX);
        const ready = await call<{ checks: unknown }>('GET', `${named(system, name).url}/health/ready`);
        expect({ name, ...ready }).toMatchObject({ name, status: 503, text: expect.stringMatching(/views.*Redis/) as unknown });
        expect(await metric(named(system, name), 'trellis_dependency_up{dependency="views"')).toBe(0);
      }
    } finally {
      await system.redis.start();
    }
    await until('all services are ready', async () => (await call('GET', `${system.url}/health/ready`)).status === 200);
    for (let n = 0; n < LEARNERS; n++) expect(await wrongRound(n)).toEqual([]);
    await rowsAre(LEARNERS_AT_LAST);
  });
});

describe('SIGTERM', () => {
  it.each([
    ['ingest', (n: number, url: string) => answer(n, url)],
    ['recommender-1', (n: number, url: string) => recommendation(n, url)],
  ])('lets %s answer what it has taken, and leave with 0', async (name, ask) => {
    const ending = named(system, name);
    await system.kurrent.slow(SLOW_MS);
    try {
      const asked = Array.from({ length: LEARNERS }, (_, n) => ask(n, ending.url));
      const settled = Promise.allSettled(asked);
      await until('the requests are being answered', async () => ((await metric(ending, 'trellis_http_requests_in_flight')) ?? 0) >= LEARNERS);
      await ending.stop();
      expect(ending.end).toBe('exit code 0');
      expect((await settled).filter(({ status }) => status === 'rejected')).toEqual([]);
    } finally {
      await system.kurrent.fast();
      await ending.start();
    }
  });

  it('moves the work of a recommender and of a projector to the others', async () => {
    const leader = async (): Promise<string | undefined> => {
      const leads = await Promise.all(PROJECTORS.map((name) => metric(named(system, name), 'trellis_relay_active').catch(() => 0)));
      return PROJECTORS[leads.indexOf(1)];
    };
    const first = (await leader()) ?? '';
    const leaving = [named(system, first), named(system, 'recommender-1')];
    let stopped = false;
    const left = Promise.all(leaving.map((each) => each.stop())).then(() => (stopped = true));
    const wrong: string[] = [];
    const began = answers;
    for (let n = 0; !stopped || answers < began + ROUNDS; n++) wrong.push(...(await wrongRound(n)));
    await left;
    expect(wrong).toEqual([]);
    expect(leaving.map(({ end }) => end)).toEqual(['exit code 0', 'exit code 0']);
    await until('the other projector relays', async () => (await leader()) !== undefined && (await leader()) !== first);
    const other = named(system, (await leader()) ?? '');
    await until('everything is relayed', async () => (await metric(other, 'trellis_relay_lag_events')) === 0);
    await Promise.all(leaving.map((each) => each.start()));
  });
});

describe('a service whose environment is wrong', () => {
  const SECRET = 'secret-word';

  /** One sentence on standard error that names the variable, and nothing that is secret. */
  async function expectRefusal(kind: Kind, variable: string, value: string): Promise<void> {
    const { code, err } = await serve(kind, { ...servers(), [variable]: value });
    expect({ kind, variable, code, err }).toMatchObject({ kind, variable, code: 1, err: expect.stringMatching(new RegExp(`^trellis: [^\\n]*${variable}[^\\n]*\\.\\n$`)) as unknown });
    expect(err).not.toContain(SECRET);
    expect(err).not.toMatch(/^ +at /m);
  }

  it('says which variable is missing', async () => {
    await Promise.all([expectRefusal('ingest', 'TRELLIS_KURRENT_URL', ''), expectRefusal('recommender', 'TRELLIS_REDIS_URL', ''), expectRefusal('projector', 'TRELLIS_KAFKA_BROKERS', '')]);
  });

  it('says which server cannot be reached, and what to do, also where one takes connections and says nothing', async () => {
    const nobody = `127.0.0.1:${await freePort()}`;
    const silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo; // of a TCP server
    const kurrent = (at: string): string => `kurrentdb://admin:${SECRET}@${at}?tls=false`;
    const redis = (at: string): string => `redis://:${SECRET}@${at}`;
    const kafka = (at: string): string => `kafka://somebody:${SECRET}@${at}`;
    const silence = `127.0.0.1:${port}`;
    try {
      await Promise.all([
        expectRefusal('ingest', 'TRELLIS_KURRENT_URL', kurrent(silence)),
        expectRefusal('recommender', 'TRELLIS_REDIS_URL', redis(silence)),
        expectRefusal('projector', 'TRELLIS_KAFKA_BROKERS', kafka(silence)),
        expectRefusal('ingest', 'TRELLIS_KAFKA_BROKERS', kafka(nobody)),
        expectRefusal('recommender', 'TRELLIS_KURRENT_URL', kurrent(nobody)),
        expectRefusal('projector', 'TRELLIS_REDIS_URL', redis(nobody)),
      ]);
    } finally {
      silent.close();
    }
  });
});
