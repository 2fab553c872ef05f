import type { CourseId, ItemId, ObjectiveId, RecommendationId, SkillId, Strategy } from '@trellis/learning';
import { policy3, weigh } from './policy-3.js';
import type { Choice } from './situation.js';
import { courseOf, DAY, NOW, situationOf, type CoursePlan, type Past, type Plot } from './testing/situations.js';

const HOUR = 3_600_000;
const PLAN: CoursePlan = { skills: { a: [], b: ['a'], c: ['~b'], d: [] }, objectives: { oc: ['c'], od: ['d'] } };
const mastered = { known: 0.99, unrecalled: 0.01, stability: 30, difficulty: 5, lastAt: NOW - DAY };
const ALL = { a: mastered, b: mastered, c: mastered, d: mastered };

function made(plan: CoursePlan, past: Past = {}, plot: Omit<Plot, 'course' | 'past'> = {}): Choice {
  return policy3(situationOf({ course: courseOf(plan), past, ...plot }), null);
}

const shown = ({ items, pacing }: Choice): object => [items.map(({ item }) => item), pacing.action, pacing.reason.key];
const by = (strategy: Strategy): Past => ({ plan: { strategy } });

describe('policy 3', () => {
  it('explains the choice: why this one, why not the others, what would have been', () => {
    const { items: [first], passed = [] } = made(PLAN, { skills: { a: { known: 0.5 } } });
    expect(first).toMatchObject({ item: 'd1', reason: { key: 'begin-first' }, parts: { worth: 1, near: 1 }, counterfactual: { key: 'would-have-been', params: { skill: 'd', next: 'A' } } });
    expect(passed.map(({ skill, score, reason: { key } }) => [skill, score > 0, key])).toEqual([['a', true, 'passed-known'], ['c', true, 'passed-not-ready'], ['b', false, 'behind-a-wall']]);
  });

  it('says of a prerequisite which target it opens', () => {
    expect(made({ ...PLAN, skills: { a: [], b: ['a'], c: ['b'] }, objectives: { oc: ['c'] } }, { skills: { a: { known: 0.5 } } }, { change: { objective: 'oc' as ObjectiveId } }).items[0]?.reason).toMatchObject({ key: 'builds-the-way', params: { title: 'A', target: 'C' } });
  });

  it('offers options that differ where the learner chooses, and hears a decline', () => {
    const open: Past = { skills: { a: { known: 0.9 }, d: { known: 0.4 } }, ...by({ preset: 'personalized' }) };
    const offer = made(PLAN, open);
    expect([offer.offer, offer.pacing.reason.key, new Set(offer.items.map(({ skills }) => skills[0])).size]).toEqual(['options', 'choose-one', 3]);
    const [first] = offer.items;
    if (first === undefined) throw new Error('nothing offered');
    const declined = [{ recommendation: 'r' as RecommendationId, items: [first.item], skills: first.skills, why: 'not-now' as const, at: NOW - HOUR }];
    const after = made(PLAN, { ...open, plan: { ...open.plan, declined } });
    expect(after.items[0]?.skills).not.toEqual(first.skills);
    const later = made(PLAN, { ...open, plan: { ...open.plan, declined: declined.map((each) => ({ ...each, at: NOW - 3 * HOUR })) } });
    expect(later.items[0]?.skills).toEqual(first.skills);
  });

  it('begins with what a teacher pinned, until it is answered', () => {
    const pins = [{ item: 'c2' as ItemId, attempts: 1, by: 'teacher' as const }];
    expect(made(PLAN, { plan: { pins }, items: { c2: [1] } }).items[0]).toMatchObject({ item: 'c2', probability: 1, reason: { key: 'pinned' } });
    expect(made(PLAN, { plan: { pins }, items: { c2: [1, 2] }, answers: 2 }).items[0]?.item).not.toBe('c2');
    // A pin is nearer than an exclusion of the whole skill; an item of another course is none.
    expect(made(PLAN, { plan: { pins, excludedSkills: ['c' as SkillId] } , items: { c2: [1] } }).items[0]?.item).toBe('c2');
    expect(made(PLAN, { plan: { pins: [{ item: 'elsewhere' as ItemId, attempts: 0, by: 'teacher' }] } }).items[0]?.item).toBe('a1');
  });

  it('goes further with those who are ahead of their class, once all is mastered', () => {
    const tiered: CoursePlan = { ...PLAN, items: { c1: ['c'], c2: ['c'], d1: ['d'] }, change: (item) => (item.id === 'c2' ? { ...item, tier: 'extension' } : item) };
    const classroom: Plot['classroom'] = { strategy: { preset: 'differentiated' }, objectives: [{ course: 'algebra' as CourseId, objective: 'oc' as ObjectiveId, locked: true }] };
    expect(shown(made(tiered, { skills: ALL }, { classroom }))).toEqual([['c2'], 'practise', 'extension-while-waiting']);
    expect(shown(made(tiered, { skills: ALL, items: { c2: [1] } }, { classroom }))).toEqual([[], 'advance', 'all-mastered']);
  });
});

