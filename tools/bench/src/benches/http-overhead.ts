// What a request costs before anything is done for it: a constant route of ours beside a constant route of NestJS alone.
import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_TENANT } from '@trellis/service';
import type { Benchmark, Measured } from '../benchmark.js';
import { COURSE, learnerName } from '../course-work.js';
import { checked, Connection, jsonRequest } from '../http-connection.js';
import { closedLoop } from '../load.js';
import { cpuSecondsOf } from '../process-cpu.js';
import type { Child, Workplace } from '../workplace.js';

const CONNECTIONS = 16;
const LEARNERS = 1_000;
/** About as long as an answer with one item. */
const ANSWER = JSON.stringify({ items: [{ text: 'x'.repeat(900) }] });
const CALLING = 'bench-platform-key';
const LOOKING = 'bench-operator-key';
const SERVICE = new URL('../../dist/limits/service-constant.js', import.meta.url).pathname;
const NEST = new URL('../../dist/limits/nest-constant.js', import.meta.url).pathname;

export const httpOverhead: Benchmark = {
  name: 'http-overhead',
  title: 'A request before anything is done for it',
  prepare: async ({ workplace, scale, say }) => {
    const logged = await constantService(workplace, 'info');
    const quiet = await constantService(workplace, 'warn');
    const nest = await workplace.start({ script: NEST, args: [ANSWER] });
    const sides = await Promise.all([sideOf('logged', logged), sideOf('quiet', quiet), sideOf('nest', nest)]);
    say('http-overhead: warming up');
    for (const { measured } of sides) await measured(scale.warmUpSeconds);

    const rate = { what: 'NestJS + Fastify alone', figure: 'nest' };
    const cpu = { what: 'NestJS + Fastify alone', figure: 'nestCpu' };
    return {
      sides: sides.map(({ measured }) => () => measured(scale.seconds)),
      rows: [
        { what: 'constant route of a service of ours', unit: '1/s', figure: 'logged', limit: rate },
        { what: 'the same, processor time a request, all threads', unit: 'us CPU', figure: 'loggedCpu', limit: cpu },
        { what: 'the same without a line of log for each request', unit: '1/s', figure: 'quiet', limit: rate },
        { what: 'the same, processor time a request, all threads', unit: 'us CPU', figure: 'quietCpu', limit: cpu },
      ],
      notes: [
        `POST of a request for recommendations over ${CONNECTIONS} connections: the body is parsed and validated by its schema, the answer of ${ANSWER.length} bytes made beforehand and serialised. Ours also knows its callers by key and role, limits what is in flight, counts and times every request, and logs it.`,
        'Not in it: choosing, storing, reading.',
      ],
      close: async () => {
        for (const { close } of sides) close();
        await Promise.all([logged.stop(), quiet.stop(), nest.stop()]);
      },
    };
  },
};

function constantService(workplace: Workplace, level: 'info' | 'warn'): Promise<Child> {
  const keys = join(workplace.folder(), 'keys.json');
  const entry = (key: string, role: string) => [hash('sha256', key, 'hex'), { tenant: DEFAULT_TENANT, role }] as const;
  writeFileSync(keys, JSON.stringify(Object.fromEntries([entry(CALLING, 'platform'), entry(LOOKING, 'operator')])));
  const { profiles } = workplace;
  return workplace.start({
    script: SERVICE,
    args: [ANSWER],
    env: { TRELLIS_DATA: workplace.folder(), TRELLIS_PORT: '0', TRELLIS_HOST: '127.0.0.1', TRELLIS_KEYS: keys, TRELLIS_LOG_LEVEL: level },
    nodeArgs: profiles === null ? [] : ['--cpu-prof', `--cpu-prof-dir=${profiles}`],
  });
}

interface Side {
  readonly measured: (seconds: number) => Promise<Measured>;
  readonly close: () => void;
}

async function sideOf(name: string, { url }: Child): Promise<Side> {
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Connection.open(url)));
  const body = JSON.stringify({ course: COURSE, count: 1 });
  const requests = Array.from({ length: LEARNERS }, (_, learner) => jsonRequest('POST', url, `/v1/learners/${learnerName(learner)}/recommendations`, body, CALLING));
  const measured = async (seconds: number): Promise<Measured> => {
    const before = await cpuSecondsOf(url, LOOKING);
    let sent = 0;
    const perSecond = await closedLoop({ workers: CONNECTIONS, seconds }, async (worker) => {
      const [connection, request] = [connections[worker], requests[sent++ % requests.length]];
      if (connection === undefined || request === undefined) throw new Error(`worker ${worker} has no connection`);
      checked(await connection.send(request));
    });
    return { [name]: perSecond, [`${name}Cpu`]: (((await cpuSecondsOf(url, LOOKING)) - before) * 1_000_000) / sent };
  };
  return { measured, close: () => connections.forEach((connection) => connection.close()) };
}
