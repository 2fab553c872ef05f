import { logistic } from '../ability.js';
import { logitOf } from '../logistic.js';
import { seeded } from '../seeded.js';
import { fitLogistic, PENALTY } from './logistic-fit.js';
import { standardise, standardiseRow } from './standards.js';

const ROWS = 4_000;

describe('fitting a logistic regression', () => {
  it('ends where the loss and the penalty pull alike, the intercept free', () => {
    const { features, right } = planted();
    const standards = standardise(features, 3);
    const fitted = fitLogistic({ features, width: 3, columns: [0, 2], names: ['a', 'c'], right, standards });
    const pull = [0, 0, 0];
    for (let row = 0; row < ROWS; row++) {
      const z = [features[3 * row] ?? 0, features[3 * row + 2] ?? 0];
      const surprise = (right[row] ?? 0) - logistic(fitted.intercept + z.reduce((sum, value, n) => sum + value * (fitted.weights[n] ?? 0), 0));
      [...z, 1].forEach((value, n) => (pull[n] = (pull[n] ?? 0) + surprise * value));
    }
    expect(pull[0]).toBeCloseTo(2 * PENALTY * (fitted.weights[0] ?? 0), 6);
    expect(pull[1]).toBeCloseTo(2 * PENALTY * (fitted.weights[1] ?? 0), 6);
    expect(pull[2]).toBeCloseTo(0, 6);
  });

  it('finds planted weights', () => {
    const { features, right } = planted();
    const standards = standardise(features, 3);
    const fitted = fitLogistic({ features, width: 3, columns: [0, 1, 2], names: ['a', 'b', 'c'], right, standards });
    // Planted on raw features: 2, 0, -1.
    expect((fitted.weights[0] ?? 0) / (fitted.sd[0] ?? 1)).toBeCloseTo(2, 0);
    expect(Math.abs(fitted.weights[1] ?? 1)).toBeLessThan(0.1);
    expect((fitted.weights[2] ?? 0) / (fitted.sd[2] ?? 1)).toBeCloseTo(-1, 0);
  });

  it('is fit to be used on raw features', () => {
    const { features, right } = planted();
    const raw = features.slice(0, 3);
    const fitted = fitLogistic({ features, width: 3, columns: [0, 1, 2], names: ['a', 'b', 'c'], right, standards: standardise(features, 3) });
    const z = features.slice(0, 3);
    const expected = fitted.intercept + z.reduce((sum, value, n) => sum + value * (fitted.weights[n] ?? 0), 0);
    expect(logitOf(fitted, Float64Array.from(raw))).toBeCloseTo(expected, 5);
  });
});

describe('features on one scale', () => {
  it('have mean 0 and standard deviation 1 over the rows', () => {
    const features = Float32Array.of(1, 10, 3, 30);
    const { mean, sd } = standardise(features, 2);
    expect([...mean]).toEqual([2, 20]);
    expect(sd[0]).toBeCloseTo(1.000001, 9);
    expect([...features].map((value) => Math.round(value))).toEqual([-1, -1, 1, 1]);
  });

  it('are clipped at 5', () => {
    const out = new Float64Array(2);
    standardiseRow({ mean: Float64Array.of(0, 0), sd: Float64Array.of(1, 1) }, Float64Array.of(7, -7), out);
    expect([...out]).toEqual([5, -5]);
  });

  it('put one row where they put all', () => {
    const { features } = planted();
    const raw = Float64Array.from(features.slice(3, 6));
    const out = new Float64Array(3);
    standardiseRow(standardise(features, 3), raw, out);
    out.forEach((value, n) => expect(value).toBeCloseTo(features[3 + n] ?? NaN, 5));
  });

  it('stay as they are where there are no rows', () => {
    expect([...standardise(new Float32Array(0), 2).sd]).toEqual([1, 1]);
  });
});

function planted(): { readonly features: Float32Array; readonly right: Uint8Array } {
  const random = seeded(2);
  const features = Float32Array.from({ length: 3 * ROWS }, () => random() * 2);
  const right = Uint8Array.from({ length: ROWS }, (_, row) => (random() < logistic(2 * (features[3 * row] ?? 0) - (features[3 * row + 2] ?? 0) - 1) ? 1 : 0));
  return { features, right };
}
