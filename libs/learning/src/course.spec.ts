import fc from 'fast-check';
import { EVENT_BYTES_MAX, type EventId } from '@trellis/event-sourcing';
import { live, specFor } from '@trellis/event-sourcing/testing';
import { course, type Course, type CoursePublished, type PublishCourse } from './course.js';
import type { CourseContent, CourseRefusal, Item, Skill } from './course-content.js';
import { prerequisiteCycle } from './course-content.js';
import { OBJECTIVE_SKILLS_MAX } from './course-schema.js';
import { trellisCodec } from './events.js';

const given = specFor(course);

// Courses are written as plain texts here; the cast lets them stand for ids that keep to their patterns.
const content = (change: object = {}): CourseContent => ({ ...(PLAIN as CourseContent), ...change });
const PLAIN: unknown = {
  title: 'Algebra',
  language: 'en',
  skills: [
    { id: 'a', title: 'A', prerequisites: [] },
    { id: 'b', title: 'B', prerequisites: [{ skill: 'a', strength: 'hard' }] },
  ],
  items: [{ id: 'i1', skills: ['a'], kind: 'practice', key: { type: 'number', values: ['1/2'] } }],
  objectives: [{ id: 'o1', title: 'O', skills: ['b'] }],
};
const publish = (of: CourseContent): PublishCourse => ({ type: 'PublishCourse', content: of });
const published = (version: number, of: CourseContent, change: Partial<CoursePublished['data']> = {}): CoursePublished => ({
  type: 'CoursePublished',
  data: { version, part: 1, parts: 1, ...of, ...change },
});

describe('publishing a course', () => {
  it('makes version 1', () => given().when(publish(content())).then(published(1, content())));
  it('makes the next version of other content', () =>
    given(published(1, content())).when(publish(content({ title: 'New' }))).then(published(2, content({ title: 'New' }))));
  it('does nothing for the same content', () => given(published(1, content())).when(publish(content())).thenNothing());
  it('publishes an earlier content again as a new version', () =>
    given(published(1, content()), published(2, content({ title: 'New' }))).when(publish(content())).then(published(3, content())));
  it('takes the order of skills and items as part of the content', () => {
    const turned = content({ skills: [...content().skills].reverse() });
    given(published(1, content())).when(publish(turned)).then(published(2, turned));
  });

  it('does nothing for the same content with its members in another order', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, turned(member)]));
    };
    given(published(1, content())).when(publish(turned(content()) as CourseContent)).thenNothing();
    given(published(1, turned(content()) as CourseContent)).when(publish(content())).thenNothing();
  });

  it('does nothing for a member that is undefined instead of absent', () => {
    given(published(1, content())).when(publish(content({ licence: undefined, items: content().items.map((item) => ({ ...item, title: undefined })) }))).thenNothing();
  });
});

