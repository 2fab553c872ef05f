// Through the needed skills in the order of the course, an equal share of the budget each, whatever the answers are.
import type { HonestPolicy } from '../policy.js';
import { baseline } from './baseline.js';

export function courseOrder(name: string): HonestPolicy {
  return baseline(name, ({ setting: { neededSkills, warmUp, budget } }) => ({
    pick: (step) => neededSkills[Math.floor(((step - warmUp) * neededSkills.length) / budget)] ?? -1,
  }));
}
