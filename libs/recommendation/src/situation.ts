// What a policy is given, and what it gives.
import type { Instant, Revision } from '@trellis/event-sourcing';
import type { ChosenItem, Classroom, ClassroomId, LearnerId, ObjectiveId, Pacing, Passed } from '@trellis/learning';
import type { Calibration } from '@trellis/mastery';
import type { LearnerState, SkillState } from '@trellis/views';
import type { CourseMap, MappedSkill } from './course-map.js';
import type { Estimates } from './estimates.js';

export interface ClassroomSituation {
  readonly id: ClassroomId;
  readonly revision: Revision;
  readonly state: Classroom;
}

export interface Situation {
  readonly learner: LearnerId;
  readonly state: LearnerState;
  /** Of the newest enrolment in the course. */
  readonly classroom: ClassroomSituation | null;
  readonly map: CourseMap;
  readonly calibration: Calibration;
  readonly now: Instant;
  readonly seed: number;
  /** 1..20. */
  readonly count: number;
  readonly objective?: ObjectiveId;
  readonly budgetMinutes?: number;
  /** Items also when everything of the aim counts as mastered. */
  readonly keepGoing?: boolean;
}

/** With what the policy makes of the learner's state. */
export type Judged = Situation & { readonly estimates: Estimates };

export interface Choice {
  readonly pacing: Pacing;
  readonly items: readonly ChosenItem[];
  /** The best of those that were not chosen. */
  readonly passed?: readonly Passed[];
  readonly offer?: 'options';
  /** For `versions.strategy`, where the policy follows one. */
  readonly strategy?: string;
}

/** A skill that could come next. */
export interface Candidate {
  readonly skill: MappedSkill;
  readonly known: SkillState;
  readonly masteredAt: number;
  readonly action: ChosenItem['action'];
  readonly value: number;
}
