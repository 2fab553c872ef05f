import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import type { SkillId } from '@trellis/learning';
import { courseMap } from '../course-map.js';
import { courseOf, DAY, learnerWith, NOW, type Past } from '../testing/situations.js';
import { knowledgeOf, type Knowledge } from './knowledge.js';

const map = courseMap(courseOf({ skills: { a: [], b: ['a'], c: ['b'] }, marks: { c: 0.8 } }));

function knowledge(past: Past, masteryAt: number | null = null): Knowledge {
  return knowledgeOf({ state: learnerWith(past), map, path: [0, 1, 2], calibration: DEFAULT_CALIBRATION, now: NOW, masteryAt });
}

describe('what a learner knows of a skill', () => {
  it('is told by the answers to its neighbours too, less the more answers it has of its own', () => {
    const alone = knowledge({}).mastery[1] ?? 0;
    const byNext = knowledge({ skills: { c: { answers: 4, right: 4 } } }).mastery;
    // 4 answers right: 4 ln(.8 / .3) = 3.92; the step before hears at most 3 of it, two steps before half of it.
    expect(byNext[1]).toBeCloseTo(1 / (1 + Math.exp(-(Math.log(0.3 / 0.7) + 0.25 * 3))), 12);
    expect(byNext[0]).toBeCloseTo(1 / (1 + Math.exp(-(Math.log(0.3 / 0.7) + 0.25 * 0.5 * 4 * Math.log(0.8 / 0.3)))), 12);
    expect(knowledge({ skills: { a: { answers: 2, right: 0 } } }).mastery[1]).toBeLessThan(alone);
    expect(knowledge({ skills: { b: { known: 0.3, answers: 24 }, c: { answers: 4, right: 4 } } }).mastery[1]).toBeLessThan(byNext[1] ?? 0);
  });

  it('fades with time since it was learned', () => {
    const { now, recall, mastery } = knowledge({ skills: { a: { known: 0.95, stability: 3, difficulty: 5, lastAt: NOW - 90 * DAY } } });
    expect(recall[0]).toBeLessThan(0.7);
    expect(now[0]).toBeCloseTo((mastery[0] ?? 0) * (recall[0] ?? 0), 12);
  });

  it('counts as mastered by the stricter tracker, at the mark of the strategy, else of the course, else of the calibration', () => {
    const past: Past = { skills: { a: { known: 0.97, unrecalled: 0.1 }, c: { known: 0.9, unrecalled: 0.15 } } };
    expect([...knowledge(past).declared]).toEqual([0, 0, 1]);
    expect([...knowledge(past, 0.9).declared]).toEqual([1, 0, 0]);
    expect([...knowledge({ skills: { a: { known: 0.99, unrecalled: 0.01, stability: 1, difficulty: 5, lastAt: NOW - 60 * DAY } } }).declared]).toEqual([0, 0, 0]);
  });

  it('is what a teacher attests, either way, or an assessment certified', () => {
    const attested = (mastered: boolean): Knowledge => knowledge({ skills: { a: { known: 0.97, unrecalled: 0.01 } }, plan: { attested: [{ skill: 'a' as SkillId, mastered, by: 'teacher' }] } });
    expect([attested(true).declared[0], attested(false).declared[0]]).toEqual([1, 0]);
    expect(attested(false).mastery[0]).toBeLessThanOrEqual(0.3);
    expect(knowledge({ plan: { certified: [{ skill: 'b' as SkillId, assessment: 'x', at: NOW }] } }).declared[1]).toBe(1);
  });
});
