import { DEFAULT_CALIBRATION, rightProbability, seeded, traceUnknown, type BktParameters } from '@trellis/mastery';
import { ANSWERS_LEFT_MAX, answersLeft } from './answers-left.js';

const { bkt } = DEFAULT_CALIBRATION;

/** Learners who are what the model says, one after another, until the mark. */
function simulated(known: number, mark: number, p: BktParameters, learners: number): { mean: number; sd: number } {
  const random = seeded(11);
  const counts = Array.from({ length: learners }, () => {
    let [unknown, answers] = [1 - known, 0];
    while (1 - unknown < mark && answers < ANSWERS_LEFT_MAX) {
      unknown = traceUnknown(unknown, random() < rightProbability(1 - unknown, p) ? 1 : 0, p);
      answers++;
    }
    return answers;
  });
  const mean = counts.reduce((sum, n) => sum + n, 0) / learners;
  return { mean, sd: Math.sqrt(counts.reduce((sum, n) => sum + (n - mean) ** 2, 0) / learners) };
}

it.each([
  ['a new skill', 0.3, 0.95, bkt],
  ['a skill half known', 0.6, 0.95, bkt],
  ['a skill nearly known', 0.93, 0.95, bkt],
  ['after many wrong answers', 0.05, 0.95, bkt],
  ['a lower mark', 0.3, 0.8, bkt],
  ['slow learning', 0.3, 0.95, { prior: 0.3, learn: 0.05, guess: 0.2, slip: 0.1 }],
])('foresees what learners of the model take: %s', (_, known, mark, p) => {
  const { mean, variance } = answersLeft(known, mark, p);
  const truth = simulated(known, mark, p, 20_000);
  expect(Math.abs(mean - truth.mean)).toBeLessThan(0.08 * truth.mean + 0.1);
  expect(Math.abs(Math.sqrt(variance) - truth.sd)).toBeLessThan(0.12 * truth.sd + 0.2);
});

it('leaves nothing at the mark, and at least one answer below it', () => {
  expect(answersLeft(0.95, 0.95, bkt)).toEqual({ mean: 0, variance: 0 });
  expect(answersLeft(0.9499, 0.95, bkt).mean).toBeGreaterThanOrEqual(1);
});

it('leaves less the more is known', () => {
  const means = Array.from({ length: 95 }, (_, n) => answersLeft(n / 100, 0.95, bkt).mean);
  expect(means).toEqual([...means].sort((a, b) => b - a));
});

it('ends where nothing is ever learned, and for marks that are never reached', () => {
  expect(answersLeft(0.0001, 0.95, { prior: 0.1, learn: 0, guess: 0.3, slip: 0.2 }).mean).toBeGreaterThan(90);
  expect(answersLeft(0.3, 1, bkt).mean).toBeLessThanOrEqual(ANSWERS_LEFT_MAX);
  expect(answersLeft(1, 1, bkt).mean).toBe(0);
});