describe('what is refused', () => {
  const skill = (id: string, ...needs: readonly string[]): object => ({ id, title: id, prerequisites: needs.map((needed) => ({ skill: needed, strength: 'soft' })) });
  const item = (id: string, ...skills: readonly string[]): object => ({ id, skills, kind: 'practice' });
  const cases: [string, object, CourseRefusal, string][] = [
    ['no skills', { skills: [], items: [], objectives: [] }, 'empty-course', 'skills: the list is empty; a course needs at least one skill'],
    ['no items', { items: [] }, 'empty-course', 'items: the list is empty; a course needs at least one item'],
    ['a skill twice', { skills: [skill('a'), skill('b'), skill('a')] }, 'duplicate-id', 'skills[2].id: "a" is used twice; ids are unique in a course'],
    ['an item twice', { items: [item('i1', 'a'), item('i1', 'b')] }, 'duplicate-id', 'items[1].id: "i1" is used twice; ids are unique in a course'],
    ['an objective twice', { objectives: [{ id: 'o', title: 'O', skills: ['a'] }, { id: 'o', title: 'P', skills: ['b'] }] }, 'duplicate-id', 'objectives[1].id: "o" is used twice; ids are unique in a course'],
    ['an unknown prerequisite', { skills: [skill('a'), skill('b', 'a', 'x')] }, 'dangling-skill', 'skills[1].prerequisites[1].skill: "x" is not among the course\'s skills; add it to skills or leave it out here'],
    ['an item of an unknown skill', { items: [item('i1', 'a'), item('i2', 'b', 'x')] }, 'dangling-skill', 'items[1].skills[1]: "x" is not among the course\'s skills; add it to skills or leave it out here'],
    ['an objective of an unknown skill', { objectives: [{ id: 'o', title: 'O', skills: ['x'] }] }, 'dangling-skill', 'objectives[0].skills[0]: "x" is not among the course\'s skills; add it to skills or leave it out here'],
    ['a variant of an unknown item', { items: [{ ...item('i1', 'a'), variantOf: 'x' }] }, 'dangling-item', 'items[0].variantOf: "x" is not among the course\'s items; add it to items or leave it out here'],
    ['an item without skills', { items: [item('i1', 'a'), item('i2')] }, 'item-without-skills', 'items[1].skills: item "i2" names no skill; every item needs at least one'],
    ['an objective without skills', { objectives: [{ id: 'o', title: 'O', skills: [] }] }, 'objective-without-skills', 'objectives[0].skills: objective "o" names no skill'],
    ['a skill that needs itself', { skills: [skill('a', 'a'), skill('b')] }, 'prerequisite-cycle', 'skills: a -> a is a cycle of prerequisites; take one of its links out'],
    ['two that need each other', { skills: [skill('a', 'b'), skill('b', 'a')] }, 'prerequisite-cycle', 'skills: a -> b -> a is a cycle of prerequisites; take one of its links out'],
    ['a cycle behind a chain', { skills: [skill('z', 'a'), skill('a', 'b'), skill('b', 'c'), skill('c', 'a')] }, 'prerequisite-cycle', 'skills: a -> b -> c -> a is a cycle of prerequisites; take one of its links out'],
  ];
  it.each(cases)('names field, value and what would be right: %s', (_, change, refused, detail) => {
    // An item of a skill that is there, so that only one thing is wrong.
    const bare = { items: [item('i1', 'a')], objectives: [] };
    expect(course.decide(publish(content({ ...bare, ...change })), course.initial)).toEqual({ refused, detail });
  });

  it('is not a diamond, nor a chain as long as a course may be', () => {
    const diamond = [skill('a'), skill('b', 'a'), skill('c', 'a'), skill('d', 'b', 'c', 'a')];
    expect(prerequisiteCycle(diamond as Skill[])).toBeNull();
    const chain = Array.from({ length: 5_000 }, (_, n) => skill(`s${n}`, ...(n < 4_999 ? [`s${n + 1}`] : [])));
    expect(prerequisiteCycle(chain as Skill[])).toBeNull();
  });

  it('is a cycle exactly where there is one, and what is named is one', () => {
    const links = fc.array(fc.tuple(fc.nat({ max: 7 }), fc.nat({ max: 7 })), { maxLength: 12 });
    fc.assert(fc.property(links, (all) => {
      const needs = (n: number): number[] => all.filter(([from]) => from === n).map(([, to]) => to);
      const reaches = (from: number, to: number, seen = new Set<number>()): boolean =>
        needs(from).some((next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))));
      const cycle = prerequisiteCycle(Array.from({ length: 8 }, (_, n) => skill(`${n}`, ...needs(n).map(String))) as Skill[]);
      expect(cycle !== null).toBe(Array.from({ length: 8 }, (_, n) => n).some((n) => reaches(n, n)));
      cycle?.slice(1).forEach((id, at) => expect(needs(Number(cycle[at]))).toContain(Number(id)));
      if (cycle !== null) expect(cycle.at(-1)).toBe(cycle[0]);
    }));
  });
});