describe('an answer with a reason is there for', () => {
  it.each<readonly [string, CoursePlan, Past, readonly [readonly string[], string, string]]>([
    // situation                          course                                              past                                                                    answer
    ['a course with one item',            { skills: { a: [] }, items: { a1: ['a'] } },        {},                                                                     [['a1'], 'learn', 'session-learn']],
    ['its one item answered just now',    { skills: { a: [] }, items: { a1: ['a'] } },        { answers: 1, skills: { a: { known: 0.4, answers: 1 } }, items: { a1: [1] } }, [['a1'], 'practise', 'session-practise']],
    ['a course whose items are checks',   { skills: { a: [], b: [] }, items: { a1: ['a'] }, change: (item) => ({ ...item, kind: 'assessment' }) }, {},                 [[], 'rest', 'nothing-to-practise']],
    ['everything mastered',               PLAN,                                               { skills: ALL },                                                        [[], 'assess', 'ready-for-check']],
    ['everything excluded',               PLAN,                                               { plan: { excludedSkills: ['a', 'b', 'c', 'd'] as SkillId[] } },        [[], 'rest', 'all-excluded']],
    ['an engine that a teacher paused',   PLAN,                                               { plan: { paused: { by: 'teacher' } } },                                [[], 'rest', 'engine-paused']],
    ['a goal outside the course',         PLAN,                                               { plan: { strategy: { preset: 'personalized', settings: { choices: 1 } }, goals: [{ goal: 'g', course: 'algebra' as CourseId, skills: ['z' as SkillId], at: NOW }] } }, [['a1'], 'learn', 'session-learn']],
    ['an item pinned and its skill out',  { skills: { a: [] } },                              { plan: { excludedSkills: ['a' as SkillId], pins: [{ item: 'a2' as ItemId, attempts: 0, by: 'teacher' }] } }, [['a2'], 'practise', 'session-practise']],
    ['a clock that runs backwards',       PLAN,                                               { skills: { a: { ...mastered, lastAt: NOW + 90 * DAY } }, lastAt: NOW + 90 * DAY }, [['b1'], 'learn', 'session-learn']],
    ['one back after a year',             { skills: { a: [] } },                              { skills: { a: { ...mastered, lastAt: NOW - 365 * DAY } }, lastAt: NOW - 365 * DAY }, [['a1'], 'review', 'session-review']],
  ])('%s', (_name, course, past, answer) => {
    expect(shown(made(course, past))).toEqual(answer);
  });

  it('one with nothing reachable: what comes first cannot be chosen, and somebody is asked to help', () => {
    // b is the aim, its prerequisite a is at no mark and all of its items are out for now but one that is a wall of its own.
    const choice = made({ skills: { x: [], a: ['x'], b: ['a'] } }, { plan: { excludedItems: ['x1', 'x2'] as ItemId[] } });
    expect(shown(choice)).toEqual([['a1'], 'learn', 'session-learn']);
  });
});

it('weighs without drawing: the same scores whatever the seed', () => {
  const at = (seed: number): readonly number[] => weigh(situationOf({ course: courseOf(PLAN), change: { seed } })).scored.values;
  expect(at(1).length).toBeGreaterThan(1);
  expect(at(1)).toEqual(at(2));
});

it('hears "not now" also of what lies next to the newest practice', () => {
  const course = courseOf({ skills: { a: [], b: [] } });
  const current = { skills: ['a' as never], run: 1 };
  const skills = { a: { known: 0.5 }, b: { known: 0.5 } };
  const declined = [{ recommendation: 'r' as never, items: [], skills: ['a' as never], why: 'not-now', at: NOW } as const];
  const first = (plan: object): unknown => policy3(situationOf({ course, past: { answers: 9, skills, current, lastAt: NOW - 60_000, plan } }), null).items[0]?.skills;
  expect([first({}), first({ declined })]).toEqual([['a'], ['b']]);
});

it('calls nothing new that somebody attests', () => {
  const attested = [{ skill: 'a' as SkillId, mastered: true, by: 'teacher' as const }];
  const { items: [first] } = policy3(situationOf({ course: courseOf({ skills: { a: [] } }), past: { plan: { attested } }, change: { keepGoing: true } }), null);
  expect(first).toMatchObject({ action: 'practise', reason: { key: 'make-it-last', params: { mastery: 0.999 } } });
});

it('begins nothing new for two hours after a low mood, where affect varies', () => {
  const course = courseOf({ skills: { a: [], b: [] }, items: { a1: ['a'], b1: ['b'] } });
  const first = (mood: string, hours: number, preset: 'differentiated' | 'individualized' = 'differentiated'): unknown =>
    policy3(situationOf({ course, past: { answers: 9, skills: { a: { known: 0.9 } }, plan: { strategy: { preset } }, told: { mood: { mood: mood as never, at: NOW - hours * HOUR } } } }), null).items[0]?.skills;
  expect([first('good', 1), first('tired', 1), first('tired', 3), first('tired', 1, 'individualized')]).toEqual([['b'], ['a'], ['b'], ['b']]);
});

it('looks back at what a stuck skill builds on while that one is paused', () => {
  const past = (change: object): Past => ({ answers: 30, current: { skills: ['a' as never], run: 1 }, skills: { a: { known: 0.99, unrecalled: 0.01 }, b: { known: 0.4, answers: 20, right: 4, pausedUntil: 40, ...change } } });
  const first = (change: object): unknown => made({ skills: { a: [], b: ['a'] } }, past(change)).items.map(({ skills, reason: { key } }) => [...skills, key]);
  expect(first({ pauses: 3 })).toEqual([['a', 'look-back']]);
  expect(first({ pauses: 2 })).toEqual([['b', 'during-a-pause']]);
  expect(first({ pauses: 3, pausedUntil: 30 })).not.toEqual([['a', 'look-back']]);
});
