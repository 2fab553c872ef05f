// How long a learner waits for the next item, at a rate that does not wait for answers; the decision is durable.
import { join } from 'node:path';
import type { Benchmark, Goal, Measured, RowPlan } from '../benchmark.js';
import { ConnectionPool } from '../connection-pool.js';
import { COURSE, learnerName, Learners, numbersFrom, publishedSample } from '../course-work.js';
import { checked, jsonRequest } from '../http-connection.js';
import { JoinedFile } from '../joined-file.js';
import { openLoop } from '../load.js';
import { startStandalone } from '../standalone.js';
import { percentile } from '../statistics.js';

const PER_SECOND = 300;
const LEARNERS = 200;
/** With fewer, requests for the same learner meet and choose again. */
const LEARNERS_MIN = 60;
const ANSWERS_EACH = 100;
const BARE_BYTES = 1_024;
/** A tail of 1 % needs more time than a rate does. */
const SECONDS_FACTOR = 2;

export const nextItem: Benchmark = {
  name: 'next-item',
  title: 'Next item, open loop',
  prepare: async ({ workplace, scale, say }) => {
    const service = await startStandalone(workplace);
    const learners = Math.max(LEARNERS_MIN, Math.round(LEARNERS * scale.size));
    await service.seed(learners, ANSWERS_EACH);
    await service.caughtUp();
    const pool = new ConnectionPool(() => service.connect());
    const course = new Learners(publishedSample());
    const works = Array.from({ length: learners }, (_, learner) => course.work(learner + LEARNERS));
    const random = numbersFrom(7);
    const somebody = (): number => Math.floor(random() * learners);

    const post = async (path: string, body: string): Promise<void> => {
      await pool.with(async (connection) => void checked(await connection.send(jsonRequest('POST', service.url, path, body))));
    };
    const wish = JSON.stringify({ course: COURSE, count: 1 });
    const ask = (): Promise<void> => post(`/v1/learners/${learnerName(somebody())}/recommendations`, wish);
    const answer = (): Promise<void> => {
      const learner = somebody();
      const done = works[learner]?.next().value;
      return post(`/v1/learners/${learnerName(learner)}/answers?next=1`, JSON.stringify({ item: done?.item.id, correct: done?.correct, durationMs: done?.durationMs }));
    };
    const file = new JoinedFile(join(workplace.folder(), 'bare'));
    const bytes = Buffer.alloc(BARE_BYTES, 7);

    const side = (name: string, work: () => Promise<void>, seconds = scale.seconds * SECONDS_FACTOR) => async (): Promise<Measured> => {
      const took = await openLoop({ perSecond: PER_SECOND, seconds }, work);
      await service.caughtUp();
      return { [`${name}-p50`]: percentile(took, 50), [`${name}-p99`]: percentile(took, 99) };
    };
    say('next-item: warming up');
    for (const work of [ask, answer]) await side('warm-up', work, scale.warmUpSeconds * SECONDS_FACTOR)();

    return {
      sides: [side('ask', ask), side('answer', answer), side('bare', () => file.append(bytes))],
      rows: [...rows('POST recommendations', 'ask'), ...rows('POST answers?next=1', 'answer')],
      notes: [
        `${PER_SECOND} requests a second at a constant rate, each measured from the moment it was due; ${learners} learners with ${ANSWERS_EACH} answers each, course \`${COURSE}\`, rows followed live.`,
        'Beside it: 1 KB appended to a file and an fdatasync at the same rate, appends that meet joined, in the process of the load generator with nothing else to do.',
      ],
      close: async () => {
        await file.close();
        await service.close();
      },
    };
  },
};

function rows(what: string, name: string): readonly RowPlan[] {
  const row = (percent: string, goals: readonly Goal[]): RowPlan => ({
    what: `${what}, ${percent}`,
    unit: 'ms',
    figure: `${name}-${percent}`,
    limit: { what: `bare joined fdatasync, ${percent}`, figure: `bare-${percent}` },
    goals,
  });
  return [
    row('p50', [{ of: 'figure', atMost: 3 }]),
    row('p99', [
      { of: 'figure', atMost: 10 },
      { of: 'excess', atMost: 4 },
    ]),
  ];
}
