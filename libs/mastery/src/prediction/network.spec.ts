import { logistic } from '../ability.js';
import { predictions } from '../model.js';
import { seeded } from '../seeded.js';
import { randomLog } from '../testing/random-log.js';
import { backward, type Gradients } from './network-gradients.js';
import { BATCH_ROWS, fitNetwork } from './network-fit.js';
import { networkModel } from './network-model.js';
import { COMBINATION_VECTOR, emptyNetwork, ITEM_VECTOR, meanCombination, networkLogit, newActivations, OWN_VECTOR_ANSWERS, type NetworkWeights } from './network.js';
import { PREDICTION_WIDTH } from './features.js';
import { fitPrediction } from './prediction-fit.js';
import type { TrainingRows } from './training-rows.js';

const GROUPS = ['itemVectors', 'combinationVectors', 'first', 'firstBias', 'second', 'secondBias', 'last', 'lastBias', 'direct'] as const;

/** Random features, the first of so many, between -`scale` and `scale`; a right answer by `law`. */
function rowsOf(count: number, law: (features: Float32Array, at: number, random: () => number) => boolean, { seed = 1, width = PREDICTION_WIDTH, scale = 1 } = {}): TrainingRows {
  const random = seeded(seed);
  const features = Float32Array.from({ length: count * PREDICTION_WIDTH }, (_, n) => (n % PREDICTION_WIDTH < width ? scale * (2 * random() - 1) : 0));
  return {
    features,
    item: Int32Array.from({ length: count }, (_, n) => n % 3),
    combination: Int32Array.from({ length: count }, (_, n) => n % 2),
    right: Uint8Array.from({ length: count }, (_, row) => (law(features, row * PREDICTION_WIDTH, random) ? 1 : 0)),
  };
}

const VOCABULARY = { items: ['a', 'b', 'c'], combinations: [Int32Array.of(0), Int32Array.of(1), Int32Array.of(2)] };

function randomWeights(rows: TrainingRows): NetworkWeights {
  const random = seeded(5);
  const weights = emptyNetwork(VOCABULARY, rows.item, rows.combination);
  for (const group of GROUPS) for (let n = 0; n < weights[group].length; n++) weights[group][n] = (random() - 0.5) / 3;
  return weights;
}

const gradientsOf = (weights: NetworkWeights): Gradients => Object.fromEntries(GROUPS.map((group) => [group, new Float64Array(weights[group].length)])) as Gradients; // of every group

describe('the gradients', () => {
  const rows = rowsOf(300, (_features, _at, random) => random() < 0.6);
  const order = Int32Array.of(7, 3, 250, 11, 298);
  const lossAt = (weights: NetworkWeights, dropout: number): number => backward(weights, rows, { dropout, random: seeded(9) })(order, 0, order.length, gradientsOf(weights)) / order.length;

  it.each([0, 0.3])('are those of finite differences in every group, with %d of the units left out', (dropout) => {
    const weights = randomWeights(rows);
    const gradients = gradientsOf(weights);
    backward(weights, rows, { dropout, random: seeded(9) })(order, 0, order.length, gradients);
    const random = seeded(3);
    for (const group of GROUPS) {
      const values = weights[group];
      for (let tried = 0; tried < 12; tried++) {
        const n = Math.floor(random() * values.length);
        const value = values[n] ?? 0;
        const step = 1e-5;
        values[n] = value + step;
        const above = lossAt(weights, dropout);
        values[n] = value - step;
        const below = lossAt(weights, dropout);
        values[n] = value;
        expect([group, n, gradients[group][n]]).toEqual([group, n, expect.closeTo((above - below) / (2 * step), 6)]);
      }
    }
  });
});

it('counts the units that are not left out for more, so that on the whole they add up to as much', () => {
  const rows = rowsOf(1, () => true);
  const weights = emptyNetwork(VOCABULARY, rows.item, rows.combination);
  weights.secondBias.fill(1);
  const gradients = gradientsOf(weights);
  backward(weights, rows, { dropout: 0.5, random: seeded(9) })(Int32Array.of(0), 0, 1, gradients);
  const ofUnits = Array.from(gradients.last, (one) => one / (gradients.lastBias[0] ?? NaN));
  expect(new Set(ofUnits)).toEqual(new Set([0, 2]));
});

