import type { AnswerLog } from '../answer-log.js';
import { seeded } from '../seeded.js';
import { randomLog } from '../testing/random-log.js';
import { itemStatistics, type ItemStatistics } from './statistics.js';

/** Learners as rows of (item, right). */
function logOf(learners: readonly (readonly (readonly [item: number, right: number])[])[]): AnswerLog {
  const rows = learners.flat();
  const items = Math.max(...rows.map(([item]) => item)) + 1;
  return {
    vocabulary: { items: Array.from({ length: items }, (_, n) => `i${n}`), skills: ['s'], combinations: [Int32Array.of(0)] },
    learners: learners.map((_, n) => `l${n}`),
    starts: Int32Array.from([0, ...learners.map((_, n) => learners.slice(0, n + 1).flat().length)]),
    item: Int32Array.from(rows, ([item]) => item),
    combination: new Int32Array(rows.length),
    right: Uint8Array.from(rows, ([, right]) => right),
    at: null,
  };
}

describe('item statistics', () => {
  it('count the first answer of a learner to an item, and rows with an item only', () => {
    const found = itemStatistics(logOf([[[0, 1], [0, 0], [0, 0]], [[0, 0], [2, 1]], [[-1, 1]], [[2, 1]]]));
    expect(found.map(({ item, answers, exposure, passRate }) => [item, answers, exposure, passRate.value])).toEqual([
      [0, 2, 0.5, 0.5],
      [2, 2, 0.5, 1],
    ]);
  });

  it('give the pass rate with the interval of Wilson', () => {
    // By hand, 8 of 10: (0.8 + 0.19207) / 1.38415 = 0.71674, half 1.41599 * sqrt(0.016 + 0.0096037) = 0.22657.
    const [{ passRate } = { passRate: null }] = itemStatistics(logOf(Array.from({ length: 10 }, (_, n) => [[0, n < 8 ? 1 : 0] as const])));
    expect(passRate?.low).toBeCloseTo(0.4902, 4);
    expect(passRate?.high).toBeCloseTo(0.9433, 4);
  });

  it('find the difficulties that made the answers, as far off as they say', () => {
    // With a prior as wide as the abilities are spread, or else all estimates would be drawn in by the same share.
    const found = itemStatistics(randomLog({ seed: 3, learners: 800, answers: 40, items: 50 }));
    const truth = ({ item }: ItemStatistics) => 0.5 + (3 * item) / 50 - 1.5;
    const errors = found.map((one) => (one.easiness - truth(one)) / one.standardError);
    expect(errors.filter((error) => Math.abs(error) < 1.96).length / errors.length).toBeGreaterThan(0.9);
    expect(found.every(({ standardError }) => standardError > 0.08 && standardError < 0.2)).toBe(true);
  });

  it('say less surely what fewer answers show', () => {
    const few = itemStatistics(randomLog({ seed: 3, learners: 50, answers: 10, items: 50 }));
    const many = itemStatistics(randomLog({ seed: 3, learners: 500, answers: 10, items: 50 }));
    expect(Math.min(...few.map(({ standardError }) => standardError))).toBeGreaterThan(Math.max(...many.map(({ standardError }) => standardError)));
    expect(few.some(({ discrimination }) => discrimination !== null)).toBe(false);
  });

  it('call the number that is the easiness less its mean the difficulty, turned round', () => {
    const [first, second] = itemStatistics(randomLog({ seed: 1, learners: 100, answers: 10, items: 2 }));
    expect((first?.easiness ?? 0) + (first?.difficulty ?? 0)).toBeCloseTo((second?.easiness ?? 1) + (second?.difficulty ?? 1), 12);
    expect(first?.difficulty).toBeGreaterThan(second?.difficulty ?? Infinity);
  });

  it('measure discrimination near 0 where passing is a toss, in short histories too', () => {
    // Every item is a toss: whatever correlation there is on average, the measure itself has made.
    for (const answers of [6, 20]) {
      const log = randomLog({ seed: 11, learners: 3000, answers, items: 30 });
      const random = seeded(answers);
      const tossed = { ...log, right: log.right.map(() => (random() < 0.5 ? 1 : 0)) };
      const values = itemStatistics(tossed).flatMap(({ discrimination }) => discrimination?.value ?? []);
      expect(values).toHaveLength(30);
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / values.length)).toBeLessThan(0.02);
    }
  });

  it('show more passing among the strongest third than among the weakest where an item discriminates', () => {
    const found = itemStatistics(randomLog({ seed: 5, learners: 600, answers: 40, items: 60 }));
    const measured = found.flatMap(({ discrimination }) => discrimination ?? []);
    expect(measured).toHaveLength(60);
    expect(measured.filter(({ strongest, weakest }) => strongest.passRate > weakest.passRate).length).toBeGreaterThan(57);
    expect(measured.every(({ low, value, high, learners, strongest, weakest }) => low < value && value < high && strongest.answers >= learners / 3 - 1 && weakest.answers >= learners / 3 - 1)).toBe(true);
  });

  it('are finite, or null, in logs where all is right, all is wrong or nothing is there', () => {
    const base = randomLog({ seed: 5, learners: 200, answers: 20, items: 10 });
    for (const right of [new Uint8Array(base.item.length).fill(1), new Uint8Array(base.item.length)]) {
      for (const { discrimination, ...numbers } of itemStatistics({ ...base, right })) {
        expect(discrimination).toBeNull();
        expect(Object.values(numbers).flatMap((value) => (typeof value === 'number' ? value : Object.values(value as object))).every(Number.isFinite)).toBe(true);
      }
    }
    expect(itemStatistics(randomLog({ seed: 1, learners: 0, answers: 0, items: 3 }))).toEqual([]);
  });
});
