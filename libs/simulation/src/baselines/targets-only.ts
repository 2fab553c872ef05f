// Teaching to the test: what the targets rest on is left out.
import type { HonestPolicy } from '../policy.js';

/** The same policy, told that only the targets are needed. */
export function targetsOnly(policy: HonestPolicy): HonestPolicy {
  return {
    ...policy,
    begin: (setting, noise) => policy.begin({ ...setting, needed: setting.target, neededSkills: setting.targets }, noise),
  };
}
