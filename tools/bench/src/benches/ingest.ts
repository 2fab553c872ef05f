// How many events a second the service takes and makes durable, with the rows of learners following live.
import { COURSE, Learners, publishedSample, sent } from '../course-work.js';
import type { Benchmark, Measured, Setting } from '../benchmark.js';
import { checked, Connection, jsonRequest } from '../http-connection.js';
import { closedLoop } from '../load.js';
import { cpuSecondsOf } from '../process-cpu.js';
import { startStandalone } from '../standalone.js';
import type { Child } from '../workplace.js';
import { EventBatch } from '../event-batch.js';

export const BATCH = 500;
const CONNECTIONS = 8;
const LEARNERS = 2_000;
const BATCHES_A_CONNECTION = 64;
const FASTIFY = new URL('../../dist/limits/fastify-ingest.js', import.meta.url).pathname;

export const ingest: Benchmark = {
  name: 'ingest',
  title: 'Durable HTTP ingest',
  prepare: async (setting) => {
    const { workplace, scale } = setting;
    const batches = makeBatches(setting);
    const service = await startStandalone(workplace);
    const fastify = await workplace.start({ script: FASTIFY, args: [workplace.folder()] });
    const toService = await senders(batches, service.url, service.connect);
    const connections: Connection[] = [];
    const toFastify = await senders(batches, fastify.url, () => opened(fastify, connections));

    const ours = async (seconds: number): Promise<Measured> => {
      const cpuBefore = await cpuSecondsOf(service.url);
      const start = performance.now();
      const perSecond = await closedLoop({ workers: CONNECTIONS, seconds }, (worker) => toService(worker));
      const events = (perSecond * BATCH * (performance.now() - start)) / 1000;
      await service.caughtUp();
      const total = (performance.now() - start) / 1000;
      return { events: perSecond * BATCH, eventsInRows: events / total, cpu: ((await cpuSecondsOf(service.url)) - cpuBefore) * (1_000_000 / events) };
    };
    const bare = async (seconds: number): Promise<Measured> => {
      const cpuBefore = await cpuSecondsOf(fastify.url);
      const start = performance.now();
      const perSecond = await closedLoop({ workers: CONNECTIONS, seconds }, (worker) => toFastify(worker));
      const events = (perSecond * BATCH * (performance.now() - start)) / 1000;
      return { bare: perSecond * BATCH, bareCpu: ((await cpuSecondsOf(fastify.url)) - cpuBefore) * (1_000_000 / events) };
    };
    setting.say('ingest: warming up');
    await ours(scale.warmUpSeconds);
    await bare(scale.warmUpSeconds);

    const limit = { what: 'bare Fastify route: parse, validate, append, fdatasync', figure: 'bare' };
    return {
      sides: [() => ours(scale.seconds), () => bare(scale.seconds)],
      rows: [
        {
          what: `events acknowledged, batches of ${BATCH}`,
          unit: 'events/s',
          figure: 'events',
          limit,
          goals: [
            { of: 'ratio', atLeast: 0.4 },
            { of: 'figure', atLeast: 50_000 },
          ],
        },
        { what: 'the same, counted until the rows have caught up', unit: 'events/s', figure: 'eventsInRows', limit },
        { what: 'processor time an event, all threads, rows included', unit: 'us CPU', figure: 'cpu', limit: { what: 'bare Fastify route', figure: 'bareCpu' } },
      ],
      notes: [
        `${CONNECTIONS} connections, ${LEARNERS.toLocaleString('en')} learners, answers to items of the course \`${COURSE}\`; bodies are made beforehand, and only their ids and times change from use to use.`,
        'Service and route are processes of their own on loopback; the load generator takes its share of the same cores from both.',
      ],
      close: async () => {
        for (const connection of connections) connection.close();
        await Promise.all([service.close(), fastify.stop()]);
      },
    };
  },
};

async function opened({ url }: Child, connections: Connection[]): Promise<Connection> {
  const connection = await Connection.open(url);
  connections.push(connection);
  return connection;
}

/** For each connection batches of its own learners: what one learner did arrives in order. */
function makeBatches({ scale }: Setting): readonly (readonly EventBatch[])[] {
  const course = new Learners(publishedSample());
  const learners = Math.ceil(LEARNERS / CONNECTIONS);
  const count = Math.max(1, Math.round(BATCHES_A_CONNECTION * scale.size));
  return Array.from({ length: CONNECTIONS }, (_, connection) => {
    const works = Array.from({ length: learners }, (_, n) => {
      const learner = connection * learners + n;
      return { learner, work: course.work(learner, learner % 100) };
    });
    return Array.from({ length: count }, (_, batch) => {
      const events = Array.from({ length: BATCH }, (_, n) => {
        const { learner, work } = works[(batch * BATCH + n) % works.length] ?? failed();
        return sent(EventBatch.idOf(connection, n), learner, work.next().value);
      });
      return new EventBatch(events);
    });
  });
}

/** One function for each server: sends the next batch of a connection, as new events. */
async function senders(
  batches: readonly (readonly EventBatch[])[],
  url: URL,
  connect: () => Promise<Connection>,
): Promise<(worker: number) => Promise<void>> {
  const workers = await Promise.all(
    batches.map(async (own) => ({ connection: await connect(), requests: own.map((batch) => batch.requestTo((body) => jsonRequest('POST', url, '/v1/events', body))), used: 0 })),
  );
  return async (worker) => {
    const own = workers[worker] ?? failed();
    const request = own.requests[own.used % own.requests.length] ?? failed();
    const body = checked(await own.connection.send(request.renewed(own.used++)));
    if (!body.includes(`"accepted":${BATCH}`)) throw new Error(`a batch was not taken whole: ${body.toString().slice(0, 400)}`);
  };
}

function failed(): never {
  throw new Error('the bench asks for a batch that it has not made');
}
