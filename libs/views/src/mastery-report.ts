// What a learner is shown to have mastered.
import type { Instant } from '@trellis/event-sourcing';
import type { SkillId } from '@trellis/learning';
import type { Calibration } from '@trellis/mastery';
import type { PublishedCourse } from './catalogue.js';
import { recallOf, reviewAtOf, type LearnerState } from './learner-state.js';
import { newSkill, type SkillState } from './skill-table.js';

export type SkillStatus = 'new' | 'learning' | 'mastered' | 'review-due' | 'stuck';

/** What a status rests on: a key with its numbers. */
export interface StatusBasis {
  readonly key: 'no-answers' | 'below-mark' | 'not-yet-retained' | 'paused-often' | 'above-mark' | 'recall-faded';
  /** P(known) that the skill needs, and what was set against it: P(known), P(known and still remembered at each answer), P(remembered now), pauses. */
  readonly params: { readonly mark: number; readonly mastery: number; readonly retained: number; readonly recall?: number; readonly reviewBelow?: number; readonly pauses?: number };
}

export interface SkillReport {
  readonly skill: SkillId;
  /** P(known), forgetting left out. */
  readonly mastery: number;
  /** P(still remembered now); null before the first answer. */
  readonly recall: number | null;
  /** Graded first attempts, and how many of them were right: what `mastery` rests on. */
  readonly answers: number;
  readonly right: number;
  readonly lastAt: Instant | null;
  /** When recall falls to where a review is due; null for what is not mastered. */
  readonly reviewAt: Instant | null;
  readonly status: SkillStatus;
  readonly basis: StatusBasis;
}

export interface MasteryOptions {
  readonly course: PublishedCourse | null;
  readonly now: Instant;
  /** Only these, in this order. */
  readonly skills?: readonly SkillId[];
}

/** Every skill of the course in its order, or without a course every skill that the learner has practised. Numbers are those of the state's calibration. */
export function masteryReport(state: LearnerState, { course, now, skills: asked }: MasteryOptions): readonly SkillReport[] {
  const { calibration } = state;
  const marks = course === null ? NO_MARKS : marksOf(course);
  const skills = asked ?? (course === null ? [...state.skills.keys()].sort() : [...marks.keys()]);
  return skills.map((skill) => {
    const seen = state.skills.get(skill) ?? newSkill(calibration, skill);
    const mark = marks.get(skill) ?? calibration.masteredAt;
    const { lastAt, answers, right } = seen;
    const { status, basis } = statusOf(seen, { mark, calibration, now });
    return {
      skill,
      mastery: seen.known,
      recall: recallOf(seen, now, calibration),
      answers,
      right,
      lastAt: answers === 0 ? null : lastAt,
      reviewAt: status === 'mastered' || status === 'review-due' ? reviewAtOf(seen, calibration) : null,
      status,
      basis,
    };
  });
}

type Marks = ReadonlyMap<SkillId, number | undefined>;

const NO_MARKS: Marks = new Map();
const marksMade = new WeakMap<PublishedCourse, Marks>();

/** Of each skill of a course what the course says, made once: every answer asks about a few of hundreds. */
function marksOf(course: PublishedCourse): Marks {
  const made = marksMade.get(course) ?? new Map(course.content.skills.map(({ id, masteryAt }) => [id, masteryAt]));
  marksMade.set(course, made);
  return made;
}

interface Thresholds {
  /** P(known) from which the skill counts as mastered: the course's, else the calibration's. */
  readonly mark: number;
  readonly calibration: Calibration;
  readonly now: Instant;
}

/** Mastered is what the stricter tracker declares, and is still remembered. */
export function statusOf(skill: SkillState, { mark, calibration, now }: Thresholds): { readonly status: SkillStatus; readonly basis: StatusBasis } {
  const { reviewBelow, wheelSpin } = calibration;
  const { known: mastery, pauses } = skill;
  const retained = 1 - skill.unrecalled;
  const params = { mark, mastery, retained };
  if (skill.answers === 0) return { status: 'new', basis: { key: 'no-answers', params } };
  if (retained >= mark) {
    const recall = recallOf(skill, now, calibration) ?? 1;
    const isFaded = recall < reviewBelow;
    return { status: isFaded ? 'review-due' : 'mastered', basis: { key: isFaded ? 'recall-faded' : 'above-mark', params: { ...params, recall, reviewBelow } } };
  }
  if (pauses >= wheelSpin.stuckAfter) return { status: 'stuck', basis: { key: 'paused-often', params: { ...params, pauses } } };
  return { status: 'learning', basis: { key: mastery >= mark ? 'not-yet-retained' : 'below-mark', params } };
}
