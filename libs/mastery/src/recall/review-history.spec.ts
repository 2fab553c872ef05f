import type { AnswerLog } from '../answer-log.js';
import { DEFAULT_CALIBRATION } from '../calibration.js';
import { reviewHistories, wholeDays } from './review-history.js';

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

const reviews = (answers: Parameters<typeof log>[0]): unknown => reviewHistories(log(answers), DEFAULT_CALIBRATION).map(({ days, right }) => [Array.from(days), Array.from(right)]);
/** Enough in a row to be mastered by the built-in numbers. */
const mastered = [0, 0, 0, 0].map((day) => [day, 1] as const);

it('begins with the answer that first masters the skill', () => {
  expect(reviews([[0, 1], [0, 1]])).toEqual([]);
  expect(reviews(mastered)).toEqual([[[0], [1]]]);
});

it('has the first graded answer of each later day, right or wrong', () => {
  expect(reviews([...mastered, [0, 0], [3, 0], [3, 1], [4, 1], [11, 1]])).toEqual([[[0, 3, 1, 7], [1, 0, 1, 1]]]);
});

it('counts whole days of the calendar', () => {
  expect(wholeDays(Date.UTC(2026, 0, 1, 23, 59), Date.UTC(2026, 0, 2, 0, 1))).toBe(1);
  expect(wholeDays(Date.UTC(2026, 0, 1, 0, 1), Date.UTC(2026, 0, 1, 23, 59))).toBe(0);
});

it('is empty without times', () => {
  expect(reviewHistories(log(mastered, null), DEFAULT_CALIBRATION)).toEqual([]);
});
