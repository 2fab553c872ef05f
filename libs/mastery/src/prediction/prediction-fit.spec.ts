import { ofLearners, type AnswerLog } from '../answer-log.js';
import { logistic } from '../ability.js';
import { metrics } from '../judging/metrics.js';
import { predictions } from '../model.js';
import { randomLog } from '../testing/random-log.js';
import { foldsOf } from './difficulties.js';
import { PREDICTION_FEATURES, PREDICTION_WIDTH } from './features.js';
import { placementModel, simpleModel } from './models.js';
import { fitPrediction, type PredictionFit } from './prediction-fit.js';
import { openedTables, simpleTables } from './stored-tables.js';

const log = randomLog({ seed: 21, learners: 80, answers: 60, items: 40 });
const train = ofLearners(log, log.learners.map((_, n) => n).slice(0, 60));
const test = ofLearners(log, log.learners.map((_, n) => n).slice(60));
const fit = fitPrediction(train, { seed: 1, rows: 'all' });
const models = ({ tables, simple, placement }: PredictionFit) => [simpleModel(tables, simple), placementModel(tables, placement)] as const;

describe('fitting predictions', () => {
  it('predicts learners it has not seen better than chance', () => {
    for (const model of models(fit)) expect(metrics(test.right, predictions(model, test)).auc).toBeGreaterThan(0.65);
  });

  it('fits alike from one seed', () => {
    const again = fitPrediction(train, { seed: 1 });
    expect(again.simple).toEqual(fit.simple);
    expect(again.placement).toEqual(fit.placement);
  });

  it('gives every row of the log, in its order', () => {
    const rows = fit.training?.rows;
    expect(rows?.features.length).toBe(train.item.length * PREDICTION_WIDTH);
    expect(rows?.item).toEqual(train.item);
    expect(rows?.combination).toEqual(train.combination);
    expect(rows?.right).toEqual(train.right);
    expect(rows?.features.every((value) => Math.abs(value) <= 5)).toBe(true);
  });

  it('hands out no rows that nobody asked for', () => {
    expect(fitPrediction(train, { seed: 1 }).training).toBeNull();
  });

  it('refuses more rows than it can hold', () => {
    const many = { ...train, item: new Int32Array(2_000_001) };
    expect(() => fitPrediction(many, { seed: 1 })).toThrow('at most 2000000 rows, got 2000001');
  });
});

describe('rows out of fold', () => {
  it('know nothing of what their own fold answered', () => {
    const [fold] = foldsOf(train, 1);
    // Turns all answers of one fold: tables for its rows stay, those for the others move.
    const right = train.right.slice();
    for (const learner of fold?.held ?? []) for (let row = learner * 60; row < learner * 60 + 60; row++) right[row] = 1 - (right[row] ?? 0);
    const turned = fitPrediction({ ...train, right }, { seed: 1, rows: 'all' });
    const easiness = ({ training }: PredictionFit, row: number) => rawOf(training, row, 'bi');
    const [held = 0] = fold?.held ?? [];
    const [other = 0] = fold?.others ?? [];
    expect(easiness(turned, held * 60)).toBeCloseTo(easiness(fit, held * 60), 5);
    expect(Math.abs(easiness(turned, other * 60) - easiness(fit, other * 60))).toBeGreaterThan(1e-3);
  });

  it('take an item that only their own learner met for an unseen one', () => {
    const item = train.item.slice();
    item[5] = 40;
    const vocabulary = { ...train.vocabulary, items: [...train.vocabulary.items, 'own'] };
    const { training } = fitPrediction({ ...train, vocabulary, item }, { seed: 1, rows: 'all' });
    expect(rawOf(training, 5, 'bi')).toBeCloseTo(rawOf(training, 5, 'bs'), 5);
  });
});

