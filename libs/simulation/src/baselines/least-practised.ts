// Spread the practice evenly over what the learner can reach now.
import type { HonestPolicy } from '../policy.js';
import { baseline } from './baseline.js';
import { leastOf } from './practice.js';

/** P(known) of every prerequisite from which a skill is within reach, and of the skill from which it is done. */
const READY_AT = 0.5;
const MASTERED_AT = 0.95;

export function leastPractised(name: string): HonestPolicy {
  return baseline(name, ({ setting: { neededSkills, prerequisites, near, learnsNearOnly }, practice }) => {
    const { known, answers } = practice;
    const isReachable = (skill: number): boolean => {
      if (learnsNearOnly) return near[practice.current]?.includes(skill) ?? true;
      return (known[skill] ?? 0) < MASTERED_AT && (prerequisites[skill] ?? []).every((before) => (known[before] ?? 0) >= READY_AT);
    };
    return {
      pick: () => {
        const reachable = neededSkills.filter(isReachable);
        return leastOf(reachable.length > 0 ? reachable : neededSkills, (skill) => answers[skill] ?? 0);
      },
    };
  });
}
