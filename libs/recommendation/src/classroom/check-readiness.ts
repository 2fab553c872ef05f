// Whether the engine thinks that a unit check of what is worked towards would be passed. The learner may ask for one at any time.
import type { Reason, SkillId } from '@trellis/learning';
import { said } from './reasons.js';
import type { Standing } from './standing.js';

export interface CheckReadiness {
  readonly ready: boolean;
  /** Targets that no check has certified yet. */
  readonly uncertified: readonly SkillId[];
  readonly reason: Reason;
}

export function checkReadiness({ state, map, skills, aim }: Pick<Standing, 'state' | 'map' | 'skills' | 'aim'>): CheckReadiness {
  const certified = new Set(state.plan.certified.map(({ skill }) => skill));
  const uncertified = map.learningOrder.flatMap((number) => {
    const skill = map.skills[number]?.skill.id;
    return skill === undefined || !aim.targets.has(number) || certified.has(skill) ? [] : [skill];
  });
  const open = [...aim.needed].filter((number) => skills[number]?.mastered === false).length;
  const params = { title: aim.title, skills: uncertified.length, open };
  if (uncertified.length === 0) return { ready: false, uncertified, reason: said('check-passed', params) };
  return open === 0 ? { ready: true, uncertified, reason: said('check-ready', params) } : { ready: false, uncertified, reason: said('check-not-ready', params) };
}