describe('the work of a fit', () => {
  it('is told as it goes, from little to all', () => {
    const shares: number[] = [];
    fitPrediction(train, { seed: 1, onProgress: (share) => void shares.push(share) });
    expect(shares.length).toBeGreaterThan(200);
    expect(shares.every((share, n) => share >= (shares[n - 1] ?? 0) && share <= 1)).toBe(true);
    expect(shares[0]).toBeLessThan(0.02);
    expect(shares.at(-1)).toBe(1);
  });

  it('ends when told to', () => {
    const cancelled = new Error('cancelled');
    const stop = (share: number) => {
      if (share > 0.5) throw cancelled;
    };
    expect(() => fitPrediction(train, { seed: 1, onProgress: stop })).toThrow(cancelled);
  });
});

describe('what is stored of a fit', () => {
  it('predicts as what was kept in memory', () => {
    const read = { ...fit, tables: openedTables(structuredClone(fit.stored)) };
    models(read).forEach((model, n) => expect(predictions(model, test)).toEqual(predictions(models(fit)[n] ?? model, test)));
  });

  it('can leave out what the simple model has no use for', () => {
    const less = simpleTables(fit.stored);
    expect(less.transitions.keys.length).toBeLessThan(fit.stored.transitions.keys.length);
    expect(predictions(simpleModel(openedTables(less), fit.simple), test)).toEqual(predictions(models(fit)[0], test));
  });
});

describe('a cold start', () => {
  const easy = fit.tables.difficulties.mu;

  it('expects of a new learner what the item lets one expect', () => {
    for (const model of models(fit)) {
      const hard = model.begin().predict({ item: 0, combination: 0, at: NaN });
      const light = model.begin().predict({ item: 39, combination: 4, at: NaN });
      expect(light - hard).toBeGreaterThan(0.3);
    }
  });

  it('takes a new item for an average one of its skills', () => {
    for (const model of models(fit)) {
      const unseen = model.begin().predict({ item: 4_000, combination: 0, at: NaN });
      expect(unseen).toBe(model.begin().predict({ item: -1, combination: 0, at: NaN }));
      expect(unseen).toBeGreaterThan(model.begin().predict({ item: 0, combination: 0, at: NaN }));
    }
  });

  it('goes on with a new combination of skills, and without any', () => {
    for (const model of models(fit)) {
      const one = model.begin();
      const other = { item: 4_000, combination: 77, at: NaN };
      const before = one.predict(other);
      expect(Math.abs(before - logistic(easy))).toBeLessThan(0.2);
      for (let n = 0; n < 10; n++) one.observe(other, true);
      expect(one.predict(other)).toBeGreaterThan(before);
    }
  });

  it.each([
    { name: 'no answers', log: ofLearners(log, []) },
    { name: 'one learner', log: ofLearners(log, [0]) },
    { name: 'too few answers', log: ofLearners(log, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) },
    { name: 'only right answers', log: { ...train, right: train.right.map(() => 1) } },
  ])('leaves all to the running ability where there are $name to learn from', ({ log: little }: { log: AnswerLog }) => {
    const { tables, simple, placement } = fitPrediction(little, { seed: 1 });
    const [one, other] = [simpleModel(tables, simple).begin(), placementModel(tables, placement).begin()];
    for (const row of [0, 1, 2, 3, 4]) {
      const question = { item: test.item[row] ?? -1, combination: test.combination[row] ?? 0, at: NaN };
      expect(one.predict(question)).toBe(other.predict(question));
      if (little.item.length === 0 && row === 0) expect(one.predict(question)).toBeCloseTo(0.65, 12);
      for (const model of [one, other]) model.observe(question, test.right[row] === 1);
    }
  });
});

/** A feature of a training row on its own scale. */
function rawOf(training: PredictionFit['training'], row: number, name: string): number {
  const column = PREDICTION_FEATURES.indexOf(name);
  const z = training?.rows.features[row * PREDICTION_WIDTH + column] ?? NaN;
  return z * (training?.standards.sd[column] ?? NaN) + (training?.standards.mean[column] ?? NaN);
}
