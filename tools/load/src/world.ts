// The learners that are asked about, with histories of three lengths, given before the load begins.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { seriesOf } from './exposition.js';
import type { Target } from './target.js';

export interface World {
  readonly course: string;
  readonly classroom: string;
  /** The most popular first. */
  readonly learners: readonly string[];
  readonly items: readonly { readonly id: string; readonly skills: readonly string[] }[];
}

const COURSE = 'elementary-algebra';
const CLASSROOM = 'load';
const CLASSROOM_LEARNERS = 30;
/** Of ten learners one has a very long history, three a short one. */
const HISTORIES = [100, 10, 100, 100, 10, 100, 100, 10, 100, 2_000];
const BATCH = 1_000;
const BEGIN = Date.UTC(2026, 0, 5, 8);
const ANSWER_EVERY_MS = 40_000;
/** Of what a busy service refuses. */
const TRIES_MAX = 10;
const WAIT_SECONDS_MAX = 10;
const CAUGHT_UP_MS_MAX = 600_000;
const LAG = 'trellis_projector_lag_events';

interface Course {
  readonly items: readonly { readonly id: string; readonly skills: readonly string[]; readonly kind: string }[];
}

export function sampleWorld(learners: number): World & { readonly content: Course } {
  const content = JSON.parse(readFileSync(new URL('../../../samples/elementary-algebra/course.json', import.meta.url), 'utf8')) as Course; // its script has checked it
  return {
    content,
    course: COURSE,
    classroom: CLASSROOM,
    learners: Array.from({ length: learners }, (_, n) => `load-${n}`),
    items: content.items.filter(({ kind }) => kind === 'practice').map(({ id, skills }) => ({ id, skills })),
  };
}

/** Publishes, enrols, answers, and waits until the rows hold it. Gives the number of answers. */
export async function seed({ url, metricsUrls }: Target, world: ReturnType<typeof sampleWorld>): Promise<number> {
  await send(url, 'PUT', `/v1/courses/${world.course}`, world.content);
  await send(url, 'PUT', `/v1/classrooms/${world.classroom}/learners`, { course: world.course, learners: world.learners.slice(0, CLASSROOM_LEARNERS) });
  let [batch, sent]: [object[], number] = [[], 0];
  const flush = async (): Promise<void> => {
    const { rejected } = (await send(url, 'POST', '/v1/events', batch)) as { readonly rejected: readonly object[] };
    if (rejected.length > 0) throw new Error(`answers of a history were rejected: ${JSON.stringify(rejected[0])}`);
    sent += batch.length;
    batch = [];
  };
  for (const [number, learner] of world.learners.entries()) {
    const answers = HISTORIES[number % HISTORIES.length] ?? 0;
    for (let n = 0; n < answers; n++) {
      batch.push(answerOf(world, { learner, number, n }));
      if (batch.length === BATCH) await flush();
    }
  }
  if (batch.length > 0) await flush();
  await caughtUp(metricsUrls);
  return sent;
}

function answerOf({ items }: World, { learner, number, n }: { readonly learner: string; readonly number: number; readonly n: number }): object {
  const drawn = (Math.imul(Math.imul(number + 1, 0x9e3779b1) ^ Math.imul(n + 1, 0x85ebca6b), 0xc2b2ae35) >>> 0) / 2 ** 32;
  const item = items[Math.floor(drawn * items.length)];
  const data = { item: item?.id, skills: item?.skills, correct: (drawn * 1_000) % 1 < 0.75, durationMs: 5_000 + Math.floor(((drawn * 1_000_000) % 1) * 60_000) };
  return { id: `history-${number}-${n}`, type: 'AnswerGiven', learner, source: 'load', occurredAt: new Date(BEGIN + n * ANSWER_EVERY_MS).toISOString(), data };
}

/** Throws with what the service said if it did not take it, also when asked again as often as it makes sense. */
export async function send(url: URL, method: string, path: string, body: object): Promise<unknown> {
  for (let tried = 1; ; tried++) {
    const reply = await fetch(new URL(path, url), { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
    if (reply.ok) return reply.json();
    const said = await reply.text();
    const waitSeconds = Number(reply.headers.get('retry-after') ?? Number.NaN);
    if (tried === TRIES_MAX || !(waitSeconds <= WAIT_SECONDS_MAX)) throw new Error(`${method} ${path}: ${reply.status} ${said}`);
    await sleep(waitSeconds * 1_000);
  }
}

async function caughtUp(metricsUrls: readonly URL[]): Promise<void> {
  const start = performance.now();
  for (;;) {
    const texts = await Promise.all(metricsUrls.map(async (url) => (await fetch(url)).text()));
    const lags = texts.flatMap((text) => seriesOf(text, [LAG])).filter(({ name }) => name === LAG);
    if (lags.length > 0 && lags.every(({ value }) => value === 0)) return;
    if (performance.now() - start > CAUGHT_UP_MS_MAX) throw new Error(`the rows are still behind the log after ${CAUGHT_UP_MS_MAX} ms`);
    await sleep(100);
  }
}
