// What learners say they know beside what their answers show: to talk about, never to scold.
import type { Instant } from '@trellis/event-sourcing';
import type { Reason, SkillId } from '@trellis/learning';
import { said } from './reasons.js';
import { presentOf, type Standing } from './standing.js';

export interface SelfAssessment {
  readonly skill: SkillId;
  readonly at: Instant;
  /** 0..1, as the learner said. */
  readonly level: number;
  /** P(known and remembered now). */
  readonly mastery: number;
  readonly answers: number;
  readonly right: number;
  readonly agreement: 'agrees' | 'surer' | 'less-sure' | 'too-few-answers';
  readonly reason: Reason;
}

/** A difference up to this is agreement: neither number is more exact. */
const AGREES_WITHIN = 0.3;
/** Below so many answers there is nothing to set against it. */
const ANSWERS_ENOUGH = 3;

/** The newest first; of skills that are in the course. */
export function selfAssessments({ state, map, skills }: Pick<Standing, 'state' | 'map' | 'skills'>): readonly SelfAssessment[] {
  return state.told.selfAssessed
    .flatMap(({ skill, level, at }): SelfAssessment[] => {
      const standing = skills[map.numberOf.get(skill) ?? -1];
      if (standing === undefined) return [];
      const { answers, right } = standing.state;
      const mastery = presentOf(standing);
      const agreement = answers < ANSWERS_ENOUGH ? 'too-few-answers' : Math.abs(level - mastery) <= AGREES_WITHIN ? 'agrees' : level > mastery ? 'surer' : 'less-sure';
      const params = { skill, title: standing.skill.title, level, mastery, answers, right };
      return [{ skill, at, level, mastery, answers, right, agreement, reason: said(`self-${agreement}`, params) }];
    })
    .sort((a, b) => b.at - a.at || (a.skill < b.skill ? -1 : 1));
}
