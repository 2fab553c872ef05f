// The real service as a child process, with the sample course published and learners who have a history.
import { setTimeout as sleep } from 'node:timers/promises';
import type { CourseContent, CourseId } from '@trellis/learning';
import { SERVICE_NODE_ARGS } from '@trellis/servers';
import { COURSE, Learners, publishedSample, sampleContent, sent, STANDALONE_MAIN, type SentAnswer } from './course-work.js';
import { checked, Connection, jsonRequest } from './http-connection.js';
import type { Child, Workplace } from './workplace.js';

const BATCH = 500;
const LAG_EVERY_MS = 20;
const LAG_MS_MAX = 120_000;

export interface Standalone {
  readonly url: URL;
  readonly child: Child;
  connect(): Promise<Connection>;
  /** Gives `learners` a history of `answers` each. */
  seed(learners: number, answers: number): Promise<void>;
  /** Resolves once the rows of learners hold everything that the log holds. */
  caughtUp(): Promise<void>;
  close(): Promise<void>;
}

export interface StandaloneOptions {
  /** A data folder that may hold a log already; an empty one if left out. */
  readonly data?: string;
  /** What is published before it is used; the sample course if left out. */
  readonly courses?: ReadonlyMap<CourseId, CourseContent>;
}

export async function startStandalone(workplace: Workplace, { data = workplace.folder(), courses = new Map([[COURSE, sampleContent()]]) }: StandaloneOptions = {}): Promise<Standalone> {
  const { profiles } = workplace;
  const child = await workplace.start({
    script: STANDALONE_MAIN,
    env: { TRELLIS_DATA: data, TRELLIS_PORT: '0', TRELLIS_HOST: '127.0.0.1', TRELLIS_KEYS: '', TRELLIS_LOG_LEVEL: 'info' },
    nodeArgs: profiles === null ? SERVICE_NODE_ARGS : [...SERVICE_NODE_ARGS, '--cpu-prof', `--cpu-prof-dir=${profiles}`],
  });
  const { url } = child;
  const opened: Connection[] = [];
  const connect = async (): Promise<Connection> => {
    const connection = await Connection.open(url);
    opened.push(connection);
    return connection;
  };
  const control = await connect();
  for (const [id, content] of courses) checked(await control.send(jsonRequest('PUT', url, `/v1/courses/${id}`, JSON.stringify(content))));

  const post = async (batch: readonly SentAnswer[]): Promise<void> => {
    const body = checked(await control.send(jsonRequest('POST', url, '/v1/events', JSON.stringify(batch)))).toString();
    if (!body.includes('"rejected":[]')) throw new Error(`events were rejected: ${body.slice(0, 400)}`);
  };
  return {
    url,
    child,
    connect,
    seed: async (learners, answers) => {
      const course = new Learners(publishedSample());
      let batch: SentAnswer[] = [];
      for (let learner = 0; learner < learners; learner++) {
        const work = course.work(learner);
        for (let n = 0; n < answers; n++) {
          batch.push(sent(`seed-${learner}-${n}`, learner, work.next().value));
          if (batch.length < BATCH) continue;
          await post(batch);
          batch = [];
        }
      }
      if (batch.length > 0) await post(batch);
    },
    caughtUp: async () => {
      const start = performance.now();
      while ((await lagOf(url)) > 0) {
        if (performance.now() - start > LAG_MS_MAX) throw new Error(`the rows are still behind the log after ${LAG_MS_MAX} ms`);
        await sleep(LAG_EVERY_MS);
      }
    },
    close: async () => {
      for (const connection of opened) connection.close();
      await child.stop();
    },
  };
}

async function lagOf(url: URL): Promise<number> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const lag = /^trellis_projector_lag_events\{view="learner",partition="log"\} (\d+)/m.exec(text)?.[1];
  if (lag === undefined) throw new Error('the service does not say how far its rows are behind');
  return Number(lag);
}
