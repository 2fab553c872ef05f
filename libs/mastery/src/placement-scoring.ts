// P(right) on every item of a course at once, by the regression over `PLACEMENT_FEATURES`: one pass over typed arrays, bit by bit what
// asking item by item gives.
import { logistic, type AbilityParameters } from './ability.js';
import { logitOf, type Logistic } from './logistic.js';
import { newPlacementSkill, PLACEMENT_WIDTH, placementFeatures, type PlacementLearner, type PlacementSkill } from './placement.js';

/** A course and what a calibration knows of it, by number of item. */
export interface PlacementCourse {
  /** As `Easiness` has them: logits of a right answer by an average learner to the item, and to any item of its skills. */
  readonly easiness: Float64Array;
  readonly easinessOfSkills: Float64Array;
  /** One more than items: the skills of item n are `skillNumbers` from `skillStarts[n]` to `skillStarts[n + 1]`, the latter exclusive. */
  readonly skillStarts: Int32Array;
  readonly skillNumbers: Int32Array;
}

export interface PlacementScoring {
  readonly learner: PlacementLearner;
  /** The learner's, one for each skill of the course; undefined where there is no answer yet. */
  readonly skills: readonly (PlacementSkill | undefined)[];
  readonly course: PlacementCourse;
  readonly ability: AbilityParameters;
  /** Without them the running ability alone says what to expect. */
  readonly weights: Logistic | null;
}

/** Places in `PLACEMENT_FEATURES` that hang on the item; those from `UNSEEN` on are of its skills. */
const ITEM = 0;
const EXPECTED = 1;
const SKILLS = 2;
const UNSEEN = 5;
const STREAK = 6;
const PRACTICE = 7;
const LEAST = 8;
/** By skill: its deviation, then what it adds to the features from `UNSEEN` on. */
const SKILL_WIDTH = 5;

/** Writes P(right), 0..1, of each item of the course into `out`. */
export function scoreItems({ learner, skills, course, ability, weights }: PlacementScoring, out: Float64Array): void {
  const { easiness, easinessOfSkills, skillStarts, skillNumbers } = course;
  const features = new Float64Array(PLACEMENT_WIDTH);
  const bySkill = skillTable(learner, skills, ability, features);
  for (let item = 0; item < easiness.length; item++) {
    const from = skillStarts[item] as number;
    const to = skillStarts[item + 1] as number;
    let mean = 0;
    let unseen = 0;
    let streak = 0;
    let practice = 0;
    let least = to > from ? Infinity : 0;
    for (let n = from; n < to; n++) {
      const at = SKILL_WIDTH * (skillNumbers[n] as number);
      mean += bySkill[at] as number;
      unseen += bySkill[at + 1] as number;
      streak += bySkill[at + 2] as number;
      practice += bySkill[at + 3] as number;
      least = Math.min(least, bySkill[at + 4] as number);
    }
    const count = Math.max(1, to - from);
    const expected = (easiness[item] as number) + learner.ability.mean + mean / count;
    features[ITEM] = easiness[item] as number;
    features[EXPECTED] = expected;
    features[SKILLS] = easinessOfSkills[item] as number;
    features[UNSEEN] = unseen / count;
    features[STREAK] = streak / count;
    features[PRACTICE] = practice / count;
    features[LEAST] = least;
    out[item] = logistic(weights === null ? expected : logitOf(weights, features));
  }
}

/** Leaves in `features` what does not hang on the item. */
function skillTable(learner: PlacementLearner, skills: PlacementScoring['skills'], ability: AbilityParameters, features: Float64Array): Float64Array {
  const out = new Float64Array(SKILL_WIDTH * skills.length);
  const unseen = newPlacementSkill(ability);
  placementFeatures(learner, [], { item: 0, skills: 0 }, features);
  for (let n = 0; n < skills.length; n++) {
    const skill = skills[n] ?? unseen;
    placementFeatures(learner, [skill], { item: 0, skills: 0 }, features);
    out[SKILL_WIDTH * n] = skill.mean;
    for (let place = UNSEEN; place <= LEAST; place++) out[SKILL_WIDTH * n + 1 + place - UNSEEN] = features[place] as number;
  }
  return out;
}
