import type { ObjectiveId, Pacing } from '@trellis/learning';
import { ESTIMATES_1 } from './estimates.js';
import { policyBy } from './policy-1.js';
import { courseOf, DAY, NOW, situationOf, type CoursePlan, type Past } from './testing/situations.js';

interface Asked {
  readonly course?: CoursePlan;
  readonly past?: Past;
  readonly budgetMinutes?: number;
  readonly objective?: string;
}

function paceOf({ course = { skills: { a: [], b: ['a'] } }, past = {}, budgetMinutes, objective }: Asked): Pacing {
  const change = { ...(budgetMinutes === undefined ? {} : { budgetMinutes }), ...(objective === undefined ? {} : { objective: objective as ObjectiveId }) };
  return policyBy(ESTIMATES_1)(situationOf({ course: courseOf(course), past, change })).pacing;
}

describe('the pace', () => {
  it('is learning at the start', () => {
    expect(paceOf({})).toEqual({ action: 'learn', items: 10, minutes: 10, reason: { key: 'session-learn', params: { skill: 'a', title: 'A' } } });
  });

  it('is practice while a skill is open', () => {
    expect(paceOf({ past: { skills: { a: { known: 0.5 } } } })).toMatchObject({ action: 'practise', reason: { key: 'session-practise', params: { open: 1 } } });
  });

  it('is review when that is what is due', () => {
    const past: Past = { skills: { a: { known: 0.97, lastAt: NOW - 8 * DAY }, b: { known: 0.97, lastAt: NOW - 8 * DAY } } };
    expect(paceOf({ past })).toMatchObject({ action: 'review', reason: { key: 'session-review', params: { due: 2 } } });
  });

  it('asks for help when a skill was put aside three times', () => {
    expect(paceOf({ past: { answers: 90, skills: { a: { known: 0.2, pauses: 3, pausedUntil: 80 } } } })).toEqual({
      action: 'help',
      items: 10,
      minutes: 10,
      reason: { key: 'stuck', params: { skill: 'a', title: 'A', pauses: 3 } },
    });
    expect(paceOf({ past: { answers: 90, skills: { a: { known: 0.2, pauses: 2, pausedUntil: 80 } } } }).action).toBe('practise');
  });
});

describe('nothing to do', () => {
  it('is a reason to advance when all is mastered, and says when a review is due', () => {
    const past: Past = { skills: { a: { known: 0.97, lastAt: NOW - 5 * DAY }, b: { known: 0.99, lastAt: NOW - DAY } } };
    expect(paceOf({ past })).toEqual({ action: 'advance', reviewAt: NOW + 2 * DAY, reason: { key: 'all-mastered', params: { skills: 2 } } });
  });

  it('looks only at what the objective needs', () => {
    const course: CoursePlan = { skills: { a: [], b: ['a'] }, objectives: { start: ['a'] } };
    expect(paceOf({ course, objective: 'start', past: { skills: { a: { known: 0.97 } } } })).toMatchObject({ action: 'advance', reason: { params: { skills: 1 } } });
  });

  it('is a reason to rest when what is open has no items', () => {
    const course: CoursePlan = { skills: { a: [], b: [] }, items: { a1: ['a'] } };
    expect(paceOf({ course, past: { skills: { a: { known: 0.97 } } } })).toEqual({ action: 'rest', reason: { key: 'nothing-to-practise', params: { open: 1 } } });
  });

  it('is a reason to rest when what is open needs something that has no items', () => {
    const course: CoursePlan = { skills: { a: [], b: ['a'] }, items: { b1: ['b'] } };
    expect(paceOf({ course })).toEqual({ action: 'rest', reason: { key: 'nothing-to-practise', params: { open: 2 } } });
  });
});

describe('the size of a sitting', () => {
  const minutes = (each: number): CoursePlan => ({ skills: { a: [] }, change: (item) => ({ ...item, minutes: each }) });
  const cases: [string, number, number | undefined, number, number][] = [
    // what                              minutes each, budget    items, minutes
    ['ten items without a budget',       2,            undefined, 10,   20],
    ['what fits',                        2,            15,        7,    14],
    ['at least one item',                5,            3,         1,    5],
    ['at most sixty',                    0.5,          600,       60,   30],
    ['tenths of minutes',                0.33,         1,         3,    1],
  ];
  it.each(cases)('is %s', (_, each, budgetMinutes, items, total) => {
    expect(paceOf({ course: minutes(each), ...(budgetMinutes === undefined ? {} : { budgetMinutes }) })).toMatchObject({ items, minutes: total });
  });
});
