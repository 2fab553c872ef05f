// What the engine chose for a learner, kept with everything that is needed to choose it again.
import type { DomainEvent, Instant, Revision } from '@trellis/event-sourcing';
import type { ClassroomId, CourseId, ItemId, ObjectiveId, SkillId } from './ids.js';

/** A message key with its parameters; the text is derived from both. */
export interface Reason {
  readonly key: string;
  readonly params: { readonly [name: string]: string | number };
}

export type PacingAction = 'practise' | 'learn' | 'review' | 'assess' | 'advance' | 'rest' | 'help';

export interface Pacing {
  readonly action: PacingAction;
  readonly items?: number;
  readonly minutes?: number;
  readonly reviewAt?: Instant;
  readonly reason: Reason;
}

export interface ChosenItem {
  readonly item: ItemId;
  readonly skills: readonly SkillId[];
  readonly action: 'practise' | 'learn' | 'review';
  /** Of a right answer now. */
  readonly prediction: number;
  /** Of this draw, given the earlier ones. */
  readonly probability: number;
  readonly reason: Reason;
  /** How the item was fitted to the learner, where the strategy varies it. */
  readonly fitted?: readonly Reason[];
  /** What would have come first if something were otherwise. */
  readonly counterfactual?: Reason;
  /** What its skill's score is made of; a pinned item has none. */
  readonly parts?: ScoreParts;
}

/** Their product is the score by which skills are compared. */
export interface ScoreParts {
  /** For the aim: the skill's own place in it, and a share of what it leads to. */
  readonly worth: number;
  /** 0..1: how well what it builds on is known. */
  readonly readiness: number;
  /** What an answer now is expected to add. */
  readonly gain: number;
  /** Above 1 where it is near what was practised last. */
  readonly near: number;
  /** Below 1 where it was practised just now. */
  readonly again: number;
  /** Below 1 while it is paused. */
  readonly pause: number;
}

/** One that was not chosen, and why. */
export interface Passed {
  readonly skill: SkillId;
  /** 0..1: its score beside the best. */
  readonly score: number;
  /** Of being drawn first. */
  readonly probability: number;
  readonly reason: Reason;
}

export interface Versions {
  readonly engine: string;
  readonly policy: string;
  readonly course: number;
  readonly calibration: string;
  readonly strategy: string;
}

/** What was asked for. Absent members were left to the engine. */
export interface Wish {
  readonly course: CourseId;
  readonly count: number;
  readonly objective?: ObjectiveId;
  readonly budgetMinutes?: number;
  /** Items also when everything of the aim counts as mastered. */
  readonly keepGoing?: boolean;
}

export interface Decision {
  readonly wish: Wish;
  readonly at: Instant;
  /** What it rests on: the learner's history up to this revision, and a classroom's settings up to that of its stream. */
  readonly basedOn: { readonly revision: Revision; readonly classroom: { readonly id: ClassroomId; readonly revision: Revision } | null };
  readonly versions: Versions;
  readonly seed: number;
  readonly pacing: Pacing;
  /** One, a row of them, or several of which the learner takes one. */
  readonly offer?: 'next' | 'options';
  readonly items: readonly ChosenItem[];
  readonly passed?: readonly Passed[];
}

export type RecommendationMade = DomainEvent<'RecommendationMade', Decision>;
