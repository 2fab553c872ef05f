import fc from 'fast-check';
import type { ObjectiveId } from '@trellis/learning';
import { ESTIMATES_1 } from './estimates.js';
import { policyBy } from './policy-1.js';
import type { Choice } from './situation.js';
import { courseOf, DAY, NOW, situationOf, type CoursePlan, type Past } from './testing/situations.js';

interface Asked {
  readonly course?: CoursePlan;
  readonly past?: Past;
  readonly count?: number;
  readonly seed?: number;
  readonly objective?: string;
}

/** Two items a skill; b needs a, c needs b; d had better come after a. */
const CHAIN: CoursePlan = { skills: { a: [], b: ['a'], c: ['b'], d: ['~a'] } };

function choose({ course = CHAIN, past = {}, count = 20, seed = 1, objective }: Asked = {}): Choice {
  return policyBy(ESTIMATES_1)(situationOf({ course: courseOf(course), past, change: { seed, count, ...(objective === undefined ? {} : { objective: objective as ObjectiveId }) } }));
}

/** With room for every item, all skills that may come next are among the chosen: as `a:learn b:practise`. */
function open(asked: Asked): string {
  const { items } = choose({ ...asked, count: 20 });
  return [...new Set(items.map(({ skills, action }) => `${skills[0]}:${action}`))].sort().join(' ');
}

const first = (asked: Asked): string | undefined => choose({ ...asked, count: 1 }).items[0]?.item;

describe('which skills may come next', () => {
  const known = (value: number, more: object = {}): object => ({ known: value, ...more });
  const longAgo = { lastAt: NOW - 8 * DAY };
  const lastWeek = { lastAt: NOW - 7 * DAY };
  const resting = { pauses: 1, pausedUntil: 30 };
  const cases: [string, Past['skills'], string][] = [
    // what                                            the learner's skills                                            open
    ['a new learner begins with what needs nothing',   {},                                                             'a:learn'],
    ['just below half: nothing else opens',            { a: known(0.49) },                                             'a:practise'],
    ['half known opens what softly needs it',          { a: known(0.5) },                                              'a:practise d:learn'],
    ['just below ready: a hard link still blocks',     { a: known(0.79) },                                             'a:practise d:learn'],
    ['ready: the next opens before this is mastered',  { a: known(0.8) },                                              'a:practise b:learn d:learn'],
    ['readiness does not reach past the next',         { a: known(0.94) },                                             'a:practise b:learn d:learn'],
    ['mastered is not practised',                      { a: known(0.95) },                                             'b:learn d:learn'],
    ['a week later it still is not',                   { a: known(0.95, lastWeek) },                                   'b:learn d:learn'],
    ['after more than a week it is reviewed',          { a: known(0.95, longAgo) },                                    'a:review b:learn d:learn'],
    ['a paused skill rests, a soft link lets through', { a: known(0.3, resting) },                                     'd:learn'],
    ['after a pause it is back, hard links block',     { a: known(0.3, { pauses: 1, pausedUntil: 20 }) },              'a:practise d:learn'],
    ['what was lost below ready blocks again',         { a: known(0.4), b: known(0.7) },                               'a:practise'],
    ['a mastered skill is reviewed whatever blocks',   { a: known(0.4), b: known(0.96, longAgo), c: known(0.96) },     'a:practise b:review'],
    ['presumed mastery is no reason for a review',     { a: known(0.96, { answers: 0, lastAt: 0 }) },                  'b:learn d:learn'],
  ];
  it.each(cases)('%s', (_, skills, expected) => expect(open({ past: { skills: skills ?? {}, answers: 20 } })).toBe(expected));

  it('a course may name a mark of its own', () => {
    expect(open({ course: { ...CHAIN, marks: { a: 0.8 } }, past: { skills: { a: { known: 0.8 } } } })).toBe('b:learn d:learn');
  });

  it('a pause ends with the answers it asks for', () => {
    const past = (answers: number): Past => ({ answers, skills: { a: { known: 0.3, pauses: 1, pausedUntil: 30 } } });
    expect(open({ past: past(29) })).toBe('d:learn');
    expect(open({ past: past(30) })).toBe('a:practise d:learn');
  });

  it('a paused skill comes back early when nothing else is left', () => {
    expect(open({ course: { skills: { a: [] } }, past: { answers: 20, skills: { a: { known: 0.4, pauses: 1, pausedUntil: 30 } } } })).toBe('a:practise');
  });

  it('an objective narrows them to what leads there', () => {
    const course: CoursePlan = { ...CHAIN, objectives: { 'reach-b': ['b'] } };
    expect(open({ course, objective: 'reach-b' })).toBe('a:learn');
    expect(open({ course, objective: 'reach-b', past: { skills: { a: { known: 0.97 } } } })).toBe('b:learn');
  });

  it('a soft link from what cannot be practised holds nothing up, a hard one does', () => {
    const items = { b1: ['b'], c1: ['c'] };
    expect(open({ course: { skills: { a: [], b: ['~a'], c: ['a'] }, items } })).toBe('b:learn');
    expect(open({ course: { skills: { a: [], b: ['~a'], c: ['a'] }, items, lessons: { read: ['a'] } } })).toBe('a:learn b:learn');
  });

  it('a skill without items is no choice', () => {
    expect(open({ course: { ...CHAIN, items: { a1: ['a'] } } })).toBe('a:learn');
  });
});

