import fc from 'fast-check';
import { draw, drawProbabilities, seeded } from './seeded.js';

const EXPLORATION = { temperature: 0.05, share: 0.05, plausibleFrom: 0.1 };
const values = fc.array(fc.double({ min: 1e-9, max: 2, noNaN: true }), { minLength: 1, maxLength: 30 });

describe('random numbers', () => {
  it('are repeated by their seed', () => {
    const [one, other, different] = [seeded(7), seeded(7), seeded(8)];
    const first = Array.from({ length: 50 }, one);
    expect(Array.from({ length: 50 }, other)).toEqual(first);
    expect(Array.from({ length: 50 }, different)).not.toEqual(first);
  });

  it('stay what they are: decisions are made again with them', () => {
    const random = seeded(0xdecade);
    expect([random(), random(), random()]).toEqual([0.6783386522438377, 0.1911458820104599, 0.6926508333999664]);
  });

  it('lie in [0, 1), evenly', () => {
    fc.assert(fc.property(fc.nat({ max: 2 ** 32 - 1 }), (seed) => {
      const random = seeded(seed);
      for (let n = 0; n < 20; n++) {
        const number = random();
        expect(number >= 0 && number < 1).toBe(true);
      }
    }));
    const random = seeded(1);
    const tenths = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 100_000; n++) {
      const tenth = Math.floor(random() * 10);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    // Five standard deviations of a count of 10,000.
    for (const count of tenths) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

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
