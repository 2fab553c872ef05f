// A real log on disk with the answers of many learners, as ingest would have written it.
import { openEmbedded } from '@trellis/embedded';
import type { EventCodec, EventStore, Observation } from '@trellis/event-sourcing';
import { eventSchema, learnerStream, trellisCodec } from '@trellis/learning';
import { DEFAULT_TENANT, digest16 } from '@trellis/service';
import type { PublishedCourse } from '@trellis/views';
import { ANSWER_EVERY_MS, BEGIN, COURSE, learnerName, Learners, publishedSample, type Answered } from './course-work.js';
import { answerData, eventId } from './folded-learners.js';

const PART = 5_000;

export interface LogSize {
  readonly events: number;
  readonly learners: number;
}

/** Observations of learners who take turns, each with the work of `course-work`. */
export function* observations({ events, learners }: LogSize): Generator<Observation, void> {
  const codec = trellisCodec();
  const course = new Learners(publishedSample());
  const works = Array.from({ length: learners }, (_, learner) => course.work(learner, learner % 100));
  for (let n = 0; n < events; n++) {
    const learner = n % learners;
    const answered = works[learner]?.next().value;
    if (answered === undefined) throw new Error(`learner ${learner} does not work`);
    yield observationOf(codec, learner, answered);
  }
}

/** The same without anything kept for each learner, from the n-th event on. */
export function* observationsFrom(first: number, { events, learners }: LogSize): Generator<Observation, void> {
  const codec = trellisCodec();
  const course = new Learners(publishedSample());
  for (let n = first; n < first + events; n++) {
    const learner = n % learners;
    yield observationOf(codec, learner, course.answer(learner, Math.floor(n / learners)));
  }
}

/** Learners of one history each: the work of `course-work` on a course, from an answer on. */
export interface History {
  /** The number of the first learner. */
  readonly from?: number;
  readonly learners: number;
  readonly answers: number;
  /** So many answers were given before. */
  readonly after?: number;
}

export function* histories(course: PublishedCourse, all: readonly History[]): Generator<Observation, void> {
  const codec = trellisCodec();
  const work = new Learners(course);
  for (const { from = 0, learners, answers, after = 0 } of all) {
    for (let learner = from; learner < from + learners; learner++) {
      const given = work.work(learner, learner % 100);
      for (let n = 0; n < after; n++) given.next();
      for (let n = 0; n < answers; n++) yield observationOf(codec, learner, given.next().value, course.id);
    }
  }
}

function observationOf(codec: EventCodec, learner: number, answered: Answered, course = COURSE): Observation {
  const data = { ...answerData(answered), course, courseVersion: 1 };
  const meta = { source: 'bench', occurredAt: BEGIN + answered.ordinal * ANSWER_EVERY_MS, schema: eventSchema('AnswerGiven') };
  const event = codec.encode(eventId(learner, answered.ordinal), digest16(`${learner} ${answered.ordinal}`), { type: 'AnswerGiven', data }, meta);
  return { stream: learnerStream(DEFAULT_TENANT, learnerName(learner)), event };
}

export async function writeLog(folder: string, size: LogSize): Promise<void> {
  const { store, close } = await openEmbedded(folder);
  try {
    await appendAll(store, observations(size));
  } finally {
    await close();
  }
}

export async function appendAll(store: EventStore, all: Iterable<Observation>): Promise<void> {
  let part: Observation[] = [];
  for (const observation of all) {
    part.push(observation);
    if (part.length < PART) continue;
    await append(store, part);
    part = [];
  }
  if (part.length > 0) await append(store, part);
}

async function append(store: EventStore, part: readonly Observation[]): Promise<void> {
  const { outcomes } = await store.appendObservations(part);
  if (outcomes.some((outcome) => outcome !== 'accepted')) throw new Error('a part of new events was not taken whole');
}
