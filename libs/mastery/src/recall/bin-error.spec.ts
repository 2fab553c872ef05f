import { binError } from './bin-error.js';
import { DEFAULT_RECALL, exactFirst, exactNext, recallAfter } from './fsrs.js';
import type { ReviewHistory } from './review-history.js';

const history = (...reviews: readonly (readonly [days: number, right: 0 | 1])[]): ReviewHistory => ({
  learner: 0,
  days: Int32Array.from([0, ...reviews.map(([days]) => days)]),
  right: Uint8Array.from([1, ...reviews.map(([, right]) => right)]),
});
const first = exactFirst(true, DEFAULT_RECALL);
const recallAt = (days: number): number => recallAfter(days, first.stability, DEFAULT_RECALL);

it('sets the share remembered against mean recall where reviews are alike', () => {
  // 2 and 3 days are one bin: half remembered.
  expect(binError([history([2, 1]), history([3, 0])], DEFAULT_RECALL)).toBeCloseTo(Math.abs(0.5 - (recallAt(2) + recallAt(3)) / 2), 12);
});

it('counts bins by their reviews', () => {
  // 3.62 days part the bins: two reviews in the first, one in the second.
  const [near, far] = [1 - recallAt(2), 0 - recallAt(4)];
  expect(binError([history([2, 1]), history([2, 1]), history([4, 0])], DEFAULT_RECALL)).toBeCloseTo(Math.sqrt((2 * near ** 2 + far ** 2) / 3), 12);
});

it('keeps apart what follows a lapse and what does not', () => {
  const after = (right: 0 | 1): number => recallAfter(2, exactNext(first, 2, right === 1, DEFAULT_RECALL).stability, DEFAULT_RECALL);
  // The second and the third review are one bin (1.89 to 3.57), less the one that follows the lapse.
  const without = (1 + 0 + 1 - 2 * recallAt(2) - after(1)) ** 2 / 3;
  expect(binError([history([2, 1], [2, 1]), history([2, 0], [2, 0])], DEFAULT_RECALL)).toBeCloseTo(Math.sqrt((without + after(0) ** 2) / 4), 12);
});

it('keeps apart early and later reviews of a card', () => {
  const memories = [first];
  for (let n = 0; n < 2; n++) memories.push(exactNext(memories[n] ?? first, 2, true, DEFAULT_RECALL));
  const [second, third, fourth] = memories.map(({ stability }) => 1 - recallAfter(2, stability, DEFAULT_RECALL)) as [number, number, number];
  expect(binError([history([2, 1], [2, 1], [2, 1])], DEFAULT_RECALL)).toBeCloseTo(Math.sqrt(((second + third) ** 2 / 2 + fourth ** 2) / 3), 12);
});

it('is null where nothing was reviewed', () => {
  expect(binError([history()], DEFAULT_RECALL)).toBeNull();
});
