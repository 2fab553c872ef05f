import { foldsOf, type FoldOrder } from './folds.js';

const namesOf = (learners: readonly string[], by: FoldOrder, seed = 0): readonly (readonly string[])[] => foldsOf(learners, { count: 2, by, seed }).map(({ test }) => test.map((learner) => learners[learner] ?? ''));

describe('folds', () => {
  it('take every second learner by the value of ids that are numbers', () => {
    expect(namesOf(['10', '9', '100', '1', '2'], 'id-order')).toEqual([['9', '100', '1'], ['10', '2']]);
  });

  it('go by the text of ids where one is no number', () => {
    expect(namesOf(['10', '9', '100', 'a'], 'id-order')).toEqual([['10', '9'], ['100', 'a']]);
  });

  it('hold every learner once in test, and train on all others', () => {
    const learners = Array.from({ length: 23 }, (_, n) => `l${n}`);
    const folds = foldsOf(learners, { count: 5, by: 'seed', seed: 7 });
    expect(folds.flatMap(({ test }) => test).sort((a, b) => a - b)).toEqual(learners.map((_, n) => n));
    for (const { train, test } of folds) expect([...train, ...test].sort((a, b) => a - b)).toEqual(learners.map((_, n) => n));
  });

  it('are others for another seed', () => {
    const learners = Array.from({ length: 40 }, (_, n) => `l${n}`);
    expect(namesOf(learners, 'seed', 1)).toEqual(namesOf(learners, 'seed', 1));
    expect(namesOf(learners, 'seed', 1)).not.toEqual(namesOf(learners, 'seed', 2));
  });
});
