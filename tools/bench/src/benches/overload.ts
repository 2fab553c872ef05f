// Three times what one process can do, for a minute: what is accepted stays quick, the rest is refused, and nothing that was
// acknowledged is lost, not even by a kill in the middle of it.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Benchmark, Measured, RowPlan } from '../benchmark.js';
import { CrowdWork, kindOf, type CrowdKind } from '../crowd-work.js';
import { flood, type Fate } from '../flood.js';
import { checked, type Answer, type Connection, jsonRequest } from '../http-connection.js';
import { closedLoop } from '../load.js';
import { acceptedMs, lastThirds, middleP99Ms, p99sMs, recoverySeconds, shareOf, type Offered } from '../overload-figures.js';
import { coreWaitSeconds, cpuSecondsOf } from '../process-cpu.js';
import { anonymousMiB } from '../process-memory.js';
import { quantileMs, requestSeconds } from '../request-seconds.js';
import { startStandalone, type Standalone } from '../standalone.js';
import { percentile } from '../statistics.js';

const LEARNERS = 1_000;
/** With fewer, requests for the same learner meet. */
const LEARNERS_MIN = 60;
const ANSWERS_EACH = 100;
const WORKERS = 24;
/** The knee is the most that any part of the time showed: a machine that others use shows less, never more. */
const KNEE_PARTS = 3;
const WARM_UP_FACTOR = 2;
const TIMES_KNEE = 3;
const CALM_SHARE = 0.5;
/** A minute, twelve seconds afterwards and one until the kill, where a side runs for three seconds. */
const OVERLOAD_FACTOR = 20;
const RECOVERY_FACTOR = 4;
const KILL_FACTOR = 1 / 3;
/** The parts in which recovery is looked for: seconds, where a side runs for three. */
const WINDOWS = 12;
/** Each has one request on its way; what is due while all are in use is counted as not sent. */
const CONNECTIONS = 1_000;
/** Fewer than what a listening socket lets wait. */
const OPENED_AT_ONCE = 100;
const SETTLE_MS_MAX = 10_000;
/** Of the overload: seconds, where a side runs for three. */
const PARTS = 60;
const SENT_AGAIN_AT_ONCE = 1_000;

const ROUTES: Readonly<Record<CrowdKind, string>> = { answer: '/v1/learners/:learner/answers', wish: '/v1/learners/:learner/recommendations' };

export const overload: Benchmark = {
  name: 'overload',
  title: 'Overload: three times the knee, for a minute',
  roundsMax: 3,
  prepare: async ({ workplace, scale, say }) => {
    const data = workplace.folder();
    const learners = Math.max(LEARNERS_MIN, Math.round(LEARNERS * scale.size));
    let service = await startStandalone(workplace, { data });
    await service.seed(learners, ANSWERS_EACH);
    await service.caughtUp();
    /** The next number: no id is used twice. */
    let next = 0;

    const round = async (): Promise<Measured> => {
      const crowd = await gathered(service, new CrowdWork(service.url, { learners, after: ANSWERS_EACH }));
      const closed = (seconds: number): Promise<number> =>
        closedLoop({ workers: WORKERS, seconds }, async () => {
          const fate = await crowd.begin(next++);
          if (fate !== 'accepted') throw new Error(`a request of ${WORKERS} that wait for their answers was ${fate ?? 'not sent'}`);
        });
      const offered = async (perSecond: number, seconds: number): Promise<Offered> => {
        const first = next;
        next += Math.max(1, Math.round(perSecond * seconds));
        const what = await flood({ perSecond, seconds }, (arrival) => crowd.begin(first + arrival));
        return { ...what, kind: (arrival) => kindOf(first + arrival) };
      };

      say('overload: looking for the knee');
      await closed(scale.warmUpSeconds * WARM_UP_FACTOR);
      let knee = 0;
      for (let part = 0; part < KNEE_PARTS; part++) knee = Math.max(knee, await closed(scale.seconds / KNEE_PARTS));
      const before = await offered(knee * CALM_SHARE, scale.seconds);
      await before.settled(SETTLE_MS_MAX);

      const perSecond = knee * TIMES_KNEE;
      say(`overload: offering ${Math.round(perSecond)} a second`);
      const seconds = scale.seconds * OVERLOAD_FACTOR;
      const watch = await watched(service, seconds);
      const over = await offered(perSecond, seconds);
      const [costs, after] = await Promise.all([watch.stop(), offered(knee * CALM_SHARE, scale.seconds * RECOVERY_FACTOR)]);
      await Promise.all([over, after].map((each) => each.settled(SETTLE_MS_MAX)));
      for (const each of [before, over, after]) if (each.failure() !== null) say(`overload: a request failed: ${String(each.failure())}`);

      say(`overload: afterwards ${shareOf(after, ['accepted']).toFixed(2)} % accepted, p99 of each part ${p99sMs(after, WINDOWS).map((ms) => ms.toFixed(0)).join(' ')} ms`);
      say('overload: killing the service');
      const untilKill = sleep((scale.seconds * KILL_FACTOR * 1000) / 2).then(() => process.kill(service.child.pid, 'SIGKILL'));
      const [last] = await Promise.all([offered(perSecond, scale.seconds * KILL_FACTOR), untilKill]);
      await last.settled(SETTLE_MS_MAX);
      await service.close();
      service = await startStandalone(workplace, { data });
      const { acknowledged } = crowd;
      const lost = await lostOf(service, acknowledged.map((number) => crowd.work.event(number)));
      say(`overload: ${lost} of ${acknowledged.length} acknowledged answers are lost`);
      return {
        knee,
        due: perSecond,
        ...figuresOf(over),
        ...calmFigures(before),
        ...costs,
        recovery: recoverySeconds(after, before, WINDOWS),
        kept: (100 * (acknowledged.length - lost)) / acknowledged.length,
      };
    };
    return { sides: [round], rows: ROWS, notes: notesOf(learners), close: () => service.close() };
  },
};