describe('the item of a skill', () => {
  const one: CoursePlan = { skills: { a: [] }, items: { a1: ['a'], a2: ['a'], a3: ['a'] } };
  const begun = { a: { known: 0.5 } };

  it('is a lesson for a new skill, and practice from then on', () => {
    const course: CoursePlan = { ...one, lessons: { read: ['a'] } };
    expect(choose({ course, count: 1 }).items[0]).toMatchObject({ item: 'read', action: 'learn', reason: { key: 'begin-with-lesson' } });
    expect(first({ course, past: { answers: 1, items: { read: [1] } } })).toBe('a1');
    // Whoever was offered the lesson and answers nothing has read it, as far as anybody knows.
    expect(first({ course, past: { offered: [['read']] } })).toBe('a1');
    expect(first({ course, past: { answers: 4, skills: begun } })).toBe('a1');
  });

  it('is the least used', () => {
    expect(first({ course: one, past: { skills: begun, answers: 40, items: { a1: [1, 2], a2: [3], a3: [4, 5] } } })).toBe('a2');
    expect(first({ course: one, past: { skills: begun, answers: 40, items: { a1: [1], a2: [2] } } })).toBe('a3');
  });

  it('is not one that is offered already, while there are others', () => {
    expect(first({ course: one, past: { skills: begun, offered: [['a1'], ['a2']] } })).toBe('a3');
    expect(first({ course: one, past: { skills: begun, offered: [['a1'], ['a2'], ['a3', 'a1']] } })).toBe('a2');
  });

  it('does not come again within ten answers, though it is the least used', () => {
    const past = (answers: number): Past => ({ skills: begun, answers, items: { a1: [10], a2: [1, 2], a3: [3, 4, 5] } });
    expect(first({ course: one, past: past(19) })).toBe('a2');
    expect(first({ course: one, past: past(20) })).toBe('a1');
  });

  it('is the one that lies back longest when all are fresh', () => {
    expect(first({ course: one, past: { skills: begun, answers: 12, items: { a1: [11], a2: [9], a3: [10] } } })).toBe('a2');
  });

  it('is of a difficulty at which about two in three answers are right', () => {
    const course: CoursePlan = { ...one, change: (item) => ({ ...item, difficulty: { a1: 2, a2: -2 }[item.id as string] ?? 0.1 }) };
    expect(first({ course, past: { skills: begun } })).toBe('a3');
  });

  it('repeats where a course has only one', () => {
    const course: CoursePlan = { skills: { a: [] }, items: { a1: ['a'] } };
    expect(choose({ course, past: { skills: begun, answers: 5, items: { a1: [5] } } }).items.map(({ item }) => item)).toEqual(['a1']);
  });
});

