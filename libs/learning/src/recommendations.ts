// What the engine chose for a learner, kept with everything that is needed to choose it again.
import type { DomainEvent, Instant, Revision } from '@trellis/event-sourcing';
import type { ClassroomId, CourseId, ItemId, ObjectiveId, SkillId } from './ids.js';

/** A message key with its parameters; the text is derived from both. */
export interface Reason {
  readonly key: string;
  readonly params: { readonly [name: string]: string | number };
}

export type PacingAction = 'practise' | 'learn' | 'review' | 'advance' | 'rest' | 'help';

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
}

export interface Decision {
  readonly wish: Wish;
  readonly at: Instant;
  /** What it rests on: the learner's history up to this revision, and a classroom's settings up to that of its stream. */
  readonly basedOn: { readonly revision: Revision; readonly classroom: { readonly id: ClassroomId; readonly revision: Revision } | null };
  readonly versions: Versions;
  readonly seed: number;
  readonly pacing: Pacing;
  readonly items: readonly ChosenItem[];
}

export type RecommendationMade = DomainEvent<'RecommendationMade', Decision>;