describe('a fit', () => {
  // Right where two features have the same sign: no weighted sum of features can say so.
  const interaction = rowsOf(2_100, (features, at, random) => random() < ((features[at] ?? 0) * (features[at + 1] ?? 0) > 0 ? 0.95 : 0.05), { width: 2, scale: 3 });
  const held = rowsOf(500, (features, at) => (features[at] ?? 0) * (features[at + 1] ?? 0) > 0, { seed: 2, width: 2, scale: 3 });
  const few = { rowsMin: 0 };

  const share = (weights: NetworkWeights): number => {
    const [unseen, room] = [meanCombination(weights), newActivations()];
    const hits = Array.from(held.right, (right, row) => {
      const logit = networkLogit(weights, held.features, { at: row * PREDICTION_WIDTH, item: held.item[row] ?? 0, combination: held.combination[row] ?? 0 }, unseen, room);
      return logit > 0 === (right === 1);
    });
    return hits.filter(Boolean).length / hits.length;
  };

  it('learns what no linear model can', () => {
    const weights = fitNetwork(interaction, VOCABULARY, { ...few, seed: 1, epochs: 40 });
    expect(weights === null ? 0 : share(weights)).toBeGreaterThan(0.8);
  });

  it('is the same for the same seed, bit for bit, and another for another', () => {
    const fits = [1, 1, 2].map((seed) => fitNetwork(interaction, VOCABULARY, { ...few, seed, epochs: 2 }));
    expect(fits[1]).toEqual(fits[0]);
    expect(fits[2]).not.toEqual(fits[0]);
  });

  it('takes twelve epochs and leaves out a fifth of the units, unless told otherwise', () => {
    const batch = rowsOf(BATCH_ROWS, (_features, _at, random) => random() < 0.6);
    const plain = fitNetwork(batch, VOCABULARY, { ...few, seed: 1 });
    expect(fitNetwork(batch, VOCABULARY, { ...few, seed: 1, epochs: 12, dropout: 0.2 })).toEqual(plain);
    expect(fitNetwork(batch, VOCABULARY, { ...few, seed: 1, dropout: 0 })).not.toEqual(plain);
  });

  it('ends when its listener throws', () => {
    let told = 0;
    const stop = (share: number): void => {
      told = share;
      if (share > 0.1) throw new Error('enough');
    };
    expect(() => fitNetwork(interaction, VOCABULARY, { ...few, seed: 1, onProgress: stop })).toThrow('enough');
    expect(told).toBeLessThan(0.2);
  });

  it('tells how far it is, to the end', () => {
    const shares: number[] = [];
    fitNetwork(interaction, VOCABULARY, { ...few, seed: 1, epochs: 2, onProgress: (share) => void shares.push(share) });
    expect(shares.length).toBeGreaterThan(10);
    expect(shares.every((share, n) => share > (n === 0 ? 0 : (shares[n - 1] ?? 1)) || share === 1)).toBe(true);
    expect(shares.at(-1)).toBe(1);
  });

  it.each([
    { name: 'two of three', rate: 2 / 3, places: 3 },
    { name: 'nearly all', rate: 0.99, places: 3 },
    { name: 'none', rate: 0, places: 0 },
  ])('expects on the whole what came, where $name were right', ({ rate, places }) => {
    const rows = rowsOf(1_100, (_features, _at, random) => random() < rate, { width: 4 });
    const weights = fitNetwork(rows, VOCABULARY, { ...few, seed: 1, epochs: 3 });
    if (weights === null) throw new Error('nothing was fitted');
    const [unseen, room] = [meanCombination(weights), newActivations()];
    let [expected, right] = [0, 0];
    for (let row = 0; row < rows.right.length; row++) {
      const question = { at: row * PREDICTION_WIDTH, item: rows.item[row] ?? 0, combination: rows.combination[row] ?? 0 };
      expected += logistic(networkLogit(weights, rows.features, question, unseen, room));
      right += rows.right[row] ?? 0;
    }
    expect(expected).toBeCloseTo(right, places);
  });

  it('comes to nothing with too few rows', () => {
    expect(fitNetwork(interaction, VOCABULARY, { seed: 1 })).toBeNull();
    expect(fitNetwork(rowsOf(BATCH_ROWS - 1, () => true), VOCABULARY, { seed: 1, rowsMin: 0 })).toBeNull();
  });
});

describe('vectors', () => {
  it('are an item\'s own only where it has answers enough', () => {
    const item = Int32Array.from([...new Array<number>(OWN_VECTOR_ANSWERS).fill(0), ...new Array<number>(OWN_VECTOR_ANSWERS - 1).fill(1)]);
    const weights = emptyNetwork(VOCABULARY, item, new Int32Array(item.length));
    expect(Array.from(weights.itemSlot)).toEqual([1, 0, 0]);
    expect(weights.itemVectors).toHaveLength(2 * ITEM_VECTOR);
  });

  it('of a combination that nobody had are the mean of the others', () => {
    const weights = randomWeights(rowsOf(10, () => true));
    const mean = meanCombination(weights);
    for (let n = 0; n < COMBINATION_VECTOR; n++) expect(mean[n]).toBeCloseTo(((weights.combinationVectors[n] ?? 0) + (weights.combinationVectors[COMBINATION_VECTOR + n] ?? 0)) / 2, 12);
  });
});

describe('the model', () => {
  const train = randomLog({ seed: 1, learners: 60, answers: 40, items: 30 });
  const fit = fitPrediction(train, { seed: 1, rows: 'all' });
  const weights = fit.training === null ? null : fitNetwork(fit.training.rows, train.vocabulary, { seed: 1, epochs: 2, rowsMin: 0 });

  it('foresees alike when its weights were stored, also items and combinations that nobody had answered', () => {
    if (weights === null || fit.training === null) throw new Error('nothing was fitted');
    const { standards } = fit.training;
    const more = { ...train.vocabulary, items: [...train.vocabulary.items, 'new'], combinations: [...train.vocabulary.combinations, Int32Array.of(1, 2)] };
    const plain = randomLog({ seed: 3, learners: 5, answers: 40, items: 30 });
    const test = { ...plain, vocabulary: more, item: plain.item.map((item, row) => (row % 7 === 0 ? 30 : item)), combination: plain.combination.map((one, row) => (row % 9 === 0 ? 5 : one)) };
    const given = predictions(networkModel(fit.tables, standards, weights), test);
    expect(predictions(networkModel(fit.tables, structuredClone(standards), structuredClone(weights)), test)).toEqual(given);
    expect(given.every((p) => p > 0 && p < 1)).toBe(true);
    expect(new Set(given).size).toBeGreaterThan(100);
  });

  it('refuses weights and standards of another width', () => {
    if (weights === null || fit.training === null) throw new Error('nothing was fitted');
    const { standards } = fit.training;
    expect(() => networkModel(fit.tables, standards, { ...weights, first: new Float64Array(64) })).toThrow('the first layer has 64 weights, needs 7680');
    expect(() => networkModel(fit.tables, { mean: new Float64Array(14), sd: new Float64Array(14) }, weights)).toThrow('standards have 14 features, a question has 96');
  });
});
