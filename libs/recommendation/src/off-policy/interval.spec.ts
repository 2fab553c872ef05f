import { learnerInterval } from './interval.js';

describe('the interval of an estimate', () => {
  it('of a mean of evenly spread learners is the one of the textbook', () => {
    // Values 1..9: without one of them the mean moves by (value - 5) / 8; standard deviation sqrt(7.5), t of 95 % with 8 degrees 1.8595.
    const { low, high, standardError } = learnerInterval(5, Float64Array.from({ length: 9 }, (_, n) => (n - 4) / 8), 0.9);
    expect(standardError).toBeCloseTo(Math.sqrt(7.5 / 9), 12);
    expect(Math.abs(low - (5 - 1.8595 * standardError))).toBeLessThan(0.01);
    expect(Math.abs(high - (5 + 1.8595 * standardError))).toBeLessThan(0.01);
  });

  it('reaches further to the side on which the rare learners are', () => {
    const moves = Float64Array.from({ length: 40 }, (_, n) => (n < 4 ? 0.09 : -0.01));
    const { value, low, high } = learnerInterval(1, moves, 0.9);
    expect(high - value).toBeGreaterThan(1.3 * (value - low));
    expect(value - low).toBeGreaterThan(0);
  });

  it('has no width where learners are alike, and no end where all weight is with one of them', () => {
    expect(learnerInterval(2, new Float64Array(5), 0.9)).toEqual({ value: 2, low: 2, high: 2, standardError: 0 });
    expect(learnerInterval(2, Float64Array.of(0, 0, NaN, 0), 0.9)).toEqual({ value: 2, low: -Infinity, high: Infinity, standardError: Infinity });
  });

  it('is not made of fewer than four learners', () => expect(() => learnerInterval(0, new Float64Array(3), 0.9)).toThrow('log: 3 learners'));
});
