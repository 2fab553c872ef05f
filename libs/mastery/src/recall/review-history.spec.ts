import type { AnswerLog } from '../answer-log.js';
import { outcomesOf, reviewHistories, wholeDays } from './review-history.js';

const DAY = 24 * 3_600_000;
const MORNING = Date.UTC(2026, 2, 2, 8);

/** One learner, one skill: a day and whether it was right. */
function log(answers: readonly (readonly [day: number, right: 0 | 1])[], at: Float64Array | null = Float64Array.from(answers, ([day], n) => MORNING + day * DAY + n)): AnswerLog {
  return {
    vocabulary: { items: ['i'], skills: ['s'], combinations: [Int32Array.of(0)] },
    learners: ['ana'],
    starts: Int32Array.of(0, answers.length),
    item: new Int32Array(answers.length),
    combination: new Int32Array(answers.length),
    right: Uint8Array.from(answers, ([, right]) => right),
    at,
  };
}

const reviews = (answers: Parameters<typeof log>[0]): unknown => reviewHistories(log(answers)).map(({ days, right }) => [Array.from(days), Array.from(right)]);
it('has every graded answer, right or wrong, with the days since the one before', () => {
  expect(reviews([[0, 0]])).toEqual([[[0], [0]]]);
  expect(reviews([[0, 1], [0, 0], [3, 0], [3, 1], [4, 1], [11, 1]])).toEqual([[[0, 0, 3, 0, 1, 7], [1, 0, 0, 1, 1, 1]]]);
});

it('says over how many of them days had passed', () => {
  expect(reviewHistories(log([[0, 1], [0, 0], [3, 0], [3, 1], [4, 1]])).map(outcomesOf)).toEqual([2]);
});

it('counts whole days of the calendar', () => {
  expect(wholeDays(Date.UTC(2026, 0, 1, 23, 59), Date.UTC(2026, 0, 2, 0, 1))).toBe(1);
  expect(wholeDays(Date.UTC(2026, 0, 1, 0, 1), Date.UTC(2026, 0, 1, 23, 59))).toBe(0);
});

it('is empty without times', () => {
  expect(reviewHistories(log([[0, 1]], null))).toEqual([]);
});
