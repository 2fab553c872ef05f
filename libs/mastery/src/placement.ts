// Which answer to expect of a learner on any item of a course, for placing items: nine numbers of the learner's own state. Nothing
// here knows which item came before which, so it holds for items that a log would never have put there.
import { expectation, logistic, observe, type AbilityParameters, type Estimate } from './ability.js';

/** What is carried of a learner; changed in place. */
export interface PlacementLearner {
  readonly ability: Estimate;
  /** Right answers and answers, both fading by `FADING` with each. */
  fadedRight: number;
  fadedAnswers: number;
  /** Sums over all answers: score less what the item alone made one expect, and the variance of that. */
  surprise: number;
  information: number;
}

export interface PlacementSkill extends Estimate {
  answers: number;
  /** Right answers in a row; negative for wrong ones. */
  streak: number;
}

/** What a calibration knows of an item before anybody is seen: logits of a right answer by an average learner. */
export interface Easiness {
  /** Of the item itself. */
  readonly item: number;
  /** Of its combination of skills. */
  readonly skills: number;
}

export const PLACEMENT_FEATURES = ['item', 'expected', 'skills', 'recent', 'residual', 'unseen', 'streak', 'practice', 'least-practised'] as const;
export const PLACEMENT_WIDTH = PLACEMENT_FEATURES.length;

const FADING = 0.7;
/** The share of right answers of somebody nobody has seen, as one answer. */
const FADED_PRIOR = 0.65;
const STREAK_MAX = 10;

export function newPlacement({ variance }: AbilityParameters): PlacementLearner {
  return { ability: { mean: 0, variance }, fadedRight: 0, fadedAnswers: 0, surprise: 0, information: 0 };
}

export function newPlacementSkill({ skillVariance }: AbilityParameters): PlacementSkill {
  return { mean: 0, variance: skillVariance, answers: 0, streak: 0 };
}

/** Takes in one score (0..1): constant time. */
export function observePlacement(learner: PlacementLearner, skills: readonly PlacementSkill[], score: number, easiness: Easiness, p: AbilityParameters): void {
  observe(learner.ability, skills, score, p, easiness.item);
  const alone = logistic(easiness.item);
  learner.fadedRight = FADING * learner.fadedRight + score;
  learner.fadedAnswers = FADING * learner.fadedAnswers + 1;
  learner.surprise += score - alone;
  learner.information += alone * (1 - alone);
  for (const skill of skills) {
    skill.answers++;
    skill.streak = score >= 0.5 ? Math.max(0, skill.streak) + 1 : Math.min(0, skill.streak) - 1;
  }
}

/** Writes `PLACEMENT_FEATURES` of one item into `out` from `at` on. `skills` are those of the item, one without answers for each that is new. */
export function placementFeatures(learner: PlacementLearner, skills: readonly PlacementSkill[], easiness: Easiness, out: Float64Array, at = 0): void {
  let unseen = 0;
  let streak = 0;
  let practice = 0;
  let least = Infinity;
  for (const skill of skills) {
    if (skill.answers === 0) unseen++;
    streak += Math.max(-STREAK_MAX, Math.min(STREAK_MAX, skill.streak));
    practice += Math.log(1 + skill.answers);
    least = Math.min(least, skill.answers);
  }
  const count = Math.max(1, skills.length);
  out[at] = easiness.item;
  out[at + 1] = expectation(learner.ability.mean, skills, easiness.item);
  out[at + 2] = easiness.skills;
  out[at + 3] = (learner.fadedRight + FADED_PRIOR) / (learner.fadedAnswers + 1);
  out[at + 4] = learner.surprise / (1 + learner.information);
  out[at + 5] = unseen / count;
  out[at + 6] = streak / count;
  out[at + 7] = practice / count;
  out[at + 8] = Math.log(1 + (least === Infinity ? 0 : least));
}
