// What a calibration foresees, as models of the next answer: for judging it beside others, by the very arithmetic that folds use.
import { logistic } from './ability.js';
import type { Vocabulary } from './answer-log.js';
import { rightProbability, traceUnknown } from './bkt.js';
import { bktOf, easinessOf, type Calibration } from './calibration.js';
import { logitOf } from './logistic.js';
import type { FittedModel, Question } from './model.js';
import { newPlacement, newPlacementSkill, observePlacement, PLACEMENT_WIDTH, placementFeatures, type Easiness, type PlacementLearner, type PlacementSkill } from './placement.js';

/** P(right) by the model that places items; by the running ability alone where the calibration has none. */
export function calibratedPlacement(calibration: Calibration, vocabulary: Vocabulary): FittedModel {
  const { ability, placement } = calibration;
  const easiness = easinessIn(calibration, vocabulary);
  const features = new Float64Array(PLACEMENT_WIDTH);
  return {
    name: placement === null ? 'ability' : 'placement',
    begin: () => {
      const learner = newPlacement(ability);
      const known = new Map<number, PlacementSkill>();
      const skillsOf = ({ combination }: Question): PlacementSkill[] => Array.from(vocabulary.combinations[combination] ?? [], (skill) => known.get(skill) ?? newPlacementSkill(ability));
      return {
        predict: (question) => expected(calibration, learner, skillsOf(question), easiness(question), features),
        observe(question, isRight) {
          const skills = skillsOf(question);
          observePlacement(learner, skills, isRight ? 1 : 0, easiness(question), ability);
          (vocabulary.combinations[question.combination] ?? []).forEach((skill, at) => known.set(skill, skills[at] ?? newPlacementSkill(ability)));
        },
      };
    },
  };
}

/** P(right) of one item for one learner. `features` is room for `PLACEMENT_FEATURES`. */
export function expected({ placement }: Calibration, learner: PlacementLearner, skills: readonly PlacementSkill[], easiness: Easiness, features: Float64Array): number {
  placementFeatures(learner, skills, easiness, features);
  // The second feature is the running ability's own logit.
  return logistic(placement === null ? (features[1] ?? 0) : logitOf(placement, features));
}

/** P(right) by knowledge tracing as it is shown: each skill traced alone, their mean asked for. */
export function calibratedMastery(calibration: Calibration, vocabulary: Vocabulary): FittedModel {
  const parameters = vocabulary.skills.map((skill) => bktOf(calibration, skill));
  const of = (skill: number) => parameters[skill] ?? calibration.bkt;
  return {
    name: 'mastery',
    begin: () => {
      const known = Float64Array.from(parameters, ({ prior }) => prior);
      const unknown = known.map((prior) => 1 - prior);
      return {
        predict({ combination }) {
          const skills = vocabulary.combinations[combination] ?? [];
          if (skills.length === 0) return rightProbability(calibration.bkt.prior, calibration.bkt);
          let sum = 0;
          for (const skill of skills) sum += rightProbability(known[skill] ?? 0, of(skill));
          return sum / skills.length;
        },
        observe({ combination }, isRight) {
          for (const skill of vocabulary.combinations[combination] ?? []) {
            unknown[skill] = traceUnknown(unknown[skill] ?? 0, isRight ? 1 : 0, of(skill));
            known[skill] = 1 - (unknown[skill] ?? 0);
          }
        },
      };
    },
  };
}

/** Ids are looked up once. */
function easinessIn(calibration: Calibration, { items, skills, combinations }: Vocabulary): (question: Question) => Easiness {
  const names = combinations.map((set) => Array.from(set, (skill) => skills[skill] ?? ''));
  const bySkills = names.map((ids) => easinessOf(calibration, '', ids));
  const ofNone = easinessOf(calibration, '', []);
  const byItem = new Map<number, number>();
  for (const [number, id] of items.entries()) {
    const own = calibration.itemEasiness.get(id);
    if (own !== undefined) byItem.set(number, own);
  }
  return ({ item, combination }) => {
    const known = bySkills[combination] ?? ofNone;
    const own = byItem.get(item);
    return own === undefined ? known : { ...known, item: known.skills + own };
  };
}
