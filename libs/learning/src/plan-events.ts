// What is decided about one learner: goals, and every word of a teacher. Stored for ever, in the learner's stream. Add optional fields; never rename, retype or reuse a name.
import type { DomainEvent, Instant } from '@trellis/event-sourcing';
import type { CourseId, ItemId, ObjectiveId, RecommendationId, SkillId } from './ids.js';
import type { Strategy } from './strategy.js';

/** Whose word it is. */
export type By = 'learner' | 'teacher' | 'platform';

/** `objective` or `skills`, one of the two. */
export interface Goal {
  readonly goal: string;
  readonly course: CourseId;
  readonly objective?: ObjectiveId;
  readonly skills?: readonly SkillId[];
  /** When it should be reached. */
  readonly due?: Instant;
  readonly minutesPerWeek?: number;
}

export type GoalProposed = DomainEvent<'GoalProposed', Goal & { readonly by: By }>;
export type GoalSet = DomainEvent<'GoalSet', Goal & { readonly by: By; readonly at: Instant }>;
export type GoalDropped = DomainEvent<'GoalDropped', { readonly goal: string; readonly by: By; readonly why?: string }>;
export type RecommendationAccepted = DomainEvent<'RecommendationAccepted', { readonly recommendation: RecommendationId; readonly item: ItemId }>;
export type RecommendationDeclined = DomainEvent<'RecommendationDeclined', Declined>;
/** `mastered: null` takes an attestation back. */
export type MasteryAttested = DomainEvent<'MasteryAttested', { readonly skill: SkillId; readonly mastered: boolean | null; readonly by: By; readonly note?: string }>;
/** `pinned: false` takes it back. `attempts`: how often the learner had answered it when it was pinned; the pin is fulfilled by one more. */
export type ItemPinned = DomainEvent<'ItemPinned', { readonly item: ItemId; readonly pinned: boolean; readonly attempts: number; readonly by: By; readonly note?: string }>;
/** An item or a whole skill; `excluded: false` takes it back. */
export type ItemExcluded = DomainEvent<'ItemExcluded', { readonly item?: ItemId; readonly skill?: SkillId; readonly excluded: boolean; readonly by: By; readonly note?: string }>;
/** In a learner's stream: for this learner alone, over what the classroom has. `null` takes it back. */
export type LearnerStrategyChosen = DomainEvent<'StrategyChosen', { readonly strategy: Strategy | null; readonly by: By }>;
/** In a learner's stream: an objective for this learner alone. `locked`: neither goals nor requests go past it. `null` takes it back. */
export type LearnerObjectiveSet = DomainEvent<'ObjectiveSet', { readonly course: CourseId; readonly objective: ObjectiveId | null; readonly locked: boolean; readonly by: By }>;
/** The engine chooses nothing for this learner until it goes on. */
export type EnginePaused = DomainEvent<'EnginePaused', { readonly paused: boolean; readonly by: By; readonly note?: string }>;
export type PlacementStarted = DomainEvent<'PlacementStarted', { readonly placement: string; readonly course: CourseId; readonly objective?: ObjectiveId; readonly seed: number; readonly at: Instant }>;
/** Folds start from `priors`: P(known) of skills that had no evidence of their own yet. Folds beside observations, by when it happened. */
export type PlacementConcluded = DomainEvent<
  'PlacementConcluded',
  { readonly placement: string; readonly course: CourseId; readonly priors: readonly { readonly skill: SkillId; readonly known: number }[]; readonly questions: number; readonly why: string; readonly at: Instant }
>;
export type AssessmentRequested = DomainEvent<
  'AssessmentRequested',
  { readonly assessment: string; readonly course: CourseId; readonly kind: 'formative' | 'summative'; readonly objective?: ObjectiveId; readonly skills: readonly SkillId[]; readonly items: readonly ItemId[]; /** What each item was taken for; left out: its first skill. */ readonly itemSkills?: readonly SkillId[]; readonly by: By; readonly at: Instant }
>;
export type AssessmentCompleted = DomainEvent<
  'AssessmentCompleted',
  { readonly assessment: string; readonly certified: readonly SkillId[]; readonly missing: readonly { readonly skill: SkillId; readonly why: string }[]; readonly at: Instant }
>;
export type MasteryCertified = DomainEvent<
  'MasteryCertified',
  { readonly skill: SkillId; readonly assessment: string; readonly right: number; readonly asked: number; readonly known: number; readonly at: Instant }
>;

export type PlanEvent =
  | GoalProposed
  | GoalSet
  | GoalDropped
  | RecommendationAccepted
  | RecommendationDeclined
  | MasteryAttested
  | ItemPinned
  | ItemExcluded
  | LearnerStrategyChosen
  | LearnerObjectiveSet
  | EnginePaused
  | PlacementStarted
  | PlacementConcluded
  | AssessmentRequested
  | AssessmentCompleted
  | MasteryCertified;

export interface Declined {
  readonly recommendation: RecommendationId;
  /** Those that were declined; all of the recommendation's if the learner named none. */
  readonly items: readonly ItemId[];
  readonly skills: readonly SkillId[];
  readonly why: 'not-now' | 'too-easy' | 'too-hard' | 'other';
  readonly at: Instant;
}
