import fc from 'fast-check';
import { seeded } from './seeded.js';

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
