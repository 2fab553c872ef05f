import { ofLearners, type AnswerLog } from '../answer-log.js';
import { randomLog } from '../testing/random-log.js';
import { easinessOfItem, easinessOfSkills, fitDifficulties, foldsOf, SWEEPS } from './difficulties.js';

const log = randomLog({ seed: 1, learners: 60, answers: 100, items: 30 });
const EMPTY = ofLearners(log, []);

describe('fitting difficulties', () => {
  it('finds the order in which items are easy', () => {
    const fitted = fitDifficulties(log);
    const easiness = log.vocabulary.items.map((_, item) => easinessOfItem(fitted, item, item % 5));
    // Planted: from -1.5 to 1.5 by number.
    const slope = (easiness[29] ?? 0) - (easiness[0] ?? 0);
    expect(slope).toBeGreaterThan(2.2);
    expect(slope).toBeLessThan(3.5);
  });

  it('stands still where one answer balances its priors', () => {
    const one: AnswerLog = { ...EMPTY, learners: ['a'], starts: Int32Array.of(0, 2), item: Int32Array.of(0, 1), combination: Int32Array.of(0, 0), right: Uint8Array.of(1, 0) };
    const { mu, items, combinations } = fitDifficulties(one);
    // By symmetry: x = 1 - p with p = logistic(x), so 0.4010581... for the item that was right, as much below for the other.
    expect(mu).toBeCloseTo(0, 10);
    expect(combinations[0]).toBeCloseTo(0, 10);
    expect(items[0]).toBeCloseTo(0.4010581375, 8);
    expect(items[1]).toBeCloseTo(-0.4010581375, 8);
  });

  it('counts the answers behind each item and combination', () => {
    const { itemCount, combinationCount } = fitDifficulties(log);
    expect(itemCount.reduce((sum, count) => sum + count, 0)).toBe(log.item.length);
    expect(combinationCount[2]).toBe(log.combination.filter((number) => number === 2).length);
  });

  it('tells each sweep', () => {
    let sweeps = 0;
    fitDifficulties(log, () => sweeps++);
    expect(sweeps).toBe(SWEEPS);
  });
});

describe('difficulties of what was never seen', () => {
  it('takes an unseen item for an average one of its combination', () => {
    const fitted = fitDifficulties({ ...log, vocabulary: { ...log.vocabulary, items: [...log.vocabulary.items, 'new'] } });
    expect(easinessOfItem(fitted, 30, 1)).toBe(easinessOfSkills(fitted, 1));
    expect(easinessOfItem(fitted, 1_000, 1)).toBe(easinessOfSkills(fitted, 1));
    expect(easinessOfItem(fitted, -1, 1)).toBe(easinessOfSkills(fitted, 1));
  });

  it('takes an unseen combination for an average one', () => {
    const fitted = fitDifficulties({ ...log, vocabulary: { ...log.vocabulary, combinations: [...log.vocabulary.combinations, Int32Array.of(2)] } });
    expect(easinessOfSkills(fitted, 5)).toBe(fitted.mu);
    expect(easinessOfSkills(fitted, 77)).toBe(fitted.mu);
  });

  it('leaves rows without an item to their combination', () => {
    const fitted = fitDifficulties({ ...log, item: log.item.map(() => -1) });
    expect([...fitted.items].every((value) => value === 0)).toBe(true);
    expect(fitted.combinations.some((value) => value !== 0)).toBe(true);
  });

  it('expects 65 % right where there is no answer at all', () => {
    const fitted = fitDifficulties(EMPTY);
    expect(easinessOfItem(fitted, 3, 2)).toBeCloseTo(Math.log(0.65 / 0.35), 12);
  });

  it('stays finite where all answers are equal', () => {
    const { mu } = fitDifficulties({ ...log, right: log.right.map(() => 1) });
    expect(mu).toBe(6);
  });
});

describe('cutting folds', () => {
  it('holds every learner in exactly one fold, and never among its others', () => {
    const folds = foldsOf(log, 3);
    expect(folds.flatMap(({ held }) => held).sort((a, b) => a - b)).toEqual(log.learners.map((_, n) => n));
    for (const { held, others } of folds) {
      expect(held.length + others.length).toBe(60);
      expect(held.some((learner) => others.includes(learner))).toBe(false);
    }
  });

  it('cuts alike from one seed, otherwise from another', () => {
    expect(foldsOf(log, 3)).toEqual(foldsOf(log, 3));
    expect(foldsOf(log, 3)).not.toEqual(foldsOf(log, 4));
  });
});
