// What the events of one learner add up to. Observations and decisions fold beside each other: neither reads the other's
// part, so the order in which they arrived among each other cannot show.
import type { EventId, Instant, Revision } from '@trellis/event-sourcing';
import type { ClassroomId, CourseId, SkillId } from '@trellis/learning';
import type { Calibration, Estimate } from '@trellis/mastery';
import { ItemTable } from './item-table.js';

/** The place of an observation among a learner's others. */
export interface Order {
  readonly at: Instant;
  readonly sequence: number;
  readonly id: EventId;
}

export interface SkillState extends Estimate {
  /** P(not known): what the fold carries, because it keeps its digits where P(known) is all but 1. */
  unknown: number;
  /** P(known) = 1 - unknown, which every reader wants. */
  known: number;
  /** Graded first attempts. */
  answers: number;
  right: number;
  wrongInARow: number;
  pauses: number;
  /** Practice rests until the learner has given this many answers. */
  pausedUntil: number;
  lastAt: Instant;
}

export interface RecentAnswer {
  /** `hash48` of the item. */
  readonly item: number;
  /** `hash48` of the recommendation it answers, 0 for none. */
  readonly recommendation: number;
}

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
export interface LearnerState {
  newest: Order | null;
  /** All answers, whatever they count for. */
  answers: number;
  readonly ability: Estimate;
  readonly skills: Map<SkillId, SkillState>;
  readonly items: ItemTable;
  /** The newest last. */
  readonly recent: RecentAnswer[];
  readonly enrolments: Enrolment[];
  /** The newest last; which of them are still open, `openDecisions` says. */
  readonly offered: OfferedDecision[];
}

export const RECENT_MAX = 20;
export const ENROLMENTS_MAX = 20;
export const OFFERED_MAX = 4;

export function newLearner({ ability }: Calibration): LearnerState {
  return {
    newest: null,
    answers: 0,
    ability: { mean: 0, variance: ability.variance },
    skills: new Map(),
    items: ItemTable.empty(),
    recent: [],
    enrolments: [],
    offered: [],
  };
}

export function newSkill({ bkt, ability }: Calibration): SkillState {
  return {
    unknown: 1 - bkt.prior,
    known: bkt.prior,
    mean: 0,
    variance: ability.skillVariance,
    answers: 0,
    right: 0,
    wrongInARow: 0,
    pauses: 0,
    pausedUntil: 0,
    lastAt: 0,
  };
}

/** Recommendations that the learner has neither answered nor begun, the newest last. */
export function openDecisions({ offered, recent }: LearnerState): readonly OfferedDecision[] {
  const answered = new Set(recent.map(({ recommendation }) => recommendation));
  const tried = new Set(recent.map(({ item }) => item));
  return offered.filter(({ recommendation, items }) => !answered.has(recommendation) && !items.some((item) => tried.has(item)));
}
