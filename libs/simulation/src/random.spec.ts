import { courseSeed, normal, studentSeed, uniform } from './random.js';

describe('noise', () => {
  it.each([
    [[1, 2, 3, 4], 0.19075383],
    [[21_000_063, 7, 150, 0], 0.571630833],
  ] as const)('draws U%j = %d, as published with the worlds', ([seed, stream, a, b], expected) => {
    expect(uniform(seed, stream, a, b)).toBeCloseTo(expected, 9);
  });

  it('draws N(1, 2, 3, 0) = 1.502176576', () => expect(normal(1, 2, 3, 0)).toBeCloseTo(1.502176576, 9));

  it('gives every student a seed of his own and a hundred students one course', () => {
    expect(studentSeed(31, 2, 5)).toBe(31_200_104);
    expect([0, 99, 100].map((number) => courseSeed(31, 2, number))).toEqual([245_692, 245_692, 245_693]);
  });
});
