import type { CalendarEntry } from '@trellis/learning';
import { classOf, MASTERED, towards, type MemberPast } from '../testing/classes.js';
import { DAY, NOW } from '../testing/situations.js';
import { standingsOf } from './board.js';
import { calendarOf, classPace, type ClassPace } from './class-pace.js';

// `basics` is a and b by day 10, `all` is a, b, c, x by day 20; the class began 10 days ago.
const ENTRIES = [{ objective: 'basics', due: NOW + 10 * DAY }, { objective: 'all', due: NOW + 30 * DAY }] as unknown as readonly CalendarEntry[];
const BEGUN = { firstAnswerAt: NOW - 10 * DAY, lastAnswerAt: NOW, lately: 30 };

function pace(members: { readonly [learner: string]: MemberPast }, entries = ENTRIES, now = NOW): ClassPace {
  const question = classOf(members, { now });
  return classPace({ map: question.map, standings: standingsOf(question), entries, now });
}
const having = (...skills: string[]): MemberPast => ({ sitting: BEGUN, skills: Object.fromEntries(skills.map((skill) => [skill, MASTERED])) });

it('expects skills by straight lines between the dates, and counts days from there', () => {
  const { expected, learners, actual, days, reason } = pace({ on: having('a'), none: having(), ahead: having('a', 'b', 'c'), all: having('a', 'b', 'c', 'x') });
  // Half of the way to the two skills of the first date.
  expect(expected).toBe(1);
  expect(learners).toEqual([
    { learner: 'on', actual: 1, days: 0 },
    { learner: 'none', actual: 0, days: -10 },
    { learner: 'ahead', actual: 3, days: 20 },
    { learner: 'all', actual: 4, days: 30 },
  ]);
  expect([actual, days, reason.key]).toEqual([2, 10, 'class-ahead']);
});

it('calls a class behind that is', () => {
  expect(pace({ one: having(), two: having() })).toMatchObject({ days: -10, reason: { key: 'class-behind', params: { days: 10, expected: 1, actual: 0 } } });
  expect(pace({ one: having('a') })).toMatchObject({ days: 0, reason: { key: 'class-on-pace' } });
});

it('goes on expecting everything after the last date', () => {
  expect(pace({ one: having('a', 'b', 'c') }, ENTRIES, NOW + 40 * DAY)).toMatchObject({ expected: 4, dates: [], learners: [{ days: -20 }] });
});

it('says for each coming date how many will be done at their pace', () => {
  const quick = { ...BEGUN, lately: 200 };
  const { dates } = pace({ done: having('a', 'b'), quick: { sitting: quick }, slow: { sitting: { ...BEGUN, lately: 0.5 } } });
  expect(dates).toMatchObject([
    { objective: 'basics', finishing: 2, learners: 3, holds: false, reason: { key: 'class-date-at-risk', params: { title: 'basics', finishing: 2 } } },
    { objective: 'all', learners: 3 },
  ]);
});

it('promises nothing while nobody has answered', () => {
  expect(pace({ one: {}, two: {} }).dates).toMatchObject([{ holds: null, finishing: 0, reason: { key: 'class-date-unknown' } }, { holds: null }]);
});

it('has an answer without a calendar, and for one whose objectives are gone', () => {
  expect(pace({ one: having('a') }, [])).toMatchObject({ expected: null, dates: [], reason: { key: 'no-calendar' } });
  expect(pace({ one: having('a') }, [{ objective: 'gone' as never, due: NOW + DAY }])).toMatchObject({ expected: null });
});

it('reads the date of the class objective as one of the calendar', () => {
  const { state } = towards('basics');
  const objectives = state.objectives.map((each) => ({ ...each, due: NOW + DAY }));
  expect(calendarOf({ calendar: [], objectives }, 'algebra' as never)).toEqual([{ objective: 'basics', due: NOW + DAY }]);
  expect(calendarOf({ calendar: [{ course: 'algebra' as never, entries: ENTRIES }], objectives }, 'algebra' as never)).toEqual(ENTRIES);
});
