// An answer, and then what next with that answer in it: through separate services on Kafka, Redis and a KurrentDB, beside one process.
import { startDistributed, type Distributed } from '@trellis/servers';
import type { Benchmark, Measured, RowPlan } from '../benchmark.js';
import { ConnectionPool } from '../connection-pool.js';
import { COURSE, learnerName, Learners, numbersFrom, publishedSample, sampleContent, sent, type SentAnswer } from '../course-work.js';
import { checked, Connection, jsonRequest } from '../http-connection.js';
import { openLoop } from '../load.js';
import { startStandalone } from '../standalone.js';
import { percentile } from '../statistics.js';

/** Seven processes share the two cores with what sends the requests: a third of the rate of the embedded benchmark. */
const PER_SECOND = 100;
const LEARNERS = 200;
const ANSWERS_EACH = 40;
const BATCH = 500;
/** A tail of 1 % needs more time than a rate does. */
const SECONDS_FACTOR = 3;
const SETTLED_MS_MAX = 120_000;

/** Where requests go: a balancer would only add its own time. */
interface Sides {
  readonly ingest: URL;
  readonly recommender: URL;
}

export const distributed: Benchmark = {
  name: 'distributed',
  title: 'Answer, then next item: separate services beside one process',
  prepare: async ({ workplace, scale, say }) => {
    say('distributed: starting servers and services');
    const system = await startDistributed({ projectors: 1, recommenders: 1 });
    try {
      const standalone = await startStandalone(workplace);
      const learners = Math.max(20, Math.round(LEARNERS * scale.size));
      const each = Math.max(2, Math.round(ANSWERS_EACH * scale.size));
      const there: Sides = { ingest: urlOf(system, 'ingest'), recommender: urlOf(system, 'recommender-1') };
      const here: Sides = { ingest: standalone.url, recommender: standalone.url };
      await standalone.seed(learners, each);
      await standalone.caughtUp();
      await seed(there.ingest, learners, each);
      await settled(system);
      const pools = new Pools();
      const course = new Learners(publishedSample());
      const works = Array.from({ length: learners }, (_, learner) => course.work(learner + LEARNERS));
      const random = numbersFrom(11);
      const wish = JSON.stringify({ course: COURSE, count: 1 });

      const answered = (): readonly [learner: string, body: string] => {
        const learner = Math.floor(random() * learners);
        const done = works[learner]?.next().value;
        return [learnerName(learner), JSON.stringify({ item: done?.item.id, correct: done?.correct, durationMs: done?.durationMs })];
      };
      const once = async ({ ingest }: Sides): Promise<void> => {
        const [learner, body] = answered();
        await pools.post(ingest, `/v1/learners/${learner}/answers?next=1`, body);
      };
      const twice = async ({ ingest, recommender }: Sides): Promise<void> => {
        const [learner, body] = answered();
        const { revision } = JSON.parse(await pools.post(ingest, `/v1/learners/${learner}/answers`, body)) as { revision: number };
        const { basedOn } = JSON.parse(await pools.post(recommender, `/v1/learners/${learner}/recommendations`, wish)) as { basedOn: { revision: number } };
        if (basedOn.revision < revision) throw new Error(`a recommendation for ${learner} rests on revision ${basedOn.revision}; the answer before it is at ${revision}`);
      };
      const side = (name: string, sides: Sides, work: (sides: Sides) => Promise<void>, seconds = scale.seconds * SECONDS_FACTOR) => async (): Promise<Measured> => {
        const took = await openLoop({ perSecond: PER_SECOND, seconds }, () => work(sides));
        return { [`${name}-p50`]: percentile(took, 50), [`${name}-p95`]: percentile(took, 95), [`${name}-p99`]: percentile(took, 99) };
      };
      say('distributed: warming up');
      for (const sides of [here, there]) for (const work of [once, twice]) await side('warm-up', sides, work, scale.warmUpSeconds * SECONDS_FACTOR)();

      return {
        sides: [side('there-once', there, once), side('here-once', here, once), side('there-twice', there, twice), side('here-twice', here, twice)],
        rows: [...rows('POST answers?next=1, one call', 'once'), ...rows('POST answers, then POST recommendations of another service', 'twice')],
        notes: [
          `${PER_SECOND} a second at a constant rate, each measured from the moment it was due to the last reply; ${learners} learners with ${each} answers each, course \`${COURSE}\`, rows followed live. Every recommendation of the two calls is checked to rest on the answer before it.`,
          `Ingest, recommender and projector are processes of their own, with real Kafka and Redis${system.kurrent.isDouble ? '; **KurrentDB is the in-memory double of its protocol, in a process of its own: no disk is written, so a real server adds its own commit**' : ' and a real KurrentDB'}. All share two cores with the load generator.`,
        ],
        close: async () => {
          pools.close();
          await standalone.close();
          await system.stop();
        },
      };
    } catch (error) {
      await system.stop();
      throw error;
    }
  },
};

