// What a policy takes from the learner's state: when a skill counts as mastered, when it should come back, and how likely a right answer is.
import type { Instant } from '@trellis/event-sourcing';
import type { Item } from '@trellis/learning';
import { easinessOf, expected, newPlacementSkill, PLACEMENT_WIDTH, predict, type Calibration } from '@trellis/mastery';
import { recallOf, reviewAtOf, type LearnerState, type SkillState } from '@trellis/views';

export interface Estimates {
  isMastered(skill: SkillState, masteredAt: number): boolean;
  isReviewDue(skill: SkillState, now: Instant, calibration: Calibration): boolean;
  /** When a mastered skill will be due. */
  reviewAt(skill: SkillState, calibration: Calibration): Instant;
  /** P(right) now. */
  prediction(state: LearnerState, item: Item, calibration: Calibration): number;
}

const WEEK_MS = 7 * 24 * 3_600_000;

/** Of policy 1: mastery without forgetting, a review after a week, the running ability. */
export const ESTIMATES_1: Estimates = {
  isMastered: ({ known }, masteredAt) => known >= masteredAt,
  isReviewDue: ({ lastAt }, now) => now - lastAt > WEEK_MS,
  reviewAt: ({ lastAt }) => lastAt + WEEK_MS,
  prediction: (state, { skills, difficulty }, { ability }) =>
    predict(state.ability.mean, skills.map((skill) => state.skills.get(skill)?.mean ?? 0), difficulty ?? 0, ability),
};

/** Of policy 2: the stricter tracker declares, recall says when to review, the calibration's model of placement predicts. */
export const ESTIMATES_2: Estimates = {
  isMastered: ({ unrecalled }, masteredAt) => 1 - unrecalled >= masteredAt,
  isReviewDue: (skill, now, calibration) => (recallOf(skill, now, calibration) ?? 1) < calibration.reviewBelow,
  reviewAt: (skill, calibration) => reviewAtOf(skill, calibration) ?? skill.lastAt,
  prediction: (state, item, calibration) => placed(state, item, calibration),
};

const features = new Float64Array(PLACEMENT_WIDTH);

function placed(state: LearnerState, { id, skills, difficulty = 0 }: Item, calibration: Calibration): number {
  const known = easinessOf(calibration, id, skills);
  // What nobody has answered yet is as hard as its author says.
  const easiness = calibration.itemEasiness.has(id) ? known : { ...known, item: known.item - difficulty };
  const unseen = newPlacementSkill(calibration.ability);
  return expected(calibration, state, skills.map((skill) => state.skills.get(skill) ?? unseen), easiness, features);
}
