import type { AnswerLog } from '@trellis/mastery';
import { sample } from './sample.js';

/** Learner n has n + 1 answers. */
function log(learners: number): AnswerLog {
  const starts = Int32Array.from({ length: learners + 1 }, (_, n) => (n * (n + 1)) / 2);
  const rows = starts[learners] ?? 0;
  return {
    vocabulary: { items: ['i'], skills: ['s'], combinations: [Int32Array.of(0)] },
    learners: Array.from({ length: learners }, (_, n) => `learner-${n}`),
    starts,
    item: new Int32Array(rows),
    combination: new Int32Array(rows),
    right: Uint8Array.from({ length: rows }, (_, row) => row % 2),
    at: null,
  };
}

it('is the log itself where it is small enough', () => {
  const all = log(20);
  expect(sample(all, 1, 210)).toBe(all);
});

it('is whole learners, as many as fit, the same for a seed', () => {
  const all = log(50);
  const [one, again, other] = [sample(all, 1, 400), sample(all, 1, 400), sample(all, 2, 400)];
  expect(one).toEqual(again);
  expect(one.learners).not.toEqual(other.learners);
  expect(one.item.length).toBeLessThanOrEqual(400);
  expect(one.item.length).toBeGreaterThan(300);
  one.learners.forEach((id, n) => expect((one.starts[n + 1] ?? 0) - (one.starts[n] ?? 0)).toBe(Number(id.slice(8)) + 1));
});