function rows(what: string, name: string): readonly RowPlan[] {
  return ['p50', 'p95', 'p99'].map((percent) => ({
    what: `${what}, ${percent}`,
    unit: 'ms',
    figure: `there-${name}-${percent}`,
    limit: { what: `embedded, ${percent}`, figure: `here-${name}-${percent}` },
    ...(percent === 'p99' ? { goals: [{ of: 'figure' as const, atMost: 25 }] } : {}),
  }));
}

function urlOf({ services }: Distributed, wanted: string): URL {
  const service = services.find(({ name }) => name === wanted);
  if (service === undefined) throw new Error(`there is no service ${wanted}`);
  return new URL(service.url);
}

async function seed(ingest: URL, learners: number, answers: number): Promise<void> {
  const connection = await Connection.open(ingest);
  checked(await connection.send(jsonRequest('PUT', ingest, `/v1/courses/${COURSE}`, JSON.stringify(sampleContent()))));
  const course = new Learners(publishedSample());
  const all: SentAnswer[] = [];
  for (let learner = 0; learner < learners; learner++) {
    const work = course.work(learner);
    for (let n = 0; n < answers; n++) all.push(sent(`seed-${learner}-${n}`, learner, work.next().value));
  }
  for (let at = 0; at < all.length; at += BATCH) checked(await connection.send(jsonRequest('POST', ingest, '/v1/events', JSON.stringify(all.slice(at, at + BATCH)))));
  connection.close();
}

/** Resolves once everything is relayed and in rows. */
async function settled(system: Distributed): Promise<void> {
  const metrics = new URL('/metrics', urlOf(system, 'projector-1'));
  for (const end = performance.now() + SETTLED_MS_MAX; performance.now() < end; await new Promise((resolve) => setTimeout(resolve, 200))) {
    const text = await (await fetch(metrics)).text();
    const lags = Array.from(text.matchAll(/^trellis_(?:relay_lag_events|projector_lag_events\{[^}]*\}) (\S+)$/gm), ([, lag]) => Number(lag));
    if (lags.length > 1 && lags.every((lag) => lag === 0)) return;
  }
  throw new Error(`the rows are still behind the log after ${SETTLED_MS_MAX} ms`);
}

/** A pool for each service. */
class Pools {
  private readonly pools = new Map<string, ConnectionPool>();
  private readonly opened: Connection[] = [];

  async post(url: URL, path: string, body: string): Promise<string> {
    const pool = this.pools.get(url.host) ?? new ConnectionPool(() => this.open(url));
    this.pools.set(url.host, pool);
    let reply = '';
    await pool.with(async (connection) => {
      reply = checked(await connection.send(jsonRequest('POST', url, path, body))).toString();
    });
    return reply;
  }

  close(): void {
    for (const connection of this.opened) connection.close();
  }

  private async open(url: URL): Promise<Connection> {
    const connection = await Connection.open(url);
    this.opened.push(connection);
    return connection;
  }
}
