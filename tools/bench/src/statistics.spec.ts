import { median, percentile, spread } from './statistics.js';

describe('the median', () => {
  it('is the middle one of an odd number, in whatever order they come', () => expect(median([9, 1, 5])).toBe(5));
  it('is the mean of the two in the middle of an even number', () => expect(median([4, 1, 10, 2])).toBe(3));
  it('is the only one of one', () => expect(median([7])).toBe(7));
  it('is of nothing an error, not a number', () => expect(() => median([])).toThrow('nothing was measured'));
  it('leaves the list as it was', () => {
    const values = [3, 1, 2];
    median(values);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('a percentile', () => {
  const tenths = [10, 20, 30, 40, 50, 60, 70, 80, 90, 100];
  const hundred = Array.from({ length: 100 }, (_, n) => n + 1);

  // By hand, nearest rank: place ceil(percent / 100 * count), counted from 1.
  const cases: readonly [string, readonly number[], number, number][] = [
    ['the 5th of ten at 50 %', tenths, 50, 50],
    ['the 10th of ten at 99 %', tenths, 99, 100],
    ['the 3rd of ten at 21 %', tenths, 21, 30],
    ['the 99th of a hundred at 99 %', hundred, 99, 99],
    ['the last at 100 %', hundred, 100, 100],
    ['the first at 0 %', hundred, 0, 1],
  ];
  for (const [name, values, percent, expected] of cases) it(`is ${name}`, () => expect(percentile(values, percent)).toBe(expected));

  it('does not depend on the order', () => expect(percentile([30, 10, 20], 50)).toBe(20));
});

it('spreads from the least to the greatest', () => {
  expect(spread([8, 2, 4])).toEqual({ median: 4, min: 2, max: 8 });
  expect(spread([5])).toEqual({ median: 5, min: 5, max: 5 });
});
