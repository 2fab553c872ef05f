import fc from 'fast-check';
import { buckets, increases, observations, quantile, type Buckets } from './status-counts.js';
import { parseExposition } from './status-exposition.js';

const span = (first: string, last: string) => ({ first: parseExposition(first), last: parseExposition(last) });
const histogram = (...counts: readonly (readonly [number, number])[]): Buckets => new Map(counts);

describe('what a counter has grown by', () => {
  it('is the difference of each series', () => {
    expect(increases(span('a{x="1"} 5\na{x="2"} 1', 'a{x="1"} 7\na{x="2"} 1'), 'a').map(({ value }) => value)).toEqual([2, 0]);
  });
  it('is all of it where the series is new, or the service was restarted', () => {
    expect(increases(span('a{x="1"} 5', 'a{x="1"} 3\na{x="2"} 4'), 'a').map(({ value }) => value)).toEqual([3, 4]);
  });
  it('does not depend on the order of the labels', () => {
    expect(increases(span('a{x="1",y="2"} 5', 'a{y="2",x="1"} 6'), 'a').map(({ value }) => value)).toEqual([1]);
  });
});

it('puts the series of a histogram together, bound by bound', () => {
  const samples = parseExposition('a{s="x",le="1"} 1\na{s="x",le="+Inf"} 2\na{s="y",le="0.5"} 4\na{s="y",le="1"} 4\na{s="y",le="+Inf"} 5').get('a') ?? [];
  const counts = buckets(samples);
  expect([...counts]).toEqual([[0.5, 4], [1, 5], [Infinity, 7]]);
  expect(observations(counts)).toBe(7);
});

describe('a quantile', () => {
  // 10 observations up to 1, 30 from 1 to 2, none above.
  const counts = histogram([1, 10], [2, 40], [Infinity, 40]);
  it.each([
    [0.25, 1],
    // The 20th of 40 is the 10th of the 30 in the second bucket.
    [0.5, 1 + 10 / 30],
    [1, 2],
  ])('%d lies where it would if a bucket were filled evenly', (share, value) => expect(quantile(counts, share)).toBeCloseTo(value, 12));
  it('above the highest bound is that bound', () => expect(quantile(histogram([1, 1], [Infinity, 10]), 0.99)).toBe(1));
  it('of nothing is null', () => expect([quantile(histogram(), 0.5), quantile(histogram([1, 0], [Infinity, 0]), 0.5)]).toEqual([null, null]));
  it('never falls as the share rises', () => {
    const histograms = fc.array(fc.nat(50), { minLength: 1, maxLength: 8 }).map((counts) => {
      let sum = 0;
      return histogram(...counts.map((count, at) => [at === counts.length - 1 ? Infinity : at + 1, (sum += count)] as const));
    });
    fc.assert(
      fc.property(histograms, fc.double({ min: 0.01, max: 1, noNaN: true }), fc.double({ min: 0.01, max: 1, noNaN: true }), (counts, one, other) => {
        expect(quantile(counts, Math.min(one, other)) ?? 0).toBeLessThanOrEqual(quantile(counts, Math.max(one, other)) ?? 0);
      }),
    );
  });
});
