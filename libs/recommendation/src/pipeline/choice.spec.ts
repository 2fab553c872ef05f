import fc from 'fast-check';
import { seeded } from '@trellis/mastery';
import { drawSkills, EXPLORATION, firstDraw, type Drawing } from './choice.js';

function drawn(values: readonly number[], change: Partial<Drawing> = {}, has: (at: number) => boolean = () => true): readonly (readonly [number, number])[] {
  const taken: (readonly [number, number])[] = [];
  drawSkills({ values }, { count: 1, areOptions: false, exploration: EXPLORATION, random: seeded(1), ...change }, ({ at, probability }) => {
    if (has(at)) taken.push([at, probability]);
    return has(at);
  });
  return taken;
}

describe('the draw of skills', () => {
  it('gives every plausible one its floor, and sums to 1', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 300, noNaN: true }), { minLength: 1, maxLength: 60 }), (values) => {
      const probabilities = firstDraw({ values }, EXPLORATION);
      const best = Math.max(...values);
      const plausible = values.filter((value) => value >= 0.1 * best).length;
      expect(probabilities.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
      for (const [at, value] of values.entries()) if (value >= 0.1 * best) expect(probabilities[at] ?? 0).toBeGreaterThanOrEqual(0.05 / plausible);
    }));
  });

  it('without exploration takes the best, the first of equals', () => {
    expect(drawn([1, 3, 3, 2], { exploration: null })).toEqual([[1, 1]]);
  });

  it('in a row takes a skill again for less', () => {
    expect(drawn([1, 0.8], { count: 3, exploration: null }).map(([at]) => at)).toEqual([0, 1, 0]);
  });

  it('of options takes another skill each, and the same again only where there is no other', () => {
    expect(drawn([1, 0.01, 0.02], { count: 3, areOptions: true, exploration: null }).map(([at]) => at)).toEqual([0, 2, 1]);
    expect(drawn([1], { count: 2, areOptions: true, exploration: null })).toEqual([[0, 1], [0, 1]]);
  });

  it('passes over skills that have no item left, and says the probability of the draw that was made', () => {
    expect(drawn([1, 0.5], { exploration: null }, (at) => at === 1)).toEqual([[1, 1]]);
    expect(drawn([1, 0.5], {}, () => false)).toEqual([]);
    expect(drawn([], { count: 2 })).toEqual([]);
  });
});
