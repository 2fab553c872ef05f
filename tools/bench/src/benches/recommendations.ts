// How many recommendations one process gives a second, as fast as answers come.
import type { Benchmark, Measured } from '../benchmark.js';
import { COURSE, learnerName } from '../course-work.js';
import { checked, Connection, jsonRequest } from '../http-connection.js';
import { closedLoop } from '../load.js';
import { cpuSecondsOf } from '../process-cpu.js';
import { startStandalone } from '../standalone.js';

const CONNECTIONS = 16;
const LEARNERS = 1_000;
/** With fewer, requests for the same learner meet and choose again. */
const LEARNERS_MIN = 60;
const ANSWERS_EACH = 100;
const NEST = new URL('../../dist/limits/nest-constant.js', import.meta.url).pathname;

export const recommendations: Benchmark = {
  name: 'recommendations',
  title: 'Recommendations a second, closed loop',
  prepare: async ({ workplace, scale, say }) => {
    const service = await startStandalone(workplace);
    const learners = Math.max(LEARNERS_MIN, Math.round(LEARNERS * scale.size));
    await service.seed(learners, ANSWERS_EACH);
    await service.caughtUp();
    const requestsTo = (url: URL): readonly Buffer[] =>
      Array.from({ length: learners }, (_, learner) =>
        jsonRequest('POST', url, `/v1/learners/${learnerName(learner)}/recommendations`, JSON.stringify({ course: COURSE, count: 1 })),
      );
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => service.connect()));
    const toService = requestsTo(service.url);
    const example = checked(await connectionOf(connections, 0).send(toService[0] ?? Buffer.alloc(0))).toString();

    const nest = await workplace.start({ script: NEST, args: [example] });
    const nestConnections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(nest.url)));
    const toNest = requestsTo(nest.url);

    const load = (over: readonly Connection[], requests: readonly Buffer[], seconds: number): Promise<number> => {
      let next = 0;
      return closedLoop({ workers: CONNECTIONS, seconds }, async (worker) => {
        const request = requests[next++ % requests.length];
        if (request !== undefined) checked(await connectionOf(over, worker).send(request));
      });
    };
    /** Rate, and processor time of the server for one request. */
    const costed = async (url: URL, work: () => Promise<number>): Promise<{ readonly rate: number; readonly cpu: number }> => {
      const before = await cpuSecondsOf(url);
      const start = performance.now();
      const rate = await work();
      const requests = (rate * (performance.now() - start)) / 1000;
      return { rate, cpu: (((await cpuSecondsOf(url)) - before) * 1_000_000) / requests };
    };
    const ours = async (seconds: number): Promise<Measured> => {
      const { rate, cpu } = await costed(service.url, () => load(connections, toService, seconds));
      await service.caughtUp();
      return { made: rate, madeCpu: cpu };
    };
    const constant = async (seconds: number): Promise<Measured> => {
      const { rate, cpu } = await costed(nest.url, () => load(nestConnections, toNest, seconds));
      return { constant: rate, constantCpu: cpu };
    };
    say('recommendations: warming up');
    await ours(scale.warmUpSeconds);
    await constant(scale.warmUpSeconds);

    return {
      sides: [() => ours(scale.seconds), () => constant(scale.seconds)],
      rows: [
        {
          what: 'recommendations given, each durable',
          unit: '1/s',
          figure: 'made',
          limit: { what: 'NestJS + Fastify POST: same body, schema and size of answer, constant', figure: 'constant' },
          goals: [
            { of: 'ratio', atLeast: 0.1 },
            { of: 'ratio', atLeast: 0.25 },
            { of: 'figure', atLeast: 1_000 },
          ],
        },
        { what: 'processor time a recommendation, all threads', unit: 'us CPU', figure: 'madeCpu', limit: { what: 'the constant route', figure: 'constantCpu' } },
      ],
      notes: [
        `${CONNECTIONS} connections, ${learners} learners with ${ANSWERS_EACH} answers each at first, rows followed live; answers of ${Buffer.byteLength(example)} bytes.`,
        'The service writes its request log and its metrics as it does by default; the constant route has neither, no keys and no limits.',
      ],
      close: async () => {
        for (const connection of nestConnections) connection.close();
        await Promise.all([service.close(), nest.stop()]);
      },
    };
  },
};

function connectionOf(connections: readonly Connection[], worker: number): Connection {
  const connection = connections[worker];
  if (connection === undefined) throw new Error(`worker ${worker} has no connection`);
  return connection;
}