describe('several at once', () => {
  it('are as many as asked for while there are items, each once', () => {
    const past: Past = { skills: { a: { known: 0.7 } } };
    for (const count of [1, 2, 3, 4]) expect(choose({ past, count }).items.length).toBe(count);
    const all = choose({ past, count: 20 }).items.map(({ item }) => item);
    expect(all.toSorted()).toEqual(['a1', 'a2', 'd1', 'd2']);
  });

  it('spread over skills: one that is taken counts less in the next draw', () => {
    const course: CoursePlan = { skills: { a: [], b: [] } };
    const pairs = Array.from({ length: 200 }, (_, seed) => choose({ course, count: 2, seed }).items);
    expect(pairs.filter(([one, other]) => one?.skills[0] !== other?.skills[0]).length).toBeGreaterThan(180);
  });

  it('log the probability of each draw given the earlier draws', () => {
    // `a` runs out of items after its first, so what is left must share the whole of the second draw.
    const course: CoursePlan = { skills: { a: [], b: [], c: [] }, items: { a1: ['a'], b1: ['b'], b2: ['b'], c1: ['c'], c2: ['c'] } };
    const drawn = new Map<string, Map<string, number>>();
    const note = (given: string, item: string, probability: number): void => {
      const outcomes = drawn.get(given) ?? new Map<string, number>();
      expect(outcomes.get(item) ?? probability).toBe(probability);
      drawn.set(given, outcomes.set(item, probability));
    };
    for (let seed = 0; seed < 3_000; seed++) {
      const [one, two] = choose({ course, seed, count: 2 }).items;
      if (one === undefined || two === undefined) throw new Error('too few items');
      note('', one.item, one.probability);
      note(one.item, two.item, two.probability);
    }
    expect([...drawn.keys()].toSorted()).toEqual(['', 'a1', 'b1', 'c1']);
    for (const outcomes of drawn.values()) expect([...outcomes.values()].reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 9);
  });
});

