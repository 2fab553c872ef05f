import { seeded } from '../seeded.js';
import { DEFAULT_RECALL, exactFirst, exactNext, recallAfter, type RecallParameters } from './fsrs.js';
import { fitRecall, lossOf, REVIEWS_MIN, SPREAD } from './recall-fit.js';
import { FITTED, FITTED_WEIGHTS, reviewLoss } from './recall-gradient.js';
import type { ReviewHistory } from './review-history.js';

/** Reviews of cards whose memories follow these weights. */
function simulated(p: RecallParameters, { cards, seed, sameDay = 0 }: { readonly cards: number; readonly seed: number; readonly sameDay?: number }): ReviewHistory[] {
  const random = seeded(seed);
  return Array.from({ length: cards }, (_, card) => {
    const days = [0];
    const right = [random() < 0.8 ? 1 : 0];
    let memory = exactFirst(right[0] === 1, p);
    for (let n = 1; n < 8; n++) {
      const elapsed = sameDay > 0 && random() < sameDay ? 0 : 1 + Math.floor(random() * 30);
      const isRight = random() < recallAfter(elapsed, memory.stability, p);
      days.push(elapsed);
      right.push(isRight ? 1 : 0);
      memory = exactNext(memory, elapsed, isRight, p);
    }
    return { learner: card % 50, days: Int32Array.from(days), right: Uint8Array.from(right) };
  });
}

/** Forgets sooner, and relearns slowly. */
const other: RecallParameters = { weights: DEFAULT_RECALL.weights.map((weight, n) => (n === 0 || n === 2 ? weight / 4 : n === 8 ? 1.2 : n === 20 ? 0.4 : weight)) };
const isHeldOut = (learner: number): boolean => learner % 5 === 0;

/** Lapses leave the most they may of short memories. */
const capped: RecallParameters = { weights: other.weights.map((weight, n) => (n === 0 || n === 2 ? 0.15 : n === 11 ? 4 : n === 17 || n === 18 ? 0.9 : weight)) };

it.each<[string, RecallParameters]>([
  ['usual', other],
  ['capped', capped],
])('the gradient is that of finite differences, for each weight, where lapses are %s', (_, p) => {
  const histories = simulated(p, { cards: 40, seed: 3, sameDay: 0.3 });
  const weights = Float64Array.from(p.weights);
  const gradient = new Float64Array(FITTED);
  const sum = (): number => histories.reduce((total, history) => total + reviewLoss(history, weights, new Float64Array(FITTED)), 0);
  histories.forEach((history) => void reviewLoss(history, weights, gradient));
  FITTED_WEIGHTS.forEach((weight, place) => {
    const value = weights[weight] ?? 0;
    weights[weight] = value + 1e-6;
    const above = sum();
    weights[weight] = value - 1e-6;
    const below = sum();
    weights[weight] = value;
    const slope = (above - below) / 2e-6;
    expect([weight, gradient[place]]).toEqual([weight, expect.closeTo(slope, Math.abs(slope) > 100 ? 1 : 3)]);
  });
  expect(sum()).toBeCloseTo(lossOf(histories, p), 9);
});

it('finds weights that foresee other learners better, and the curve of those who made the reviews', () => {
  const fit = fitRecall(simulated(other, { cards: 1_500, seed: 1 }), { seed: 1, isHeldOut });
  expect(fit.isFitted).toBe(true);
  expect(fit.heldOut?.logLoss).toBeLessThan((fit.heldOut?.before ?? 0) - 0.02);
  expect(fit.heldOut?.binError).toBeLessThan((fit.heldOut?.binErrorBefore ?? 0) / 2);
  expect(fit.why).toContain('RMSE (bins)');
  for (const days of [2, 7, 30]) {
    const [theirs, found] = [other, fit.parameters].map((p) => recallAfter(days, exactFirst(true, p).stability, p));
    expect(Math.abs((found ?? 0) - (theirs ?? 0))).toBeLessThan(0.06);
  }
});

it.each([0.4, 8, 40])('finds a first stability of %d days', (days) => {
  const truth: RecallParameters = { weights: DEFAULT_RECALL.weights.map((weight, n) => (n === 2 ? days : weight)) };
  const { isFitted, parameters, learners } = fitRecall(simulated(truth, { cards: 1_500, seed: 1 }), { seed: 1, isHeldOut });
  expect({ isFitted, learners }).toEqual({ isFitted: true, learners: 40 });
  const found = exactFirst(true, parameters).stability;
  expect(Math.abs(Math.log(found / days))).toBeLessThan(Math.log(1.5));
});

it('stays near the published weights until many reviews speak against them', () => {
  const histories = simulated(other, { cards: 400, seed: 1 });
  const distance = (times: number): number => {
    const { parameters } = fitRecall(Array.from({ length: times }, () => histories).flat(), { seed: 1, isHeldOut });
    return FITTED_WEIGHTS.reduce<number>((sum, weight) => sum + (((parameters.weights[weight] ?? 0) - (DEFAULT_RECALL.weights[weight] ?? 0)) / (SPREAD[weight] ?? 1)) ** 2, 0);
  };
  // Without the penalty, the same reviews again and again would say the same.
  expect(distance(16)).toBeGreaterThan(1.5 * distance(1));
});

it('depends on the reviews and not on the weights in force', () => {
  const histories = simulated(other, { cards: 400, seed: 2 });
  expect(fitRecall(histories, { seed: 1, isHeldOut, before: capped }).parameters).toEqual(fitRecall(histories, { seed: 1, isHeldOut }).parameters);
});

it('is the same for the same seed', () => {
  const histories = simulated(other, { cards: 400, seed: 2 });
  expect(fitRecall(histories, { seed: 4, isHeldOut })).toEqual(fitRecall(histories, { seed: 4, isHeldOut }));
});

it('stays with what it had where there is too little to learn from, and says so', () => {
  const few = fitRecall(simulated(other, { cards: 20, seed: 1 }), { seed: 1, isHeldOut });
  expect(few).toMatchObject({ parameters: DEFAULT_RECALL, isFitted: false, why: expect.stringContaining(`at least ${REVIEWS_MIN} needed`) });
  const none = fitRecall(simulated(other, { cards: 400, seed: 1 }), { seed: 1, isHeldOut: () => false });
  expect(none).toMatchObject({ isFitted: false, why: expect.stringContaining('held-out learners') });
});

it('stays with what it had where nothing foresees better', () => {
  const fit = fitRecall(simulated(DEFAULT_RECALL, { cards: 300, seed: 5 }), { seed: 1, isHeldOut });
  expect(fit.heldOut).not.toBeNull();
  expect(fit.parameters === DEFAULT_RECALL || (fit.heldOut?.logLoss ?? 1) < (fit.heldOut?.before ?? 0)).toBe(true);
});

it('ends when its listener throws', () => {
  const stop = (): void => {
    throw new Error('enough');
  };
  expect(() => fitRecall(simulated(other, { cards: 400, seed: 1 }), { seed: 1, isHeldOut, onProgress: stop })).toThrow('enough');
});
