// What else is observed of a learner beside answers: facts, never refused for what they say. Schemas are in `observation-schema.ts`.
import type { DomainEvent, EventId } from '@trellis/event-sourcing';
import type { CourseId, ItemId, RecommendationId, SkillId } from './ids.js';

/** A person or a later look gave an answer another score. The answer counts as if it always had it. */
export type AnswerScored = DomainEvent<'AnswerScored', { readonly answer: EventId; readonly score: number; readonly by?: string }>;
/** The answer counts for nothing: it was a mistake of the platform, or not the learner's own. */
export type AnswerVoided = DomainEvent<'AnswerVoided', { readonly answer: EventId; readonly why?: string }>;
export type HintTaken = DomainEvent<'HintTaken', { readonly item: ItemId; readonly skills: readonly SkillId[]; readonly course?: CourseId; readonly session?: string }>;
export type ContentViewed = DomainEvent<'ContentViewed', { readonly item: ItemId; readonly skills: readonly SkillId[]; readonly course?: CourseId; readonly durationMs?: number; readonly session?: string }>;
export type SessionStarted = DomainEvent<'SessionStarted', { readonly session: string; readonly budgetMinutes?: number }>;
export type SessionEnded = DomainEvent<'SessionEnded', { readonly session: string }>;
/** 0..1: how well the learner thinks they know it. */
export type SelfAssessed = DomainEvent<'SelfAssessed', { readonly skill: SkillId; readonly level: number }>;
/** As the learner said; nothing infers one. */
export type MoodReported = DomainEvent<'MoodReported', { readonly mood: Mood }>;
export type PreferenceStated = DomainEvent<'PreferenceStated', Preferences>;
export type FeedbackGiven = DomainEvent<'FeedbackGiven', { readonly item: ItemId; readonly skills: readonly SkillId[]; readonly feedback: Feedback; readonly recommendation?: RecommendationId }>;

export const MOODS = ['good', 'okay', 'tired', 'frustrated', 'anxious', 'bored'] as const;
export type Mood = (typeof MOODS)[number];

export const FEEDBACK = ['too-easy', 'too-hard', 'not-now', 'liked', 'disliked'] as const;
export type Feedback = (typeof FEEDBACK)[number];

/** What a learner stated; what is left out is left as it was, an empty list takes back. */
export interface Preferences {
  readonly modalities?: readonly string[];
  readonly interests?: readonly string[];
  readonly products?: readonly string[];
  readonly readingLevel?: number;
  /** BCP 47, for reasons. */
  readonly language?: string;
}

export type OtherObservation =
  | AnswerScored
  | AnswerVoided
  | HintTaken
  | ContentViewed
  | SessionStarted
  | SessionEnded
  | SelfAssessed
  | MoodReported
  | PreferenceStated
  | FeedbackGiven;
