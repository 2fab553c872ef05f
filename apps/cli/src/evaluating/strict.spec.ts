import { ofLearners, type AnswerLog } from '@trellis/mastery';
import { strictFolds, withoutSurplus } from './strict.js';

/** Learners with so many rows each. */
function logOf(rows: readonly number[]): AnswerLog {
  const starts = Int32Array.from([0, ...rows.map((_, n) => rows.slice(0, n + 1).reduce((sum, one) => sum + one, 0))]);
  const all = starts.at(-1) ?? 0;
  return {
    vocabulary: { items: ['a', 'b'], skills: ['s', 't'], combinations: [Int32Array.of(0), Int32Array.of(1)] },
    learners: rows.map((_, n) => `l${n}`),
    starts,
    item: new Int32Array(all),
    combination: new Int32Array(all),
    right: new Uint8Array(all),
    at: null,
  };
}

describe('the strict training', () => {
  const log = logOf([5, 7, 7, 3]);

  it('leaves out everybody in train who is a tested student', () => {
    expect(strictFolds([{ train: [0, 1, 2], test: [3] }], [[0, 1, 3]], log)).toEqual([{ train: [2], test: [3] }]);
  });

  it('keeps the longest log of a student inside train, of equals the first', () => {
    expect(strictFolds([{ train: [0, 1, 2], test: [3] }], [[0, 1, 2]], log)).toEqual([{ train: [1], test: [3] }]);
  });

  it('looks at each fold by itself', () => {
    const folds = [{ train: [0, 1], test: [2, 3] }, { train: [2, 3], test: [0, 1] }];
    expect(strictFolds(folds, [[0, 2]], log)).toEqual([{ train: [1], test: [2, 3] }, { train: [3], test: [0, 1] }]);
  });

  it('gives the row that stays the skills of those that go', () => {
    const two = { ...logOf([3, 1]), combination: Int32Array.of(0, 1, 0, 1) };
    const clean = withoutSurplus({ log: two, group: Int32Array.of(1, 2, 3, 4) }, { surplus: Int32Array.of(1), keeper: Int32Array.of(0) });
    expect([...clean.group]).toEqual([1, 3, 4]);
    expect([...clean.log.starts]).toEqual([0, 2, 3]);
    expect([...clean.log.combination]).toEqual([2, 0, 1]);
    expect(clean.log.vocabulary.combinations.map((skills) => [...skills])).toEqual([[0], [1], [0, 1]]);
    expect(ofLearners(clean.log, [1]).learners).toEqual(['l1']);
    // What was given stays as it was.
    expect([...two.combination]).toEqual([0, 1, 0, 1]);
  });
});
