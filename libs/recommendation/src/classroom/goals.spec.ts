import { MASTERED, standingWith } from '../testing/classes.js';
import { DAY, NOW } from '../testing/situations.js';
import { goalForecast, type GoalForecast } from './goals.js';

const forecast = (goal: object, past: Parameters<typeof standingWith>[0] = {}): GoalForecast => goalForecast(standingWith(past), { goal: 'g1', course: 'algebra', ...goal } as never);

it('reckons with everything that the goal builds on', () => {
  expect(forecast({ skills: ['c'] })).toMatchObject({ title: 'C', work: { needed: 3, open: 3, mastered: 0 }, date: null });
  expect(forecast({ objective: 'all' }, { skills: { a: MASTERED } })).toMatchObject({ title: 'all', work: { needed: 4, open: 3, mastered: 1 } });
});

it('says whether its date holds', () => {
  const sitting = { firstAnswerAt: NOW - 20 * DAY, lastAnswerAt: NOW, lately: 60 };
  expect(forecast({ objective: 'all', due: NOW + 60 * DAY }, { sitting }).date).toMatchObject({ holds: true, reason: { key: 'date-holds' } });
  expect(forecast({ objective: 'all', due: NOW + DAY }, { sitting }).date).toMatchObject({ holds: false });
  expect(forecast({ objective: 'all', due: NOW + 60 * DAY, minutesPerWeek: 60 }).date?.perDay).toBeCloseTo(60 / 7, 5);
});

it('has an answer for a goal that the course does not hold any more', () => {
  expect(forecast({ objective: 'gone', due: NOW + DAY })).toEqual({ title: 'gone', work: null, date: null });
});
