// Spread the practice evenly over what the learner can reach now.
import type { HonestPolicy } from '../policy.js';
import { baseline } from './baseline.js';
import { leastOf } from './practice.js';

const READY_AT = 0.5;
const MASTERED_AT = 0.95;

export function leastPractised(name: string): HonestPolicy {
  return baseline(name, ({ setting, practice: { known, answers, ...practice } }) => {
    const { neededSkills, prerequisites, near, learnsNearOnly } = setting;
    return { pick: () => 0 };
  });
}