interface Crowd {
  readonly work: CrowdWork;
  /** Numbers of answers. */
  readonly acknowledged: readonly number[];
  /** Null: every connection is in use. */
  begin(number: number): Promise<Fate> | null;
}

async function gathered(service: Standalone, work: CrowdWork): Promise<Crowd> {
  const free: Connection[] = [];
  while (free.length < CONNECTIONS) free.push(...(await Promise.all(Array.from({ length: OPENED_AT_ONCE }, () => service.connect()))));
  const acknowledged: number[] = [];
  const send = async (connection: Connection, number: number): Promise<Fate> => {
    const answer = await connection.send(work.request(number));
    free.push(connection);
    const fate = fateOf(answer);
    if (fate === 'accepted' && kindOf(number) === 'answer') acknowledged.push(number);
    return fate;
  };
  return {
    work,
    acknowledged,
    begin: (number) => {
      // That which has waited longest, so that all stay in use; one that was closed is gone.
      for (let connection = free.shift(); connection !== undefined; connection = free.shift()) if (connection.isOpen) return send(connection, number);
      return null;
    },
  };
}

/** Throws for what is neither. */
function fateOf({ status, head, body }: Answer): Fate {
  if (status === 200) return 'accepted';
  if ((status === 429 || status === 503) && /\r\nretry-after: *\d/i.test(head)) return 'refused';
  throw new Error(`answered ${head.slice(0, 400)}\n${body.toString().slice(0, 400)}`);
}

/** From now until `stop`: what the service and we ourselves take, and how long requests took by its own clock. */
async function watched({ url, child }: Standalone, seconds: number): Promise<{ readonly stop: () => Promise<Measured> }> {
  const clocks = () => Promise.all([requestSeconds(url, ROUTES.answer), requestSeconds(url, ROUTES.wish)]);
  const [answersBefore, wishesBefore] = await clocks();
  const waits = () => Promise.all([coreWaitSeconds(child.pid), coreWaitSeconds(process.pid)]);
  const [waitBefore, ownWaitBefore] = await waits();
  const cpuBefore = await cpuSecondsOf(url);
  const ownBefore = process.cpuUsage();
  const start = performance.now();
  const memory: number[] = [];
  const timer = setInterval(() => void anonymousMiB(child.pid).then((mib) => mib !== null && memory.push(mib)), (seconds * 1000) / PARTS);
  return {
    stop: async () => {
      clearInterval(timer);
      const elapsed = (performance.now() - start) / 1000;
      const { user, system } = process.cpuUsage(ownBefore);
      const [wait, ownWait] = await waits();
      const cpu = (await cpuSecondsOf(url)) - cpuBefore;
      const [answers, wishes] = await clocks();
      const last = await anonymousMiB(child.pid);
      const { last: memoryLast, before: memoryBefore } = lastThirds(memory.length > 0 ? memory : [last ?? NaN]);
      return {
        cores: cpu / elapsed,
        ownCores: (user + system) / 1_000_000 / elapsed,
        wait: (100 * (wait - waitBefore)) / elapsed,
        ownWait: (100 * (ownWait - ownWaitBefore)) / elapsed,
        memoryLast,
        memoryBefore,
        'answer-own-p99': quantileMs(answersBefore, answers, 0.99),
        'wish-own-p99': quantileMs(wishesBefore, wishes, 0.99),
      };
    },
  };
}

function figuresOf(over: Offered): Measured {
  const accepted = shareOf(over, ['accepted']);
  return {
    accepted: (over.perSecond * accepted) / 100,
    refused: shareOf(over, ['refused']),
    wishes: over.fates.filter((fate, arrival) => fate === 'accepted' && over.kind(arrival) === 'wish').length / over.seconds,
    'wishes-due': over.perSecond / 2,
    sent: 100 - shareOf(over, ['unsent']),
    told: shareOf(over, ['accepted', 'refused'], (fate) => fate !== 'unsent'),
    'answer-p50': acceptedMs(over, 'answer', 50),
    'answer-p99': acceptedMs(over, 'answer', 99),
    'wish-p50': acceptedMs(over, 'wish', 50),
    'wish-p99': acceptedMs(over, 'wish', 99),
    middle: middleP99Ms(over, PARTS),
    late: percentile([...over.lateMs], 99),
  };
}

