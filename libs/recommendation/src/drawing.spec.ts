import fc from 'fast-check';
import { draw, drawProbabilities } from './drawing.js';

const EXPLORATION = { temperature: 0.05, share: 0.05, plausibleFrom: 0.1 };
const values = fc.array(fc.double({ min: 1e-9, max: 2, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('the probabilities of a draw', () => {
  it('prefer the best by its lead over the temperature, as worked out by hand', () => {
    // Weights 1 and e^((0.95 - 1) / 0.05) = e^-1; both are plausible.
    const [best, other] = drawProbabilities([2, 1.9], EXPLORATION);
    expect(best).toBeCloseTo(0.95 / (1 + Math.exp(-1)) + 0.025, 12);
    expect(other).toBeCloseTo((0.95 * Math.exp(-1)) / (1 + Math.exp(-1)) + 0.025, 12);
  });

  it('give the plausible a floor, and the hopeless next to nothing', () => {
    const [best, plausible, hopeless] = drawProbabilities([1, 0.1, 0.09], EXPLORATION);
    expect(plausible).toBeGreaterThanOrEqual(0.025);
    expect(hopeless).toBeLessThan(1e-7);
    expect(best).toBeGreaterThan(0.97);
  });

  it('sum to 1, are never negative, and never put a smaller value before a larger one', () => {
    fc.assert(fc.property(values, (all) => {
      const probabilities = drawProbabilities(all, EXPLORATION);
      expect(probabilities.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 9);
      const best = Math.max(...all);
      const plausible = all.filter((value) => value >= 0.1 * best).length;
      all.forEach((value, at) => {
        expect(probabilities[at]).toBeGreaterThanOrEqual(value >= 0.1 * best ? 0.05 / plausible : 0);
        all.forEach((other, n) => value < other && expect(probabilities[at] ?? NaN).toBeLessThanOrEqual(probabilities[n] ?? NaN));
      });
      expect(drawProbabilities(all, EXPLORATION)).toEqual(probabilities);
    }));
  });

  it('are alike where nothing is worth anything', () => {
    expect(drawProbabilities([0, 0], EXPLORATION)).toEqual([0.5, 0.5]);
    expect(drawProbabilities([0], EXPLORATION)).toEqual([1]);
  });

  it('do not change when every value is scaled alike', () => {
    const [one, scaled] = [drawProbabilities([1, 0.5, 0.25], EXPLORATION), drawProbabilities([4, 2, 1], EXPLORATION)];
    expect(scaled).toEqual(one);
  });
});

describe('a draw', () => {
  const cases: [number, number][] = [
    // random place
    [0,       0],
    [0.2499,  0],
    [0.25,    1],
    [0.9999,  2],
  ];
  it.each(cases)('of %d falls on %d', (random, place) => expect(draw([0.25, 0.5, 0.25], random)).toBe(place));

  it('falls on the last where rounding leaves a sliver', () => expect(draw([0.1, 0.2], 0.99)).toBe(1));
});
