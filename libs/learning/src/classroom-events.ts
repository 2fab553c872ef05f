// What happens in a classroom: stored for ever. Add optional fields; never rename, retype or reuse a name.
import type { DomainEvent, Instant } from '@trellis/event-sourcing';
import type { ClassroomId, CourseId, LearnerId, ObjectiveId } from './ids.js';
import type { By } from './plan-events.js';
import type { Strategy } from './strategy.js';

export type LearnerEnrolled = DomainEvent<
  'LearnerEnrolled',
  { readonly learner: LearnerId; readonly classroom: ClassroomId; readonly course: CourseId }
>;

/** For the whole classroom, or for one of its groups. `null` takes it back. */
export type ClassroomStrategyChosen = DomainEvent<'StrategyChosen', { readonly strategy: Strategy | null; readonly group?: string; readonly by: By; readonly at: Instant }>;
/** What the whole classroom works towards in a course. `locked`: nobody goes past it. `null` takes it back. */
export type ClassroomObjectiveSet = DomainEvent<
  'ObjectiveSet',
  { readonly course: CourseId; readonly objective: ObjectiveId | null; readonly locked: boolean; readonly due?: Instant; readonly by: By; readonly at: Instant }
>;
/** The phase of a lesson that a mixed strategy names. */
export type PhaseBegun = DomainEvent<'PhaseBegun', { readonly phase: string; readonly by: By; readonly at: Instant }>;
/** When each objective of a course is to be reached by the class; an empty list takes it back. */
export type CalendarSet = DomainEvent<'CalendarSet', { readonly course: CourseId; readonly entries: readonly CalendarEntry[]; readonly by: By }>;
/** All groups of the classroom as they are from now on. */
export type GroupFormed = DomainEvent<'GroupFormed', { readonly groups: readonly Group[]; readonly by: By; readonly at: Instant; readonly suggestion?: readonly Group[] }>;

export interface CalendarEntry {
  readonly objective: ObjectiveId;
  readonly due: Instant;
}

/** Flexible: as long as its reason holds. */
export interface Group {
  readonly group: string;
  readonly title: string;
  readonly learners: readonly LearnerId[];
  readonly kind: 'shared-gap' | 'mixed-readiness' | 'interest' | 'extension' | 'own';
  /** What it is about: the skill of a gap, an interest. */
  readonly about?: string;
}

export type ClassroomEvent = LearnerEnrolled | ClassroomStrategyChosen | ClassroomObjectiveSet | PhaseBegun | CalendarSet | GroupFormed;

/** What a teacher changed in a suggestion, kept for the next one. */
export interface GroupEdit {
  readonly learner: LearnerId;
  /** Where the suggestion had put them and where the teacher did; null: in no group. */
  readonly from: string | null;
  readonly to: string | null;
}

export interface Classroom {
  /** The courses of each learner, in the order of enrolment. */
  readonly roster: ReadonlyMap<LearnerId, readonly CourseId[]>;
  readonly strategy: Strategy | null;
  readonly groupStrategies: readonly { readonly group: string; readonly strategy: Strategy }[];
  readonly objectives: readonly { readonly course: CourseId; readonly objective: ObjectiveId; readonly locked: boolean; readonly due?: Instant }[];
  readonly phase: { readonly phase: string; readonly at: Instant } | null;
  readonly calendar: readonly { readonly course: CourseId; readonly entries: readonly CalendarEntry[] }[];
  readonly groups: readonly Group[];
  /** The newest last. */
  readonly edits: readonly GroupEdit[];
}

export const NO_CLASSROOM: Classroom = { roster: new Map(), strategy: null, groupStrategies: [], objectives: [], phase: null, calendar: [], groups: [], edits: [] };

/** A board reads as many learner rows at once. */
export const CLASSROOM_LEARNERS_MAX = 500;
export const LEARNER_COURSES_MAX = 20;
/** Courses that a classroom has an objective or a calendar for. */
export const CLASSROOM_COURSES_MAX = 20;
export const GROUPS_MAX = 60;
export const EDITS_MAX = 200;
export const CALENDAR_ENTRIES_MAX = 200;
