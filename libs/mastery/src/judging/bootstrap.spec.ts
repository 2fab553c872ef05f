import { logistic } from '../ability.js';
import { seeded } from '../seeded.js';
import { interval, pairedBootstrap } from './bootstrap.js';
import { metrics } from './metrics.js';
import { ranked, weightedAuc } from './ranks.js';

const LEARNERS = 120;
const ANSWERS = 15;

/** Learners differ in ability; one model knows it and the item, the other the item alone. */
function simulated(seed: number) {
  const random = seeded(seed);
  const right = new Uint8Array(LEARNERS * ANSWERS);
  const good = new Float64Array(right.length);
  const poor = new Float64Array(right.length);
  for (let learner = 0; learner < LEARNERS; learner++) {
    const ability = random() * 4 - 2;
    for (let row = learner * ANSWERS; row < (learner + 1) * ANSWERS; row++) {
      const easiness = random() * 2 - 1;
      good[row] = logistic(ability + easiness);
      poor[row] = logistic(easiness);
      right[row] = random() < (good[row] ?? 0) ? 1 : 0;
    }
  }
  return { log: { right, starts: Int32Array.from({ length: LEARNERS + 1 }, (_, n) => n * ANSWERS) }, good, poor };
}

describe('the paired bootstrap', () => {
  const { log, good, poor } = simulated(1);
  const models = [
    { name: 'good', predicted: good },
    { name: 'poor', predicted: poor },
  ];

  it('gives the AUC of each model with an interval around it', () => {
    const { auc } = pairedBootstrap(log, models, { seed: 5, resamples: 300 });
    expect(auc[0]?.value).toBeCloseTo(metrics(log.right, good).auc, 12);
    for (const { value, low, high, sd } of auc) {
      expect(low).toBeLessThan(value);
      expect(high).toBeGreaterThan(value);
      expect((high - low) / (4 * sd)).toBeCloseTo(1, 0);
    }
  });

  it('says which of two models is better where they differ, and nothing of a model and itself', () => {
    const { differences } = pairedBootstrap(log, models, { seed: 5, resamples: 300 });
    expect(differences[0]?.[1]?.low).toBeGreaterThan(0);
    expect(differences[1]?.[0]?.high).toBeLessThan(0);
    expect(differences[0]?.[0]).toEqual({ value: 0, low: 0, high: 0, sd: 0 });
  });

  it('is repeated by its seed', () => {
    const options = { seed: 5, resamples: 50 };
    expect(pairedBootstrap(log, models, options)).toEqual(pairedBootstrap(log, models, options));
    expect(pairedBootstrap(log, models, { ...options, seed: 6 })).not.toEqual(pairedBootstrap(log, models, options));
  });

  it('draws learners: many answers of few learners leave the figure as loose as few', () => {
    const often = (values: Uint8Array | Float64Array, times: number) => Array.from({ length: LEARNERS }, (_, n) => Array.from({ length: times }, () => [...values.subarray(n * ANSWERS, (n + 1) * ANSWERS)]).flat()).flat();
    const copied = { right: Uint8Array.from(often(log.right, 4)), starts: log.starts.map((start) => start * 4) };
    const sd = (of: typeof log, predicted: Float64Array) => pairedBootstrap(of, [{ name: '', predicted }], { seed: 2, resamples: 200 }).auc[0]?.sd ?? NaN;
    expect(sd(copied, Float64Array.from(often(good, 4)))).toBeCloseTo(sd(log, good), 12);
  });

  it('counts no draw that has no AUC', () => {
    const two = { right: Uint8Array.of(1, 0), starts: Int32Array.of(0, 1, 2) };
    const { auc, resamples } = pairedBootstrap(two, [{ name: '', predicted: Float64Array.of(0.9, 0.1) }], { seed: 0, resamples: 40 });
    expect(resamples).toBeGreaterThan(0);
    expect(resamples).toBeLessThan(40);
    expect(auc[0]).toMatchObject({ value: 1, low: 1, high: 1 });
  });

  it('ends when its progress throws', () => {
    const stop = () => {
      throw new Error('stopped');
    };
    expect(() => pairedBootstrap(log, models, { seed: 0, resamples: 100, progress: stop })).toThrow('stopped');
  });

  it('refuses a number of draws that makes no sense', () => {
    for (const resamples of [0, 1.5, 1e9]) expect(() => pairedBootstrap(log, models, { seed: 0, resamples })).toThrow(`resamples: ${resamples}`);
  });
});

it('a learner drawn twice counts as if their rows stood there twice', () => {
  const right = Uint8Array.of(1, 0, 0, 1);
  const predicted = Float64Array.of(0.7, 0.4, 0.4, 0.3);
  const order = ranked(right, predicted);
  const learners = Int32Array.from(order.order, (row) => (row < 2 ? 0 : 1));
  expect(weightedAuc(order, learners, Float64Array.of(2, 1))).toBeCloseTo(metrics(Uint8Array.of(1, 0, 1, 0, 0, 1), Float64Array.of(0.7, 0.4, 0.7, 0.4, 0.4, 0.3)).auc, 12);
});

it('an interval goes from the fortieth part of the draws to the last but the fortieth', () => {
  const draws = Float64Array.from({ length: 41 }, (_, n) => 40 - n);
  expect(interval(20, draws)).toMatchObject({ value: 20, low: 1, high: 39 });
});
