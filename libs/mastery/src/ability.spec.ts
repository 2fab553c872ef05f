import fc from 'fast-check';
import { logistic, observe, predict, type Estimate } from './ability.js';
import { DEFAULT_CALIBRATION } from './calibration.js';
import { evidence } from './evidence.js';

const p = { base: 0, variance: 1, drift: 0, skillVariance: 1, skillDrift: 0 };

describe('the running ability', () => {
  it('moves by variance times surprise, and gets surer', () => {
    const ability: Estimate = { mean: 0, variance: 1 };
    observe(ability, [], 1, p);
    // By hand: expected 0.5, information 0.25, variance 1 / 1.25 = 0.8, mean 0.8 * 0.5.
    expect(ability.variance).toBeCloseTo(0.8, 12);
    expect(ability.mean).toBeCloseTo(0.4, 12);
  });

  it('expects of a new learner and an average item what the base says', () => {
    expect(predict(0, [], 0, DEFAULT_CALIBRATION.ability)).toBeCloseTo(0.65, 12);
  });

  it('averages the deviations of an item with several skills, and subtracts its difficulty', () => {
    expect(predict(0.5, [1, 0], 0.25, p)).toBe(logistic(0.75));
  });

  it('goes on alike from a stored state and from one kept in memory', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(0, 0.5, 1), { minLength: 1, maxLength: 40 }), (scores) => {
        const kept = { mean: 0, variance: 0.7 };
        const keptSkill = { mean: 0, variance: 0.5 };
        const stored = { mean: 0, variance: 0.7 };
        let storedSkill = { mean: 0, variance: 0.5 };
        for (const score of scores) {
          observe(kept, [keptSkill], score, DEFAULT_CALIBRATION.ability);
          // Skills are stored in single precision.
          storedSkill = { mean: Math.fround(storedSkill.mean), variance: Math.fround(storedSkill.variance) };
          observe(stored, [storedSkill], score, DEFAULT_CALIBRATION.ability);
        }
        expect([stored, storedSkill]).toEqual([kept, keptSkill]);
      }),
    );
  });
});

describe('what counts as evidence', () => {
  const cases: [number | null, number, number, number | null, string][] = [
    // score attempt hints evidence
    [1, 1, 0, 1, 'a first right answer'],
    [0.5, 1, 0, 0.5, 'a partial score'],
    [1, 1, 2, 0, 'a right answer after hints'],
    [1, 2, 0, null, 'a second attempt'],
    [null, 1, 0, null, 'an answer nobody has graded'],
  ];
  for (const [score, attempt, hints, expected, name] of cases) {
    it(`is ${String(expected)} for ${name}`, () => expect(evidence({ score, attempt, hints })).toBe(expected));
  }
});
