import type { Vocabulary } from '../answer-log.js';
import { rightProbability, traceUnknown } from '../bkt.js';
import type { BktFit, BktUnitFit } from './fit.js';
import { bktModel } from './model.js';

const vocabulary: Vocabulary = { items: [], skills: ['a', 'b'], combinations: [Int32Array.of(0), Int32Array.of(1), Int32Array.of(0, 1)] };
const A = { prior: 0.2, learn: 0.1, guess: 0.2, slip: 0.1, forget: 0 };
const B = { prior: 0.6, learn: 0.3, guess: 0.3, slip: 0.2, forget: 0 };
const unit = (skill: string, parameters: BktUnitFit['parameters']): BktUnitFit => ({ skill, parameters, basis: 'own', own: true, logLikelihood: 0, iterations: 1, converged: true, answers: 100, learners: 100 });
const fit: BktFit = { unit: 'skill', change: 'learning', pooled: unit('all skills', A), units: [unit('a', A), unit('b', B)], degenerate: [] };

const ask = (combination: number) => ({ item: -1, combination, at: NaN });

describe('predicting an answer with several skills', () => {
  // By hand: a 0.2*0.9 + 0.8*0.2 = 0.34; b 0.6*0.8 + 0.4*0.3 = 0.6.
  it.each([
    ['mean', 0.47],
    ['product', 0.204],
    ['weakest', 0.34],
  ] as const)('by their %s', (rule, by) => {
    expect(bktModel({ vocabulary }, fit, rule).begin().predict(ask(2))).toBeCloseTo(by, 12);
  });

  it('traces each skill alone', () => {
    const learner = bktModel({ vocabulary }, fit, 'mean').begin();
    learner.observe(ask(2), true);
    learner.observe(ask(0), false);
    const a = traceUnknown(traceUnknown(1 - A.prior, 1, A), 0, A);
    expect(learner.predict(ask(0))).toBeCloseTo(rightProbability(1 - a, A), 12);
    expect(learner.predict(ask(1))).toBeCloseTo(rightProbability(1 - traceUnknown(1 - B.prior, 1, B), B), 12);
  });

  it('begins anew for each learner', () => {
    const model = bktModel({ vocabulary }, fit, 'mean');
    model.begin().observe(ask(0), true);
    expect(model.begin().predict(ask(0))).toBeCloseTo(0.34, 12);
  });

  it('takes the parameters of all skills for a combination that nobody numbered', () => {
    const learner = bktModel({ vocabulary }, fit, 'mean').begin();
    learner.observe(ask(9), true);
    expect(learner.predict(ask(9))).toBeCloseTo(0.34, 12);
  });
});