describe('a large course', () => {
  const codec = trellisCodec();
  const id = '00000000-0000-5000-8000-000000000001' as EventId;
  const sizes = (parts: readonly CoursePublished[]): number[] => parts.map((part) => codec.encode(id, '0', part, { source: 'api', occurredAt: 0, schema: 1 }).bytes.length);
  const partsOf = (of: CourseContent): readonly CoursePublished[] => {
    const parts = course.decide(publish(of), course.initial);
    if ('refused' in parts) throw new Error(parts.detail);
    return parts;
  };
  const items = (count: number, title: string): Item[] =>
    Array.from({ length: count }, (_, n) => ({ ...(content().items[0] as Item), id: `item-${n}` as Item['id'], title, difficulty: n / 3 }));

  it('is split into parts that a log carries, and is whole with the last', () => {
    const large = content({ items: items(20_000, 'Simplify the expression and choose the right answer') });
    const parts = partsOf(large);
    expect(parts.length).toBeGreaterThan(10);
    expect(Math.max(...sizes(parts))).toBeLessThan(EVENT_BYTES_MAX);
    expect(parts.map(({ data }) => [data.version, data.part, data.parts])).toEqual(parts.map((_, at) => [1, at + 1, parts.length]));
    expect(parts.reduce(course.evolve, course.initial)).toEqual({ version: 1, content: large, unfinished: null, parts: 0 });
  });

  it('never takes effect where a part of it is missing, and the version of before stays', () => {
    const before = { version: 1, content: content(), unfinished: null, parts: 0 };
    const parts = partsOf(content({ items: items(20_000, 'Simplify the expression and choose the right answer') }));
    for (const missing of [0, 1, parts.length - 1]) {
      const left = parts.filter((_, at) => at !== missing);
      expect(left.reduce(course.evolve, before)).toMatchObject({ version: 1, content: content() });
    }
    expect(parts.slice(1).concat(parts).reduce(course.evolve, before)).toMatchObject({ version: 1, unfinished: null, content: { title: content().title } });
  });

  it.each([['Chinese', '简化表达式并选择正确的答案'.repeat(30)], ['emoji', '👩🏽‍🚀'.repeat(60)], ['quotes', '"'.repeat(500)]])('is split so also in %s', (_, title) => {
    expect(Math.max(...sizes(partsOf(content({ items: items(2_000, title) }))))).toBeLessThan(EVENT_BYTES_MAX);
  });

  it('is split so also where everything is as large as it may be', () => {
    const id = (n: number): Skill['id'] => `skill-${n}`.padEnd(128, '~') as Skill['id'];
    const skills = Array.from({ length: OBJECTIVE_SKILLS_MAX }, (_, n): Skill => ({
      id: id(n),
      title: '题'.repeat(500),
      prerequisites: Array.from({ length: Math.min(n, 200) }, (_one, back) => ({ skill: id(n - back - 1), strength: 'soft' })),
    }));
    // Items of which two or three fill a part.
    const wordy = Array.from({ length: 12 }, (_, n): Item => ({
      id: `item-${n}` as Item['id'],
      skills: [id(0)],
      kind: 'practice',
      key: { type: 'text', values: Array.from({ length: n < 6 ? 32 : 26 }, () => '答'.repeat(1_000)) },
    }));
    const whole = content({ title: '课'.repeat(500), licence: '许'.repeat(500), skills, items: wordy, objectives: [{ id: 'all', title: '目'.repeat(500), skills: skills.map((one) => one.id) }] });
    const parts = partsOf(whole);
    expect(Math.max(...sizes(parts))).toBeLessThan(EVENT_BYTES_MAX);
    expect(parts.reduce(course.evolve, course.initial).content).toEqual(whole);
  });

  it('takes no effect before its last part', () => {
    const parts = partsOf(content({ items: items(5_000, 'Simplify') }));
    const before = course.evolve(course.initial, published(1, content()));
    const halfway = parts.slice(0, -1).map((part) => ({ ...part, data: { ...part.data, version: 2 } })).reduce(course.evolve, before);
    expect(halfway).toMatchObject({ version: 1, content: content() });
    given(published(1, content()), ...parts.slice(0, -1)).when(publish(content())).thenNothing();
  });

  it('that was broken off leaves nothing behind', () => {
    const [first] = partsOf(content({ items: items(5_000, 'Simplify') }));
    const state = [first as CoursePublished, published(1, content())].reduce(course.evolve, course.initial);
    expect(state).toEqual({ version: 1, content: content(), unfinished: null, parts: 0 });
  });
});

describe('laws', () => {
  const command = fc.constantFrom(content(), content({ title: 'New' }), content({ licence: 'CC BY 4.0' }), content({ items: [] })).map(publish);

  it('accepts any command a second time without a second event', () => {
    fc.assert(fc.property(fc.array(command), command, (before, last) => {
      const again = course.decide(last, live(course, [...before, last]));
      expect('refused' in again || again.length === 0).toBe(true);
    }));
  });

  it('counts versions one by one', () => {
    fc.assert(fc.property(fc.array(command, { maxLength: 8 }), (commands) => {
      let state: Course = course.initial;
      for (const one of commands) {
        const events = course.decide(one, state);
        if ('refused' in events || events.length === 0) continue;
        const next = events.reduce(course.evolve, state);
        expect(next.version).toBe(state.version + 1);
        state = next;
      }
    }));
  });

  it('passes over events that are not its own', () => {
    expect(course.evolve(course.initial, { type: 'LearnerEnrolled', data: {} })).toBe(course.initial);
  });
});
