import type { ItemId, SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION, PLACEMENT_FEATURES, type Calibration } from '@trellis/mastery';
import { newSkill, type SkillState } from '@trellis/views';
import { ESTIMATES_1, ESTIMATES_2 } from './estimates.js';
import { DAY, learnerWith, NOW } from './testing/situations.js';

const skill = (change: Partial<SkillState>): SkillState => ({ ...newSkill(DEFAULT_CALIBRATION), answers: 4, lastAt: NOW - DAY, ...change });
const item = { id: 'i1' as ItemId, skills: ['a' as SkillId], kind: 'practice' as const };
const even = new Float64Array(PLACEMENT_FEATURES.length);

describe('mastery', () => {
  it('is what the stricter tracker says, from policy 2 on', () => {
    const forgotten = skill({ known: 0.99, unrecalled: 0.4 });
    expect([ESTIMATES_1.isMastered(forgotten, 0.95), ESTIMATES_2.isMastered(forgotten, 0.95)]).toEqual([true, false]);
  });

  it('is due for review after a week, or once recall has faded', () => {
    const fading = skill({ stability: 3, difficulty: 5, lastAt: NOW - 5 * DAY });
    expect([ESTIMATES_1.isReviewDue(fading, NOW, DEFAULT_CALIBRATION), ESTIMATES_2.isReviewDue(fading, NOW, DEFAULT_CALIBRATION)]).toEqual([false, true]);
    // A stability of n days is recall .9 after n days.
    expect(ESTIMATES_2.reviewAt(fading, DEFAULT_CALIBRATION)).toBe(NOW - 2 * DAY);
  });
});

describe('a prediction', () => {
  const fitted: Calibration = {
    ...DEFAULT_CALIBRATION,
    id: 'c1',
    itemEasiness: new Map([['i1', 2]]),
    placement: { features: PLACEMENT_FEATURES, mean: even, sd: even.map(() => 1), weights: even.map((_, n) => (n === 0 ? 1 : 0)), intercept: 0 },
  };

  it('is the running ability where no model is fitted', () => {
    const learner = learnerWith({ skills: { a: { mean: 0.5 } } });
    expect(ESTIMATES_2.prediction(learner, item, DEFAULT_CALIBRATION)).toBe(ESTIMATES_1.prediction(learner, item, DEFAULT_CALIBRATION));
  });

  it('is the calibration\'s model of placement, where one is', () => {
    const logit = DEFAULT_CALIBRATION.ability.base + 2;
    expect(ESTIMATES_2.prediction(learnerWith(), item, fitted)).toBeCloseTo(1 / (1 + Math.exp(-logit)), 12);
  });

  it('takes the author\'s word for how hard an item is until somebody has answered it', () => {
    const hard = { ...item, difficulty: 1.5 };
    const [author, answers] = [ESTIMATES_2.prediction(learnerWith(), hard, DEFAULT_CALIBRATION), ESTIMATES_2.prediction(learnerWith(), hard, fitted)];
    expect(author).toBeLessThan(ESTIMATES_2.prediction(learnerWith(), item, DEFAULT_CALIBRATION));
    expect(answers).toBe(ESTIMATES_2.prediction(learnerWith(), item, fitted));
  });
});
