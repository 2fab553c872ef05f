// Learners as states in memory: what their answers add up to, without a store.
import type { Envelope, EventId, Position } from '@trellis/event-sourcing';
import { learnerStream, type AnswerData } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { DEFAULT_TENANT, uuidV5 } from '@trellis/service';
import { learnerView, type LearnerState, type PublishedCourse } from '@trellis/views';
import { ANSWER_EVERY_MS, BEGIN, learnerName, Learners, type Answered } from './course-work.js';

export const LEARNER_VIEW = learnerView(() => DEFAULT_CALIBRATION);

export function foldedLearners(course: PublishedCourse, { learners, answers }: { readonly learners: number; readonly answers: number }): readonly LearnerState[] {
  const work = new Learners(course);
  return Array.from({ length: learners }, (_, learner) => {
    const all = work.work(learner);
    let state = LEARNER_VIEW.initial('');
    for (let n = 0; n < answers; n++) state = fold(state, envelopeOf(learner, all.next().value));
    return state;
  });
}

export function fold(state: LearnerState, event: Envelope): LearnerState {
  const folded = LEARNER_VIEW.fold(state, event);
  if (folded === 'late') throw new Error(`${event.stream}: an answer of the bench came late`);
  return folded;
}

export function answerData({ item, correct, durationMs }: Answered): AnswerData {
  return { item: item.id, skills: item.skills, score: correct ? 1 : 0, attempt: 1, hints: 0, durationMs };
}

export function eventId(learner: number, ordinal: number): EventId {
  return uuidV5(`bench\n${learner}\n${ordinal}`);
}

/** Everything that learners answered, learner after learner. */
export function envelopesOf(course: PublishedCourse, { learners, answers }: { readonly learners: number; readonly answers: number }): readonly Envelope[] {
  const work = new Learners(course);
  return Array.from({ length: learners }, (_, learner) => {
    const all = work.work(learner);
    return Array.from({ length: answers }, () => envelopeOf(learner, all.next().value));
  }).flat();
}

export function envelopeOf(learner: number, answered: Answered): Envelope {
  const at = BEGIN + answered.ordinal * ANSWER_EVERY_MS;
  return {
    id: eventId(learner, answered.ordinal),
    type: 'AnswerGiven',
    digest: '',
    bytes: new Uint8Array(0),
    stream: learnerStream(DEFAULT_TENANT, learnerName(learner)),
    revision: answered.ordinal,
    // No store gave it a place, and no fold reads it.
    position: '' as Position,
    recordedAt: at,
    meta: { source: 'bench', occurredAt: at, schema: 1 },
    data: answerData(answered),
  };
}
