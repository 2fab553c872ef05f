import { seeded } from '@trellis/mastery';
import { difference, estimate, groupsWon, pooled, RATIOS_MAX, resampled, type Ratio } from './bootstrap.js';

const STUDENTS = 200;

/** Students differ much; the second policy gives each a little more than the first. */
function policies(lead: number): readonly [Ratio, Ratio] {
  const random = seeded(4);
  const below = Float64Array.from({ length: STUDENTS }, () => 2 + 6 * random());
  const first = below.map((room) => room * random());
  const second = first.map((gain) => gain + lead + 0.2 * (random() - 0.5));
  return [{ above: first, below }, { above: second, below }];
}

describe('the paired bootstrap', () => {
  const options = { seed: 1, resamples: 500 };

  it('pools students before it divides: those with more room count for more', () => {
    expect(pooled({ above: Float64Array.of(1, 4), below: Float64Array.of(2, 8) })).toBe(0.5);
    expect(pooled({ above: Float64Array.of(2, 0), below: Float64Array.of(2, 8) })).toBe(0.2);
  });

  it('gives a policy an interval around its value, narrower with more students', () => {
    const [one] = policies(0);
    const width = (ratio: Ratio): number => {
      const { value, low, high } = estimate(ratio, resampled([ratio], options)[0] ?? new Float64Array());
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
      return high - low;
    };
    const few = { above: one.above.subarray(0, 50), below: one.below.subarray(0, 50) };
    expect(width(one) / width(few)).toBeCloseTo(0.5, 0);
  });

  it('sees a lead that is far smaller than the spread of either policy', () => {
    const [one, two] = policies(0.05);
    const [ofOne, ofTwo] = resampled([one, two], options) as [Float64Array, Float64Array];
    const lead = difference(two, one, ofTwo, ofOne);
    const alone = estimate(one, ofOne);
    expect(lead.low).toBeGreaterThan(0);
    expect(lead.high - lead.low).toBeLessThan((alone.high - alone.low) / 5);
    expect(lead.p).toBe(1 / 501);
    expect(difference(one, two, ofOne, ofTwo).p).toBe(1);
  });

  it('finds no lead of a policy over itself', () => {
    const [one] = policies(0);
    const [draws] = resampled([one], options) as [Float64Array];
    expect(difference(one, one, draws, draws)).toEqual({ value: 0, low: 0, high: 0, p: 1 });
  });

  it('is repeated by its seed, whoever else is judged beside', () => {
    const [one, two] = policies(0);
    expect(resampled([one, two], options)[1]).toEqual(resampled([two], options)[0]);
    expect(resampled([one], { ...options, seed: 2 })).not.toEqual(resampled([one], options));
  });

  it('agrees with the error of a mean', () => {
    const above = Float64Array.from({ length: STUDENTS }, (_, n) => n % 2);
    const ratio = { above, below: new Float64Array(STUDENTS).fill(1) };
    const { low, high } = estimate(ratio, resampled([ratio], { seed: 3, resamples: 2_000 })[0] ?? new Float64Array());
    expect((high - low) / (2 * 1.96 * (0.5 / Math.sqrt(STUDENTS)))).toBeCloseTo(1, 1);
  });

  it('does not count a draw in which there was no room', () => {
    const ratio = { above: Float64Array.of(1, 0), below: Float64Array.of(2, 0) };
    const draws = resampled([ratio], options)[0] ?? new Float64Array();
    expect(draws).toContainEqual(NaN);
    expect(estimate(ratio, draws)).toEqual({ value: 0.5, low: 0.5, high: 0.5 });
  });

  it('counts the full groups of students in which a policy is ahead', () => {
    const below = new Float64Array(7).fill(1);
    const one = { above: Float64Array.of(1, 1, 0, 0, 1, 0, 1), below };
    const two = { above: Float64Array.of(1, 0, 1, 0, 1, 0, 0), below };
    expect(groupsWon(one, two, 2)).toEqual({ won: 1, groups: 3 });
  });

  it('refuses what cannot be compared', () => {
    const [one] = policies(0);
    expect(() => resampled([one, { above: new Float64Array(3), below: new Float64Array(3) }], options)).toThrow('students: 3 and 3 stand beside 200');
    for (const resamples of [1, 2.5, 1e9]) expect(() => resampled([one], { seed: 1, resamples })).toThrow(`resamples: ${resamples}`);
    expect(() => resampled(Array.from({ length: RATIOS_MAX + 1 }, () => one), options)).toThrow('ratios: 201');
    expect(() => difference(one, one, new Float64Array(2), new Float64Array(3))).toThrow('draws: 2 stand beside 3');
  });
});
