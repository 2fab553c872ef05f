import { Randomness } from './randomness.js';

const numbers = (random: Randomness): number[] => Array.from({ length: 50 }, () => random.below(1_000_000));

describe('a seed', () => {
  it('gives the same numbers each time, and another seed gives others', () => {
    expect(numbers(new Randomness(7))).toEqual(numbers(new Randomness(7)));
    expect(numbers(new Randomness(8))).not.toEqual(numbers(new Randomness(7)));
    expect(numbers(new Randomness(7 + 2 ** 40))).not.toEqual(numbers(new Randomness(7)));
  });

  it('gives what is split off numbers of its own, however often the others are asked', () => {
    const asked = new Randomness(7);
    numbers(asked);
    expect(numbers(asked.split('disk'))).toEqual(numbers(new Randomness(7).split('disk')));
    expect(numbers(new Randomness(7).split('disk'))).not.toEqual(numbers(new Randomness(7).split('work')));
  });
});

describe('numbers', () => {
  it('stay within their bounds and reach both', () => {
    const random = new Randomness(1);
    const seen = new Set(Array.from({ length: 1_000 }, () => random.between(3, 6)));
    expect([...seen].sort()).toEqual([3, 4, 5, 6]);
  });

  it('come as often as their weights say', () => {
    const random = new Randomness(1);
    const heads = Array.from({ length: 3_000 }, () => random.weighted({ head: 3, tail: 1, never: 0 }));
    expect(heads.filter((one) => one === 'head').length).toBeGreaterThan(2_100);
    expect(heads.filter((one) => one === 'tail').length).toBeGreaterThan(600);
    expect(heads).not.toContain('never');
  });
});
