// What a learner is shown to have mastered.
import type { Instant } from '@trellis/event-sourcing';
import type { SkillId } from '@trellis/learning';
import type { Calibration } from '@trellis/mastery';
import type { PublishedCourse } from './catalogue.js';
import { newSkill, type LearnerState, type SkillState } from './learner-state.js';

export type SkillStatus = 'new' | 'learning' | 'mastered' | 'review-due' | 'stuck';

export interface SkillReport {
  readonly skill: SkillId;
  /** P(known). */
  readonly mastery: number;
  /** P(still remembered now); null until a model of forgetting is in use. */
  readonly recall: number | null;
  /** Graded first attempts. */
  readonly answers: number;
  readonly lastAt: Instant | null;
  readonly status: SkillStatus;
}

/** A mastered skill that was not practised for so long is due for review. */
export const REVIEW_AFTER_MS = 7 * 24 * 3_600_000;

export interface MasteryOptions {
  readonly course: PublishedCourse | null;
  readonly calibration: Calibration;
  readonly now: Instant;
  /** Only these, in this order. */
  readonly skills?: readonly SkillId[];
}

/** Every skill of the course in its order, or without a course every skill that the learner has practised. */
export function masteryReport(state: LearnerState, { course, calibration, now, skills: asked }: MasteryOptions): readonly SkillReport[] {
  const marks = new Map(course?.content.skills.map(({ id, masteryAt }) => [id, masteryAt ?? calibration.masteredAt]) ?? []);
  const skills = asked ?? (course === null ? [...state.skills.keys()].sort() : [...marks.keys()]);
  const unseen = newSkill(calibration);
  return skills.map((skill) => {
    const seen = state.skills.get(skill) ?? unseen;
    const masteredAt = marks.get(skill) ?? calibration.masteredAt;
    return {
      skill,
      mastery: seen.known,
      recall: null,
      answers: seen.answers,
      lastAt: seen.answers === 0 ? null : seen.lastAt,
      status: statusOf(seen, { masteredAt, stuckAfter: calibration.wheelSpin.stuckAfter, now }),
    };
  });
}

export function statusOf(
  skill: SkillState,
  { masteredAt, stuckAfter, now }: { readonly masteredAt: number; readonly stuckAfter: number; readonly now: Instant },
): SkillStatus {
  if (skill.answers === 0) return 'new';
  if (skill.known >= masteredAt) return now - skill.lastAt > REVIEW_AFTER_MS ? 'review-due' : 'mastered';
  return skill.pauses >= stuckAfter ? 'stuck' : 'learning';
}
