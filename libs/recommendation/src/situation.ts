// What a policy is given, and what it gives.
import type { Instant } from '@trellis/event-sourcing';
import type { ChosenItem, ObjectiveId, Pacing } from '@trellis/learning';
import type { Calibration } from '@trellis/mastery';
import type { LearnerState, SkillState } from '@trellis/views';
import type { CourseMap, MappedSkill } from './course-map.js';
import type { Estimates } from './estimates.js';

export interface Situation {
  readonly state: LearnerState;
  readonly map: CourseMap;
  readonly calibration: Calibration;
  readonly now: Instant;
  readonly seed: number;
  /** 1..20. */
  readonly count: number;
  readonly objective?: ObjectiveId;
  readonly budgetMinutes?: number;
}

/** With what the policy makes of the learner's state. */
export type Judged = Situation & { readonly estimates: Estimates };

export interface Choice {
  readonly pacing: Pacing;
  readonly items: readonly ChosenItem[];
}

/** A skill that could come next. */
export interface Candidate {
  readonly skill: MappedSkill;
  readonly known: SkillState;
  readonly masteredAt: number;
  readonly action: ChosenItem['action'];
  readonly value: number;
}
