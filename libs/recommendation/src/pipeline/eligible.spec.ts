import { NO_PLAN, settingsOf, type ItemId, type SkillId } from '@trellis/learning';
import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { courseMap } from '../course-map.js';
import { courseOf, learnerWith, NOW, type CoursePlan, type Past } from '../testing/situations.js';
import { eligibility, exclusionsOf, whyKept } from './eligible.js';
import { knowledgeOf } from './knowledge.js';

const WALLS = settingsOf({ preset: 'individualized' }).gates;
const WEIGHTS = settingsOf({ preset: 'personalized' }).gates;

function reached(plan: CoursePlan, { past = {}, gates = WALLS, items = [], skills = [] }: { readonly past?: Past; readonly gates?: typeof WALLS; readonly items?: readonly string[]; readonly skills?: readonly string[] } = {}): object {
  const map = courseMap(courseOf(plan));
  const knowledge = knowledgeOf({ state: learnerWith(past), map, path: map.learningOrder, calibration: DEFAULT_CALIBRATION, now: NOW, masteryAt: null });
  const excluded = exclusionsOf({ ...NO_PLAN, excludedItems: items as ItemId[], excludedSkills: skills as SkillId[] });
  const gatekeeping = { map, knowledge, gates, excluded };
  const { eligible, kept } = eligibility(gatekeeping, map.learningOrder);
  return { eligible: eligible.map((number) => map.skills[number]?.skill.id), kept: kept.map((number) => [map.skills[number]?.skill.id, whyKept(gatekeeping, number).key]) };
}

const CHAIN: CoursePlan = { skills: { a: [], b: ['a'], c: ['~b'] } };

describe('what can come next', () => {
  it('is behind a wall until what must come before is at its mark', () => {
    expect(reached(CHAIN)).toEqual({ eligible: ['a', 'c'], kept: [['b', 'behind-a-wall']] });
    expect(reached(CHAIN, { past: { skills: { a: { known: 0.949 } } } })).toMatchObject({ kept: [['b', 'behind-a-wall']] });
    expect(reached(CHAIN, { past: { skills: { a: { known: 0.951 } } } })).toEqual({ eligible: ['a', 'b', 'c'], kept: [] });
    expect(reached(CHAIN, { past: { plan: { attested: [{ skill: 'a' as SkillId, mastered: true, by: 'teacher' }] } } })).toMatchObject({ kept: [] });
  });

  it('is everything where the strategy weighs instead of walling', () => {
    expect(reached(CHAIN, { gates: WEIGHTS })).toEqual({ eligible: ['a', 'b', 'c'], kept: [] });
  });

  it('is not held up by what nobody can practise', () => {
    expect(reached({ ...CHAIN, items: { b1: ['b'], c1: ['c'] } })).toEqual({ eligible: ['b', 'c'], kept: [['a', 'no-items']] });
    expect(reached(CHAIN, { skills: ['a'] })).toEqual({ eligible: ['b', 'c'], kept: [['a', 'excluded-by-teacher']] });
  });

  it('has something left to practise after a teacher took items out', () => {
    expect(reached(CHAIN, { items: ['a1'] })).toMatchObject({ eligible: ['a', 'c'] });
    expect(reached(CHAIN, { items: ['c1', 'c2'] })).toEqual({ eligible: ['a'], kept: [['b', 'behind-a-wall'], ['c', 'excluded-by-teacher']] });
  });
});
