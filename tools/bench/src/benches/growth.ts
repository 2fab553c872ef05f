// How the wait for the next item grows: with a learner's history, with a course's items, with how many learners there are.
import { execFileSync } from 'node:child_process';
import { openEmbedded } from '@trellis/embedded';
import type { CourseContent, CourseId } from '@trellis/learning';
import type { PublishedCourse } from '@trellis/views';
import type { Benchmark, CurvePlan, Measured, RowPlan, Setting } from '../benchmark.js';
import { ConnectionPool } from '../connection-pool.js';
import { learnerName, publishedSample } from '../course-work.js';
import { appendAll, histories, type History } from '../embedded-log.js';
import { checked, jsonRequest } from '../http-connection.js';
import { openLoop } from '../load.js';
import { cpuSecondsOf } from '../process-cpu.js';
import { sizedCourse } from '../sized-course.js';
import { startStandalone, type Standalone } from '../standalone.js';
import { percentile } from '../statistics.js';

/** Far from what one process can do: what grows is the wait for the work, not for others. */
const PER_SECOND = 100;
/** A tail of 1 % needs more time than a rate does. */
const SECONDS_FACTOR = 3;
/** Of each step that has few; with fewer, requests for the same learner meet and choose again. */
const GROUP = 60;
const ANSWERS_EACH = 100;
const HISTORIES = [100, 1_000, 10_000];
const HISTORIES_MIN = [10, 20, 40];
const ITEMS = [2_000, 20_000];
const ITEMS_MIN = [300, 600];
const LEARNERS = [1_000, 100_000];
const LEARNERS_FULL = 1_000_000;
const LEARNERS_MIN = [60, 120, 240];
/** From one learner to the next: no number of learners here shares a factor with it. */
const STRIDE = 7_919;
/** Where there are many learners. */
const ANSWERS_FEW = 4;
const SYNC_MS_MAX = 120_000;
const PHASES = new URL('../../dist/large-log-phase.js', import.meta.url).pathname;

interface Step {
  readonly along: Along;
  readonly size: number;
  readonly learners: { readonly from: number; readonly count: number };
  readonly course: CourseId;
  readonly service: Standalone;
}

interface Along {
  readonly what: string;
  readonly factorMax: number;
}

const HISTORY: Along = { what: 'events of history', factorMax: 1.5 };
const COURSE_ITEMS: Along = { what: 'items of the course', factorMax: 3 };
const COUNT: Along = { what: 'learners', factorMax: 1.5 };

export const growth: Benchmark = {
  name: 'growth',
  title: 'Growth with history, items and learners',
  roundsMax: 3,
  prepare: async (setting) => {
    const { scale, say } = setting;
    const steps = [...(await byHistory(setting)), ...(await byItems(setting)), ...(await byLearners(setting))];
    const askers = steps.map((step) => askerOf(step));
    const sides = steps.map((step, n) => (seconds: number) => asked(step, askers[n] ?? failed(), seconds));
    // What is made durable would wait for the disk to write what was seeded.
    execFileSync('sync', { timeout: SYNC_MS_MAX });
    say('growth: warming up');
    // One after another first: what is made at the first request for a course would let hundreds of others wait.
    for (const ask of askers) for (let n = 0; n < GROUP; n++) await ask();
    for (const side of sides) await side(scale.warmUpSeconds);
    return {
      sides: sides.map((side) => () => side(scale.seconds * SECONDS_FACTOR)),
      rows: steps.flatMap((step) => rowsOf(step, steps)),
      curves: [HISTORY, COURSE_ITEMS, COUNT].flatMap((along) => curvesOf(along, steps)),
      notes: [
        `POST recommendations at a constant rate of ${PER_SECOND} a second, each measured from the moment it was due, the learners of the step in turns; decisions are durable, rows followed live. Beside each step is the first of its kind, in the same round.`,
        `History: ${GROUP} learners of each length in one service with the sample course. Items: ${GROUP} learners with ${ANSWERS_EACH} answers in each of two generated courses with the sample's shape, so that skills, prerequisites and objectives grow as the items do. Learners: ${ANSWERS_FEW} answers each, a service of its own for each number. What is asked adds decisions to the histories.`,
        'Requests say `keepGoing`, so that learners who know the whole course cost a choice too.',
        '1,000,000 learners are measured with `--full`.',
      ],
      close: async () => {
        for (const service of new Set(steps.map((step) => step.service))) await service.close();
      },
    };
  },
};

/** One request of the next learner, far from the one before: everybody has a turn, and nobody's requests meet. */
function askerOf({ learners, course, service }: Step): () => Promise<void> {
  const pool = new ConnectionPool(() => service.connect());
  const body = JSON.stringify({ course, count: 1, keepGoing: true });
  let turn = 0;
  return () => {
    const learner = learnerName(learners.from + ((turn++ * STRIDE) % learners.count));
    return pool.with(async (connection) => {
      const answer = checked(await connection.send(jsonRequest('POST', service.url, `/v1/learners/${learner}/recommendations`, body)));
      if (!answer.includes('"item":')) throw new Error(`${learner} was given no item: ${answer.toString().slice(0, 400)}`);
    });
  };
}

