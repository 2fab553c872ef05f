// A calibration to publish, for specs: numbers that differ from the built-in ones everywhere.
import { DEFAULT_RECALL, PLACEMENT_FEATURES } from '@trellis/mastery';
import type { CalibrationDocument, FitFlaw } from '../calibration.js';
import type { ItemId, SkillId } from '../ids.js';

export interface CalibrationPlan {
  readonly skills?: readonly string[];
  readonly items?: readonly string[];
  readonly flaws?: readonly FitFlaw[];
  readonly seed?: number;
}

/** Two with different seeds are different. */
export function calibrationDocument({ skills = [], items = [], flaws = [], seed = 0 }: CalibrationPlan = {}): CalibrationDocument {
  const shift = (n: number): number => Math.sin(seed + n + 1) / 10;
  const each = (of: (n: number) => number): number[] => PLACEMENT_FEATURES.map((_, n) => of(n));
  const figures = { model: 'placement', n: 100, auc: 0.77, logLoss: 0.52, brier: 0.17, ece: 0.008, rmse: 0.41 };
  return {
    bkt: { prior: 0.35 + shift(0), learn: 0.12, guess: 0.22, slip: 0.09 },
    ability: { base: 0.5 + shift(1), variance: 0.7, drift: 0.005, skillVariance: 0.5, skillDrift: 0.01 },
    placement: { features: [...PLACEMENT_FEATURES], mean: each(shift), sd: each((n) => 1 + shift(n)), weights: each((n) => (n === 1 ? 0.7 : shift(n))), intercept: 0.4 + shift(2) },
    recall: { weights: DEFAULT_RECALL.weights.map((weight, n) => (n === 20 ? weight : weight * (1 + shift(n) / 10))) },
    masteredAt: 0.95,
    reviewBelow: 0.9,
    wheelSpin: { wrongInARow: 4, pauseAnswers: 8, doublings: 4, stuckAfter: 3 },
    // The casts name things: what a spec plans keeps to the patterns.
    skills: skills.map((skill, n) => ({ skill: skill as SkillId, prior: 0.3 + shift(n), learn: 0.15 + shift(n + 1), guess: 0.2, slip: 0.1 })),
    combinations: skills.map((skill, n) => ({ skills: [skill as SkillId], easiness: shift(n + 3) * 4 })),
    items: items.map((item, n) => ({ item: item as ItemId, easiness: shift(n + 5) * 8 })),
    report: {
      engine: '1',
      positions: { from: null, to: null },
      times: { first: null, last: null },
      learners: 40,
      answers: 1_000,
      heldOutLearners: 10,
      twins: 0,
      seed,
      seconds: 1.5,
      heldOut: [figures],
      before: { calibration: 'default-1', figures: [{ ...figures, auc: 0.74 }] },
      flaws,
      recall: 'not fitted: 0 reviews, at least 1000 needed',
      badItems: 0,
      card: '# Model card\n',
    },
  };
}
