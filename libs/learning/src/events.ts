// Every event of Trellis, and how its bytes are written.
import { eventCodec, type EventCodec, type Upcast } from '@trellis/event-sourcing';
import type { AnswerGiven } from './answers.js';
import type { CalibrationActivated, CalibrationPublished } from './calibration.js';
import type { ClassroomEvent } from './classroom-events.js';
import type { CoursePublished } from './course.js';
import type { OtherObservation } from './observations.js';
import type { PlanEvent } from './plan-events.js';
import type { RecommendationMade } from './recommendations.js';

export type TrellisEvent = AnswerGiven | OtherObservation | PlanEvent | ClassroomEvent | CoursePublished | RecommendationMade | CalibrationPublished | CalibrationActivated;

const OBSERVATIONS = [
  ...['AnswerGiven', 'AnswerScored', 'AnswerVoided', 'HintTaken', 'ContentViewed', 'SessionStarted', 'SessionEnded'],
  ...['SelfAssessed', 'MoodReported', 'PreferenceStated', 'FeedbackGiven'],
];
const OBSERVED: ReadonlySet<string> = new Set(OBSERVATIONS);

/** Facts, which fold in the order in which they happened. All other events fold in the order of their stream. */
export function isObservation(type: string): boolean {
  return type === 'AnswerGiven' || OBSERVED.has(type);
}

/** Facts about an earlier answer, which counts as if it always had been so. */
export function isCorrection(type: string): boolean {
  return type === 'AnswerScored' || type === 'AnswerVoided';
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
  ...['digest', 'combinations', 'head', 'easiness', 'prior', 'learn', 'guess', 'slip', 'bkt', 'ability', 'placement', 'recall', 'weights', 'features', 'mean', 'sd'],
  ...['intercept', 'report', 'heldOut', 'flaws', 'model', 'subject', 'detail', 'blocks', 'card', 'before'],
  ...['answer', 'by', 'level', 'mood', 'feedback', 'goal', 'due', 'mastered', 'pinned', 'attempts', 'excluded', 'known'],
  ...['offer', 'passed', 'fitted', 'counterfactual', 'worth', 'readiness', 'gain', 'near', 'again', 'pause'],
] as const;

/** Every type, with what brings data of its earlier schemas to that of today, step by step. Append only, too. */
const UPCASTS: Readonly<Record<TrellisEvent['type'], readonly Upcast[]>> = {
  AnswerGiven: [],
  AnswerScored: [],
  AnswerVoided: [],
  HintTaken: [],
  ContentViewed: [],
  SessionStarted: [],
  SessionEnded: [],
  SelfAssessed: [],
  MoodReported: [],
  PreferenceStated: [],
  FeedbackGiven: [],
  GoalProposed: [],
  GoalSet: [],
  GoalDropped: [],
  RecommendationAccepted: [],
  RecommendationDeclined: [],
  MasteryAttested: [],
  ItemPinned: [],
  ItemExcluded: [],
  StrategyChosen: [],
  ObjectiveSet: [],
  EnginePaused: [],
  PlacementStarted: [],
  PlacementConcluded: [],
  AssessmentRequested: [],
  AssessmentCompleted: [],
  MasteryCertified: [],
  PhaseBegun: [],
  CalendarSet: [],
  GroupFormed: [],
  LearnerEnrolled: [],
  CoursePublished: [],
  CalibrationPublished: [],
  CalibrationActivated: [],
  // 2 names the classroom whose settings a decision rested on. Those of schema 1 rested on none.
  RecommendationMade: [(data) => ({ ...data, basedOn: { ...(data['basedOn'] as object), classroom: null } })],
};

export function trellisCodec(): EventCodec {
  return eventCodec({ dictionary: DICTIONARY, types: UPCASTS });
}

/** The schema in which events of the type are written today: for `Meta.schema`. */
export function eventSchema(type: TrellisEvent['type']): number {
  return UPCASTS[type].length + 1;
}