describe('in any situation', () => {
  const SKILLS = ['a', 'b', 'c', 'd', 'e'];
  const skillState = fc.record({
    known: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 0.95, 1)),
    answers: fc.nat({ max: 30 }),
    lastAt: fc.integer({ min: 0, max: 20 }).map((days) => NOW - days * DAY),
    pauses: fc.nat({ max: 5 }),
    pausedUntil: fc.nat({ max: 40 }),
    mean: fc.double({ min: -3, max: 3, noNaN: true }),
  });
  const situation = fc.record({
    // A skill needs only earlier ones.
    links: fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 4 }), fc.boolean()), { maxLength: 6 }),
    items: fc.array(fc.subarray(SKILLS, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 10 }),
    lessons: fc.array(fc.constantFrom(...SKILLS), { maxLength: 3 }),
    skills: fc.dictionary(fc.constantFrom(...SKILLS), skillState, { noNullPrototype: true }),
    used: fc.array(fc.tuple(fc.nat({ max: 9 }), fc.integer({ min: 1, max: 20 })), { maxLength: 12 }),
    answers: fc.integer({ min: 20, max: 40 }),
    objective: fc.option(fc.subarray(SKILLS, { minLength: 1 }), { nil: undefined }),
    count: fc.integer({ min: 1, max: 6 }),
    seed: fc.nat({ max: 2 ** 32 - 1 }),
  });

  it('what is chosen can be used, and the same situation gives the same choice', () => {
    fc.assert(
      fc.property(situation, ({ links, items, lessons, skills, used, answers, objective, count, seed }) => {
        const plan: CoursePlan = {
          skills: Object.fromEntries(SKILLS.map((id, at) =>
            [id, [...new Map(links.filter(([to, from]) => to === at && from < at).map(([, from, soft]) => [from, `${soft ? '~' : ''}${SKILLS[from]}`])).values()]])),
          items: Object.fromEntries(items.map((on, at) => [`i${at}`, on])),
          lessons: Object.fromEntries(lessons.map((on, at) => [`l${at}`, [on]])),
          objectives: objective === undefined ? {} : { goal: objective },
        };
        const past: Past = { skills, answers, items: Object.fromEntries(used.map(([item, at]) => [`i${item}`, [at]])) };
        const asked: Asked = { course: plan, past, count, seed, ...(objective === undefined ? {} : { objective: 'goal' }) };
        const choice = choose(asked);
        expect(choose(asked)).toEqual(choice);
        expect(choice.items.length).toBeLessThanOrEqual(count);
        expect(new Set(choice.items.map(({ item }) => item)).size).toBe(choice.items.length);
        for (const { probability, prediction, reason } of choice.items) {
          expect(probability > 0 && probability <= 1 + 1e-12).toBe(true);
          expect(prediction > 0 && prediction < 1).toBe(true);
          expect(reason.key).not.toBe('');
        }
        expect(choice.pacing.reason.key).not.toBe('');
        const { pacing } = choice;
        expect(['rest', 'advance'].includes(pacing.action)).toBe(choice.items.length === 0);
        expect([pacing.items, pacing.minutes, pacing.reviewAt].every((value) => value === undefined || Number.isFinite(value))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the reason of an item', () => {
  const reasonOf = (asked: Asked): unknown => choose({ course: { skills: { a: [] } }, count: 1, ...asked }).items[0]?.reason;

  it('names the skill, and what is meant by it', () => {
    expect(reasonOf({})).toEqual({ key: 'begin-skill', params: { skill: 'a', title: 'A' } });
    expect(reasonOf({ past: { skills: { a: { known: 0.5 } } } })).toEqual({ key: 'keep-practising', params: { skill: 'a', title: 'A', mastery: 0.5, goal: 0.95 } });
    expect(reasonOf({ past: { skills: { a: { known: 0.97, lastAt: NOW - 9.5 * DAY } } } })).toEqual({ key: 'review-due', params: { skill: 'a', title: 'A', days: 9 } });
  });

  it('says that a pause is over', () => {
    const paused = { known: 0.2, pauses: 1, pausedUntil: 12 };
    expect(reasonOf({ past: { answers: 20, skills: { a: { ...paused, streak: -4 } } } })).toMatchObject({ key: 'after-a-pause' });
    expect(reasonOf({ past: { answers: 20, skills: { a: { ...paused, streak: -6 } } } })).toMatchObject({ key: 'keep-practising' });
  });
});

describe('what comes first', () => {
  /** How often, in percent, each skill is drawn first. */
  const shares = (asked: Asked): { [skill: string]: number } => {
    const shares: { [skill: string]: number } = {};
    for (let seed = 0; seed < 1_000; seed++) {
      const skill = choose({ ...asked, seed, count: 1 }).items[0]?.skills[0] ?? 'none';
      shares[skill] = (shares[skill] ?? 0) + 0.1;
    }
    return shares;
  };

  it('is what leads to more', () => {
    const { a = 0, z = 0 } = shares({ course: { skills: { z: [], a: [], b: ['a'], c: ['b'] } } });
    expect(a).toBeGreaterThan(z);
  });

  it('is what was begun, before something new', () => {
    const { a = 0, b = 0 } = shares({ course: { skills: { a: [], b: [] } }, past: { skills: { b: { known: 0.4 } } } });
    expect(b).toBeGreaterThan(a);
  });

  it('is the earlier in the course among equals', () => {
    const { a = 0, b = 0, c = 0 } = shares({ course: { skills: { a: [], b: [], c: [] } } });
    expect(a > b && b > c).toBe(true);
  });

  it('still lets every plausible skill come first at times', () => {
    const { a = 0, b = 0 } = shares({ course: { skills: { a: [], b: [] } }, past: { skills: { a: { known: 0.4 }, b: { known: 0.85 } } } });
    expect(a).toBeGreaterThan(90);
    expect(b).toBeGreaterThan(1);
  });
});
