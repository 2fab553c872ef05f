import fc from 'fast-check';
import type { ObjectiveId } from '@trellis/learning';
import { courseMap, neededSkills, type CourseMap } from './course-map.js';
import { courseOf } from './testing/situations.js';

const named = (map: CourseMap, numbers: Iterable<number>): string => [...numbers].map((number) => map.skills[number]?.skill.id).join(' ');

describe('the learning order', () => {
  const cases: [string, { [skill: string]: string[] }, string][] = [
    // what                            skills                                                    order
    ['course order without links',     { a: [], b: [], c: [] },                                  'a b c'],
    ['prerequisites first',            { a: ['c'], b: [], c: [] },                               'c a b'],
    ['a chain written backwards',      { a: ['b'], b: ['c'], c: ['d'], d: [] },                  'd c b a'],
    ['a diamond',                      { a: ['b', '~c'], b: ['d'], c: ['d'], d: [] },            'd b c a'],
    ['soft links too',                 { a: ['~b'], b: [] },                                     'b a'],
  ];
  it.each(cases)('has %s', (_, skills, order) => {
    const map = courseMap(courseOf({ skills }));
    expect(named(map, map.learningOrder)).toBe(order);
  });

  it('holds every skill once and after all of its prerequisites, in any course', () => {
    // Links go from later to earlier letters after a shuffle, so there is no cycle.
    const graph = fc.integer({ min: 1, max: 12 }).chain((size) =>
      fc.tuple(
        fc.shuffledSubarray(Array.from({ length: size }, (_, n) => n), { minLength: size }),
        fc.array(fc.tuple(fc.nat({ max: size - 1 }), fc.nat({ max: size - 1 })), { maxLength: 30 })));
    fc.assert(
      fc.property(graph, ([order, links]) => {
        const skills = Object.fromEntries(order.map((n) => [`s${n}`, [...new Set(links.filter(([to, from]) => to === n && from < n).map(([, from]) => `s${from}`))]]));
        const map = courseMap(courseOf({ skills }));
        expect(map.learningOrder.toSorted((a, b) => a - b)).toEqual([...order.keys()]);
        const place = new Map(map.learningOrder.map((skill, at) => [skill, at]));
        for (const { number, prerequisites } of map.skills) {
          for (const { skill } of prerequisites) expect(place.get(skill)).toBeLessThan(place.get(number) ?? -1);
        }
      }),
    );
  });

  it('survives a chain as long as a course may be', () => {
    const skills = Object.fromEntries(Array.from({ length: 5_000 }, (_, n) => [`s${n}`, n < 4_999 ? [`s${n + 1}`] : []]));
    const map = courseMap(courseOf({ skills, items: { i: ['s0'] } }));
    expect(map.learningOrder[0]).toBe(4_999);
    expect(neededSkills(map, undefined).needed.size).toBe(5_000);
  });
});

describe('what an objective needs', () => {
  const skills = { a: [], b: ['a'], c: ['~b'], d: [], e: ['c'] };
  const map = courseMap(courseOf({ skills, objectives: { two: ['c', 'd'] } }));

  it('is its skills and all that leads there', () => {
    const { targets, needed } = neededSkills(map, 'two' as ObjectiveId);
    expect(named(map, [...targets].toSorted())).toBe('c d');
    expect(named(map, [...needed].toSorted())).toBe('a b c d');
  });

  it('is the whole course where none is named', () => {
    const { targets, needed } = neededSkills(map, undefined);
    expect([targets.size, needed.size]).toEqual([5, 5]);
  });
});

describe('the items of a skill', () => {
  it('are for practice or lessons, under each of their skills; assessments are kept apart', () => {
    const course = courseOf({
      skills: { a: [], b: [] },
      items: { i1: ['a'], i2: ['b', 'a'], exam: ['a'] },
      lessons: { read: ['b'] },
      change: (item) => (String(item.id) === 'exam' ? { ...item, kind: 'assessment' } : item),
    });
    const [a, b] = courseMap(course).skills;
    expect(a?.practice.map(({ item }) => item.id)).toEqual(['i1', 'i2']);
    expect(b?.practice.map(({ item }) => item.id)).toEqual(['i2']);
    expect([a?.lessons.length, b?.lessons.map(({ item }) => item.id)]).toEqual([0, ['read']]);
  });
});

it('is made once for a version', () => {
  const course = courseOf({ skills: { a: [] } });
  expect(courseMap(course)).toBe(courseMap(course));
});
