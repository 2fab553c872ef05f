import { metrics } from './metrics.js';
import { binOf, reliability, wilson } from './reliability.js';
import { seeded } from '../seeded.js';

describe('a reliability table', () => {
  it('puts each prediction in one of ten bins, 1 in the last', () => {
    expect([0, 0.0999, 0.1, 0.55, 0.999, 1].map(binOf)).toEqual([0, 0, 1, 5, 9, 9]);
  });

  it('has the mean prediction beside the share right', () => {
    const bins = reliability(Uint8Array.of(1, 0, 1), Float64Array.of(0.72, 0.78, 1));
    expect(bins).toHaveLength(10);
    expect(bins[7]).toMatchObject({ from: 0.7, to: 0.8, n: 2, meanPredicted: 0.75, shareRight: 0.5 });
    expect(bins[9]).toMatchObject({ n: 1, shareRight: 1, high: 1 });
    expect(bins[0]).toMatchObject({ n: 0, meanPredicted: NaN, low: NaN });
  });

  it("has Wilson's intervals", () => {
    // 8 of 10: .4902 to .9433 (Newcombe, 1998, gives such values by the same formula).
    const [low, high] = wilson(8, 10);
    expect(low).toBeCloseTo(0.4902, 4);
    expect(high).toBeCloseTo(0.9433, 4);
    expect(wilson(0, 5)[0]).toBe(0);
  });

  it('is what the calibration error sums up', () => {
    const random = seeded(3);
    const predicted = Float64Array.from({ length: 500 }, random);
    const right = Uint8Array.from(predicted, (p) => (random() < p * p ? 1 : 0));
    const summed = reliability(right, predicted).reduce((sum, { n, meanPredicted, shareRight }) => sum + (n / 500) * Math.abs(meanPredicted - shareRight), 0);
    expect(metrics(right, predicted).ece).toBeCloseTo(summed, 12);
  });
});
