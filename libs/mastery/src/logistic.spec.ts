import { contributions, logitOf, standardised, type Logistic } from './logistic.js';

const model: Logistic = { features: ['ease', 'streak'], mean: Float64Array.of(0.5, 2), sd: Float64Array.of(1, 4), weights: Float64Array.of(0.8, -0.3), intercept: 0.2 };

it('is the intercept and what each feature adds, as worked out by hand', () => {
  // (1.5 - 0.5) / 1 * 0.8 and (-2 - 2) / 4 * -0.3.
  expect(contributions(model, Float64Array.of(1.5, -2))).toEqual([expect.closeTo(0.8, 12), expect.closeTo(0.3, 12)]);
  expect(logitOf(model, Float64Array.of(1.5, -2))).toBeCloseTo(1.3, 12);
});

it('reads its features from any place', () => {
  expect(logitOf(model, Float64Array.of(9, 9, 1.5, -2), 2)).toBe(logitOf(model, Float64Array.of(1.5, -2)));
});

it('takes what is far out for five standard deviations', () => {
  expect([standardised(100, 0, 1), standardised(-100, 0, 1), standardised(4, 0, 1)]).toEqual([5, -5, 4]);
});
