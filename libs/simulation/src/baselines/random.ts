// Policies that only draw: the floor that anything has to clear.
import type { HonestPolicy } from '../policy.js';
import { baseline, oneOf } from './baseline.js';

/** Any skill that the targets need. */
export function randomNeeded(name: string): HonestPolicy {
  return baseline(name, ({ setting, noise }) => ({ pick: (step) => oneOf(setting.neededSkills, noise(step)) }));
}

/** Any skill there is, needed or not. */
export function randomOfAll(name: string): HonestPolicy {
  return baseline(name, ({ setting, noise }) => ({ pick: (step) => Math.floor(setting.skills * noise(step)) }));
}

/** From skill to skill along the graph: any of those near the last one. */
export function randomWalk(name: string): HonestPolicy {
  return baseline(name, ({ setting, practice, noise }) => ({
    pick: (step) => oneOf(setting.near[practice.current] ?? setting.neededSkills, noise(step)),
  }));
}
