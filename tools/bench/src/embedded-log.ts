// A real log on disk with the answers of many learners, as ingest would have written it.
import { openEmbedded } from '@trellis/embedded';
import type { EventCodec, Observation } from '@trellis/event-sourcing';
import { eventSchema, learnerStream, trellisCodec } from '@trellis/learning';
import { DEFAULT_TENANT, digest16 } from '@trellis/service';
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

function observationOf(codec: EventCodec, learner: number, answered: Answered): Observation {
  const data = { ...answerData(answered), course: COURSE, courseVersion: 1 };
  const meta = { source: 'bench', occurredAt: BEGIN + answered.ordinal * ANSWER_EVERY_MS, schema: eventSchema('AnswerGiven') };
  const event = codec.encode(eventId(learner, answered.ordinal), digest16(`${learner} ${answered.ordinal}`), { type: 'AnswerGiven', data }, meta);
  return { stream: learnerStream(DEFAULT_TENANT, learnerName(learner)), event };
}

export async function writeLog(folder: string, size: LogSize): Promise<void> {
  const { store, close } = await openEmbedded(folder);
  try {
    let part: Observation[] = [];
    for (const observation of observations(size)) {
      part.push(observation);
      if (part.length < PART) continue;
      await store.appendObservations(part);
      part = [];
    }
    if (part.length > 0) await store.appendObservations(part);
  } finally {
    await close();
  }
}