function calmFigures(before: Offered): Measured {
  return { 'answer-calm': acceptedMs(before, 'answer', 50), 'wish-calm': acceptedMs(before, 'wish', 50) };
}

/** Sends again, as events, what was acknowledged: what is new to the service, or other than it knows, was lost. */
async function lostOf(service: Standalone, events: readonly object[]): Promise<number> {
  const connection = await service.connect();
  let lost = 0;
  for (let from = 0; from < events.length; from += SENT_AGAIN_AT_ONCE) {
    const batch = JSON.stringify(events.slice(from, from + SENT_AGAIN_AT_ONCE));
    const { accepted, rejected } = JSON.parse(checked(await connection.send(jsonRequest('POST', service.url, '/v1/events', batch))).toString()) as Taken; // what this route answers
    lost += accepted + rejected.length;
  }
  return lost;
}

interface Taken {
  readonly accepted: number;
  readonly rejected: readonly unknown[];
}

const OFFERED = { what: 'offered', figure: 'due' };

const ROWS: readonly RowPlan[] = [
  { what: 'offered', unit: '1/s', figure: 'due', limit: { what: `the knee: ${WORKERS} that wait for their answers`, figure: 'knee' } },
  { what: 'of it sent, the rest for want of a free connection not', unit: '%', figure: 'sent', goals: [{ of: 'figure', atLeast: 95 }] },
  { what: 'accepted', unit: '1/s', figure: 'accepted', limit: OFFERED },
  { what: 'of them recommendations', unit: '1/s', figure: 'wishes', limit: { what: 'offered', figure: 'wishes-due' } },
  { what: 'refused with 429 or 503, and Retry-After', unit: '%', figure: 'refused' },
  { what: 'accepted or refused, of all that were sent', unit: '%', figure: 'told', goals: [{ of: 'figure', atLeast: 100 }] },
  ...waits('accepted answers', 'answer'),
  ...waits('accepted recommendations', 'wish'),
  { what: `accepted, p99 of the middle one of ${PARTS} parts of the time`, unit: 'ms', figure: 'middle' },
  { what: 'the load generator itself was late by, p99', unit: 'ms', figure: 'late' },
  { what: 'anonymous resident memory, last third', unit: 'MiB', figure: 'memoryLast', limit: { what: 'the third before', figure: 'memoryBefore' }, goals: [{ of: 'ratio', atMost: 1.15 }] },
  { what: 'processor time of the service', unit: 'cores', figure: 'cores', limit: { what: 'of the load generator', figure: 'ownCores' } },
  { what: 'of the time the service\'s main thread waited for a core', unit: '%', figure: 'wait', limit: { what: 'that of the load generator', figure: 'ownWait' } },
  { what: 'recovery: calm again after', unit: 's', figure: 'recovery', goals: [{ of: 'figure', atMost: 10 }] },
  { what: 'acknowledged answers that a SIGKILL left', unit: '%', figure: 'kept', goals: [{ of: 'figure', atLeast: 100 }] },
];

function waits(what: string, kind: CrowdKind): readonly RowPlan[] {
  return [
    { what: `${what}, p50`, unit: 'ms', figure: `${kind}-p50`, limit: { what: 'at half the knee', figure: `${kind}-calm` } },
    { what: `${what}, p99`, unit: 'ms', figure: `${kind}-p99`, limit: { what: 'by the service\'s own clock', figure: `${kind}-own-p99` }, goals: [{ of: 'figure', atMost: 100 }] },
  ];
}

function notesOf(learners: number): readonly string[] {
  return [
    `Answers and recommendations half and half, each of a learner who is drawn from ${learners} with ${ANSWERS_EACH} answers at first; every round finds the knee anew: the most of ${KNEE_PARTS} parts of the time. Requests come at a constant rate for a minute and are measured from the moment they were due. ${CONNECTIONS.toLocaleString('en')} connections; answers of the service are durable, rows followed live.`,
    'The load generator shares the cores with the service: what it takes stands beside what the service takes, and its own delay is part of every time. The service\'s own clock begins when it has read the head of a request; its 99th percentile is taken from a histogram, evenly within a bucket.',
    'Recommendations yield to answers: where answers alone are more than can be done, hardly any is given, and their times are those of few.',
    'Calm again: the end of the first of three seconds in a row at half the knee in which nothing is refused or lost and p99 is at most twice that before, but from 25 to 100 ms. 13 s stand for longer than was watched.',
    'At the end the service is killed under the same load and started again; every acknowledged answer is sent once more, and must be known.',
  ];
}
