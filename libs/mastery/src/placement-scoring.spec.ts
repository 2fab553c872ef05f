import { logistic } from './ability.js';
import { DEFAULT_CALIBRATION } from './calibration.js';
import { logitOf, type Logistic } from './logistic.js';
import { scoreItems, type PlacementCourse } from './placement-scoring.js';
import { newPlacement, newPlacementSkill, observePlacement, PLACEMENT_FEATURES, PLACEMENT_WIDTH, placementFeatures, type PlacementSkill } from './placement.js';
import { seeded } from './seeded.js';

const { ability } = DEFAULT_CALIBRATION;
const SKILLS = 12;
const weights: Logistic = {
  features: PLACEMENT_FEATURES,
  mean: new Float64Array(PLACEMENT_WIDTH).fill(0.3),
  sd: new Float64Array(PLACEMENT_WIDTH).fill(0.9),
  weights: Float64Array.from([0.3, 0.6, 0.1, 0.13, 0.3, -0.2, 0.2, -0.25, 0.3]),
  intercept: 0.7,
};

describe('scoring all items of a course', () => {
  it.each([{ name: 'the regression', with: weights }, { name: 'the running ability alone', with: null }])('gives bit by bit what $name says item by item', ({ with: regression }) => {
    const { course, sets } = someCourse(300);
    const learner = newPlacement(ability);
    const skills: (PlacementSkill | undefined)[] = Array.from({ length: SKILLS }, () => undefined);
    const random = seeded(5);
    for (let n = 0; n < 80; n++) {
      const item = Math.floor(random() * 100);
      const touched = (sets[item] ?? []).map((skill) => (skills[skill] ??= newPlacementSkill(ability)));
      observePlacement(learner, touched, random() < 0.6 ? 1 : 0, { item: course.easiness[item] ?? 0, skills: course.easinessOfSkills[item] ?? 0 }, ability);
    }
    skills[3] = undefined;
    const out = new Float64Array(300);
    scoreItems({ learner, skills, course, ability, weights: regression }, out);
    const features = new Float64Array(PLACEMENT_WIDTH);
    sets.forEach((set, item) => {
      const own = set.map((skill) => skills[skill] ?? newPlacementSkill(ability));
      placementFeatures(learner, own, { item: course.easiness[item] ?? 0, skills: course.easinessOfSkills[item] ?? 0 }, features);
      expect(out[item]).toBe(logistic(regression === null ? (features[1] ?? 0) : logitOf(regression, features)));
    });
  });

  it('changes nothing of the learner', () => {
    const { course } = someCourse(20);
    const learner = newPlacement(ability);
    const before = structuredClone(learner);
    scoreItems({ learner, skills: Array.from({ length: SKILLS }, () => undefined), course, ability, weights }, new Float64Array(20));
    expect(learner).toEqual(before);
  });
});

/** The first item has no skill. */
function someCourse(items: number): { readonly course: PlacementCourse; readonly sets: readonly (readonly number[])[] } {
  const random = seeded(9);
  const sets = Array.from({ length: items }, (_, item) => Array.from({ length: item % 4 }, (_skill, n) => (item * 5 + n) % SKILLS));
  const easinessOfSkills = Float64Array.from(sets, () => random() - 0.5);
  const starts = [0];
  for (const set of sets) starts.push((starts.at(-1) ?? 0) + set.length);
  const course = {
    easiness: easinessOfSkills.map((value) => value + 2 * random() - 1),
    easinessOfSkills,
    skillStarts: Int32Array.from(starts),
    skillNumbers: Int32Array.from(sets.flat()),
  };
  return { course, sets };
}
