// What the events of one learner add up to. Observations and decisions fold beside each other: neither reads the other's
// part, so the order in which they arrived among each other cannot show.
import type { Instant, Revision } from '@trellis/event-sourcing';
import { NO_PLAN, type ClassroomId, type CourseId, type Plan } from '@trellis/learning';
import { daysUntil, newPlacement, recallAfter, wholeDays, type Calibration, type PlacementLearner, type PlacementSkill, type WheelSpin } from '@trellis/mastery';
import type { Order } from './fold-order.js';
import { ItemTable } from './item-table.js';
import { NOTHING_TOLD, type Told } from './learner-told.js';
import { RecentAnswers } from './recent-answers.js';
import { SkillTable, type SkillState } from './skill-table.js';
import { newSitting, type Current, type Sitting } from './sitting.js';

export interface Enrolment {
  readonly classroom: ClassroomId;
  readonly course: CourseId;
}

export interface OfferedDecision {
  /** `hash48` of the recommendation's id. */
  readonly recommendation: number;
  readonly revision: Revision;
  /** `hash48` of each item. */
  readonly items: readonly number[];
}

/** The fold changes it in place. */
export interface LearnerState extends PlacementLearner {
  /** What it was folded by. */
  readonly calibration: Calibration;
  /** The fold changes it in place. */
  newest: { -readonly [Member in keyof Order]: Order[Member] } | null;
  /** All answers, whatever they count for. */
  answers: number;
  readonly skills: SkillTable;
  readonly items: ItemTable;
  readonly recent: RecentAnswers;
  readonly enrolments: Enrolment[];
  /** The newest last; which of them are still open, `openDecisions` says. */
  readonly offered: OfferedDecision[];
  readonly sitting: Sitting;
  /** What was practised last; null before the first graded answer. */
  current: Current | null;
  told: Told;
  plan: Plan;
}

export const ENROLMENTS_MAX = 20;
export const OFFERED_MAX = 4;

const DAY_MS = 24 * 3_600_000;

export function newLearner(calibration: Calibration): LearnerState {
  return {
    calibration,
    newest: null,
    answers: 0,
    ...newPlacement(calibration.ability),
    skills: new SkillTable(calibration),
    items: ItemTable.empty(),
    recent: new RecentAnswers(),
    enrolments: [],
    offered: [],
    sitting: newSitting(),
    current: null,
    told: NOTHING_TOLD,
    plan: NO_PLAN,
  };
}

/** Wrong answers in a row since the last right one or the last pause. */
export function wrongInARow({ streak }: PlacementSkill, { wrongInARow: limit }: WheelSpin): number {
  return streak < 0 ? -streak % limit : 0;
}

/** P(remembered) of a skill now; null before its first graded answer. */
export function recallOf({ stability, lastAt }: SkillState, now: Instant, { recall }: Calibration): number | null {
  if (stability === 0) return null;
  const days = wholeDays(lastAt, now);
  // Most answers of a day are not its first: they cost no powers.
  return days <= 0 ? 1 : recallAfter(days, stability, recall);
}

/** When recall falls to where a review is due; null before its first graded answer. */
export function reviewAtOf({ stability, lastAt }: SkillState, { recall, reviewBelow }: Calibration): Instant | null {
  return stability === 0 ? null : lastAt + Math.ceil(daysUntil(reviewBelow, stability, recall)) * DAY_MS;
}

/** Recommendations that the learner has neither answered nor begun, the newest last. */
export function openDecisions({ offered, recent }: Pick<LearnerState, 'offered' | 'recent'>): readonly OfferedDecision[] {
  return offered.filter(({ recommendation, items }) => !recent.answered(recommendation) && !items.some((item) => recent.tried(item)));
}