async function asked({ along, size, service }: Step, ask: () => Promise<void>, seconds: number): Promise<Measured> {
  const before = await cpuSecondsOf(service.url);
  const took = await openLoop({ perSecond: PER_SECOND, seconds }, ask);
  await service.caughtUp();
  const cpu = (await cpuSecondsOf(service.url)) - before;
  return { [figureOf('p50', along, size)]: percentile(took, 50), [figureOf('p99', along, size)]: percentile(took, 99), [figureOf('cpu', along, size)]: (cpu * 1_000_000) / took.length };
}

function figureOf(name: 'p50' | 'p99' | 'cpu', { what }: Along, size: number): string {
  return `${name} ${what} ${size}`;
}

function rowsOf({ along, size }: Step, steps: readonly Step[]): readonly RowPlan[] {
  const first = steps.find((step) => step.along === along)?.size ?? size;
  const row = (name: 'p50' | 'p99' | 'cpu', what: string, unit: string): RowPlan => ({
    what: `${size.toLocaleString('en')} ${along.what}: ${what}`,
    unit,
    figure: figureOf(name, along, size),
    ...(size === first ? {} : { limit: { what: `at ${first.toLocaleString('en')}`, figure: figureOf(name, along, first) } }),
    ...(size === first || name !== 'p99' ? {} : { goals: [{ of: 'ratio', atMost: along.factorMax }] }),
  });
  return [row('p50', 'p50', 'ms'), row('p99', 'p99', 'ms'), row('cpu', 'processor time a request', 'us CPU')];
}

function curvesOf(along: Along, steps: readonly Step[]): readonly CurvePlan[] {
  const own = steps.filter((step) => step.along === along);
  const points = (name: 'p99' | 'cpu') => own.map(({ size }) => ({ at: size, figure: figureOf(name, along, size) }));
  return [
    { along: along.what, what: 'p99', unit: 'ms', points: points('p99'), factorMax: along.factorMax },
    { along: along.what, what: 'processor time', unit: 'us', points: points('cpu') },
  ];
}

/** One service, with learners whose histories are short, longer and very long. */
async function byHistory(setting: Setting): Promise<readonly Step[]> {
  const course = publishedSample();
  const sizes = sized(HISTORIES, HISTORIES_MIN, setting);
  const service = await seeded(setting, [{ course, histories: sizes.map((answers, n) => ({ from: n * GROUP, learners: GROUP, answers })) }]);
  return sizes.map((size, n) => ({ along: HISTORY, size, learners: { from: n * GROUP, count: GROUP }, course: course.id, service }));
}

/** One service with courses of two sizes. */
async function byItems(setting: Setting): Promise<readonly Step[]> {
  const sizes = sized(ITEMS, ITEMS_MIN, setting);
  const courses = sizes.map((size, n) => ({ course: sizedCourse(size), histories: [{ from: n * GROUP, learners: GROUP, answers: ANSWERS_EACH }] }));
  const service = await seeded(setting, courses);
  return courses.map(({ course }, n) => ({ along: COURSE_ITEMS, size: sizes[n] ?? 0, learners: { from: n * GROUP, count: GROUP }, course: course.id, service }));
}

/** A service for each number, whose log is written by another process: what that holds in memory is gone when it ends. */
async function byLearners(setting: Setting): Promise<readonly Step[]> {
  const { workplace, scale, say } = setting;
  const steps: Step[] = [];
  for (const size of sized(scale.full === true ? [...LEARNERS, LEARNERS_FULL] : LEARNERS, LEARNERS_MIN, setting)) {
    say(`growth: writing a log of ${size.toLocaleString('en')} learners`);
    const data = workplace.folder();
    for (const phase of ['write', 'catch-up']) {
      const worker = workplace.work({ script: PHASES, args: [phase, data, String(size * ANSWERS_FEW), String(size)] });
      while ((await worker.line()) !== null);
    }
    const service = await startStandalone(workplace, { data });
    await service.caughtUp();
    steps.push({ along: COUNT, size, learners: { from: 0, count: size }, course: publishedSample().id, service });
  }
  return steps;
}

/** A service over a log with these histories, caught up. */
async function seeded({ workplace, say }: Setting, all: readonly { readonly course: PublishedCourse; readonly histories: readonly History[] }[]): Promise<Standalone> {
  say('growth: writing histories');
  const data = workplace.folder();
  const { store, close } = await openEmbedded(data);
  try {
    for (const { course, histories: own } of all) await appendAll(store, histories(course, own));
  } finally {
    await close();
  }
  const service = await startStandalone(workplace, { data, courses: new Map<CourseId, CourseContent>(all.map(({ course: { id, content } }) => [id, content])) });
  await service.caughtUp();
  return service;
}

function sized(sizes: readonly number[], least: readonly number[], { scale }: Setting): readonly number[] {
  return sizes.map((size, n) => Math.max(least[n] ?? 1, Math.round(size * scale.size)));
}

function failed(): never {
  throw new Error('a step has nobody to ask for');
}
