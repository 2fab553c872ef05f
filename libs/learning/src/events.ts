// Every event of Trellis, and how its bytes are written.
import { eventCodec, type EventCodec } from '@trellis/event-sourcing';
import type { AnswerGiven } from './answers.js';
import type { LearnerEnrolled } from './classroom.js';
import type { CoursePublished } from './course.js';
import type { RecommendationMade } from './recommendations.js';

export type TrellisEvent = AnswerGiven | LearnerEnrolled | CoursePublished | RecommendationMade;

/** Facts, which fold in the order in which they happened. All other events fold in the order of their stream. */
export function isObservation(type: string): boolean {
  return type === 'AnswerGiven';
}

/** Append only: a key's place in this list is its meaning in every event ever stored. */
const DICTIONARY = [
  ...['source', 'occurredAt', 'timeBasis', 'claimedAt', 'sequence', 'schema', 'correlationId'],
  ...['item', 'skills', 'course', 'courseVersion', 'score', 'attempt', 'hints', 'response', 'durationMs', 'confidence', 'session', 'recommendation'],
  ...['learner', 'classroom', 'version', 'part', 'parts', 'title', 'language', 'licence', 'items', 'objectives', 'objective'],
  ...['id', 'section', 'prerequisites', 'skill', 'strength', 'masteryAt', 'kind', 'difficulty', 'tier', 'modality', 'product'],
  ...['readingLevel', 'interests', 'minutes', 'variantOf', 'key', 'type', 'values'],
  ...['wish', 'count', 'budgetMinutes', 'at', 'basedOn', 'revision', 'versions', 'engine', 'policy', 'calibration', 'strategy', 'seed'],
  ...['pacing', 'action', 'reviewAt', 'reason', 'prediction', 'probability', 'params'],
] as const;

export function trellisCodec(): EventCodec {
  return eventCodec({ dictionary: DICTIONARY });
}

/** The schema version of every event that is written today. */
export const SCHEMA_VERSION = 1;
