import { neededSkills, courseMap } from '../course-map.js';
import { CHAIN, standingWith } from '../testing/classes.js';
import { DAY, NOW } from '../testing/situations.js';
import { readinessOf } from './readiness.js';

const toAll = neededSkills(courseMap(CHAIN), 'all' as never);

it('rests on what the objective builds on and on what was shown lately of it', () => {
  const readiness = readinessOf(standingWith({ skills: { a: { known: 0.9 }, b: { known: 0.7 }, c: { known: 0.4 } } }), toAll);
  expect(readiness.prerequisites).toBeCloseTo(0.8, 10);
  expect(readiness.recent).toBeCloseTo(0.4, 10);
  expect(readiness.readiness).toBeCloseTo(0.6, 10);
  expect(readiness.answers).toBe(12);
});

it('is what is assumed of everybody before the first answer', () => {
  expect(readinessOf(standingWith(), toAll)).toEqual({ readiness: 0.3, prerequisites: 0.3, recent: null, answers: 0 });
});

it('does not look at evidence that is old', () => {
  const c = { known: 0.9, lastAt: NOW - 40 * DAY };
  expect(readinessOf(standingWith({ skills: { c } }), toAll).recent).toBeNull();
});

it('falls as what it builds on is forgotten, and rises again: it is no label', () => {
  const known = { known: 0.95, stability: 10, difficulty: 5 };
  const at = (days: number): number => readinessOf(standingWith({ skills: { a: { ...known, lastAt: NOW - days * DAY }, b: { ...known, lastAt: NOW - days * DAY } } }), toAll).readiness;
  expect(at(60)).toBeLessThan(at(10));
  expect(at(10)).toBeLessThan(at(0));
});

it('takes a person\'s word for a prerequisite', () => {
  const attested = [{ skill: 'a', mastered: true, by: 'teacher' }, { skill: 'b', mastered: false, by: 'teacher' }] as never;
  expect(readinessOf(standingWith({ plan: { attested } }), toAll).prerequisites).toBe(0.5);
});
