import type { AnswerLog } from '../answer-log.js';
import { answersByItem, byItemAge, byPosition, bySkill } from './slices.js';

const log: AnswerLog = {
  vocabulary: { items: ['i', 'j'], skills: ['a', 'b', 'c'], combinations: [Int32Array.of(0), Int32Array.of(0, 1)] },
  learners: ['x', 'y'],
  starts: Int32Array.of(0, 7, 9),
  item: Int32Array.of(0, 0, 0, 0, 0, 1, -1, 1, 0),
  combination: Int32Array.of(0, 0, 0, 0, 0, 1, 1, 1, 0),
  right: Uint8Array.of(1, 0, 1, 0, 1, 0, 1, 1, 0),
  at: null,
};
const predicted = new Float64Array(9).fill(0.5);
const counts = (slices: ReturnType<typeof bySkill>) => Object.fromEntries(slices.map(({ name, metrics }) => [name, metrics.n]));

it('rows of several skills count for each, and skills without rows are left out', () => {
  expect(counts(bySkill(log, predicted))).toEqual({ a: 9, b: 3 });
});

it('the age of an item is how many training answers it had; no item, no age', () => {
  expect(counts(byItemAge(log, predicted, Int32Array.of(5, 0)))).toEqual({ unseen: 2, '5-19': 6 });
  expect(counts(byItemAge(log, predicted, Int32Array.of(4, 20)))).toEqual({ '1-4': 6, '20+': 2 });
  expect(answersByItem(log)).toEqual(Int32Array.of(6, 2));
});

it('positions count from a learner\'s first answer', () => {
  expect(counts(byPosition(log, predicted))).toEqual({ '1-5': 7, '6-10': 2 });
});
