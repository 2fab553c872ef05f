import { readFileSync } from 'node:fs';
import type { CourseContent, CourseId, ItemId, ObjectiveId, SkillId } from '@trellis/learning';
import type { PublishedCourse } from '@trellis/views';
import { courseMap } from '../course-map.js';
import { courseOf, learnerWith } from '../testing/situations.js';
import { certify, CERTIFIED_FROM, type CheckAnswer } from './certifying.js';
import { unitCheck, type CheckInput } from './unit-check.js';

const content = JSON.parse(readFileSync(new URL('../../../../samples/fractions/course.json', import.meta.url), 'utf8')) as CourseContent;
const fractions: PublishedCourse = { id: 'fractions' as CourseId, version: 1, content, items: new Map(content.items.map((item) => [item.id, item])), skills: new Set(content.skills.map(({ id }) => id)) };
const map = courseMap(fractions);
const check = (change: Partial<CheckInput> = {}): ReturnType<typeof unitCheck> => unitCheck({ map, state: learnerWith(), objective: 'names' as ObjectiveId, kind: 'summative', seed: 1, ...change });

describe('a unit check', () => {
  it('asks two or three assessment items of every skill of the objective, mixed', () => {
    const { items, lacking } = check();
    const skills = content.objectives.find(({ id }) => id === 'names')?.skills ?? [];
    for (const skill of skills) expect(items.filter((each) => each.skill === skill).length).toBeGreaterThanOrEqual(2);
    for (const { item, skill } of items) {
      expect(fractions.items.get(item)).toMatchObject({ kind: 'assessment' });
      expect(fractions.items.get(item)?.skills).toContain(skill);
    }
    expect([lacking, new Set(items.map(({ item }) => item)).size]).toEqual([[], items.length]);
    expect(check()).toEqual(check());
    expect(check({ seed: 2 }).items).not.toEqual(items);
  });

  it('takes what the learner never met before what they practised', () => {
    const first = check({ skills: ['compare' as SkillId] }).items.map(({ item }) => item);
    const small = courseMap(courseOf({ skills: { a: [] }, items: { a1: ['a'], a2: ['a'], a3: ['a'], a4: ['a'] }, change: (item) => ({ ...item, kind: 'assessment', key: { type: 'number', values: ['1'] } }) }));
    const { items } = unitCheck({ map: small, state: learnerWith({ items: { a1: [1], a2: [2] }, answers: 2 }), kind: 'summative', seed: 1 });
    expect(items.map(({ item }) => item).filter((item) => item === 'a3' || item === 'a4').length).toBe(2);
    expect(first.length).toBeGreaterThan(1);
  });

  it('says what it cannot certify; a formative one asks practice that was never seen instead', () => {
    const plain = courseMap(courseOf({ skills: { a: [], b: [] }, items: { a1: ['a'], a2: ['a'], b1: ['b'] }, change: (item) => ({ ...item, key: { type: 'number', values: ['1'] } }) }));
    const of = (kind: CheckInput['kind']): object => unitCheck({ map: plain, state: learnerWith({ items: { a1: [1] }, answers: 1 }), kind, seed: 1 });
    expect(of('summative')).toEqual({ items: [], lacking: [{ skill: 'a', why: 'no-assessment-items' }, { skill: 'b', why: 'no-assessment-items' }] });
    expect(of('formative')).toMatchObject({ lacking: [{ skill: 'a', why: 'too-few-items' }, { skill: 'b', why: 'too-few-items' }] });
  });

  it('stays within its length', () => {
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, n) => [`s${n}`, []]));
    const large = courseMap(courseOf({ skills: many, change: (item) => ({ ...item, kind: 'assessment', key: { type: 'number', values: ['1'] } }) }));
    const { items, lacking } = unitCheck({ map: large, state: learnerWith(), kind: 'summative', seed: 1 });
    expect([items.length, lacking.length, lacking[0]?.why]).toEqual([40, 40, 'check-full']);
    expect(unitCheck({ map: large, state: learnerWith(), kind: 'summative', seed: 1, skills: [] })).toEqual({ items: [], lacking: [] });
  });
});

describe('what a unit check shows', () => {
  const small = courseMap(courseOf({ skills: { a: [], b: [] }, items: { a1: ['a'], a2: ['a'], a3: ['a'], b1: ['b'] }, change: (item) => ({ ...item, kind: 'assessment', key: { type: item.id === 'a3' ? 'choice' : 'number', values: ['1'] } }) }));
  const asked = { items: ['a1', 'a2', 'a3'].map((item) => ({ item: item as ItemId, skill: 'a' as SkillId })) };
  const given = (...scores: (number | null)[]): CheckAnswer[] => scores.map((score, n) => ({ item: `a${n + 1}` as ItemId, score }));

  it.each([
    // scores          certified  why                   items of the reason
    [[1, 1, 1],        true,      undefined,            undefined],
    [[1, 1],           true,      undefined,            undefined],
    [[1, 1, null],     true,      undefined,            undefined],
    [[1, 0, 1],        false,     'below-the-mark',     ['a2']],
    [[1, 0, 0],        false,     'below-the-mark',     ['a2', 'a3']],
    [[1, null, null],  false,     'waiting-for-score',  ['a2', 'a3']],
    [[1],              false,     'not-answered',       ['a2', 'a3']],
    [[],               false,     'not-answered',       ['a1', 'a2', 'a3']],
  ] as const)('after %j', (scores, isCertified, why, items) => {
    const { certified, missing } = certify(small, asked, given(...scores));
    expect([certified.length === 1, missing[0]?.why, missing[0]?.items]).toEqual([isCertified, why, items]);
    for (const { known } of certified) expect(known).toBeGreaterThanOrEqual(CERTIFIED_FROM);
  });

  it('is complete when nothing waits, counts the first answer, and one item certifies nothing', () => {
    expect([certify(small, asked, given(1, 1, 1)).isComplete, certify(small, asked, given(1, 1, null)).isComplete]).toEqual([true, false]);
    expect(certify(small, asked, [...given(0, 0, 0), ...given(1, 1, 1)]).certified).toEqual([]);
    expect(certify(small, { items: [{ item: 'b1' as ItemId, skill: 'b' as SkillId }] }, [{ item: 'b1' as ItemId, score: 1 }]).missing).toMatchObject([{ why: 'too-few-items' }]);
  });
});
