import { DEFAULT_CALIBRATION, rightProbability, seeded, traceUnknown } from '@trellis/mastery';
import { MASTERED, standingWith } from '../testing/classes.js';
import { courseOf, DAY, NOW } from '../testing/situations.js';
import { dateForecast, INTERVAL, workLeft, type DateQuestion, type Work } from './forecast.js';
import { answersPerDay } from './pace.js';

const ALL = [0, 1, 2, 3];
const fresh = workLeft(standingWith(), ALL);
const date = (change: Partial<DateQuestion>, work: Work = fresh): ReturnType<typeof dateForecast> => dateForecast(work, { due: NOW + 30 * DAY, now: NOW, perDay: 5, ...change });

describe('work left', () => {
  it('is that of every open skill, with an interval around it', () => {
    const { needed, mastered, open, items } = workLeft(standingWith({ skills: { a: MASTERED } }), ALL);
    expect([needed, mastered, open]).toEqual([4, 1, 3]);
    expect(items.expected).toBeCloseTo((fresh.items.expected * 3) / 4, 5);
    expect(items.low).toBeLessThan(items.expected);
    expect(items.high).toBeGreaterThan(items.expected);
  });

  it('has an interval that holds at least as many learners as it says', () => {
    const random = seeded(5);
    const { bkt } = DEFAULT_CALIBRATION;
    const takes = (): number => {
      let answers = 0;
      for (let skill = 0; skill < ALL.length; skill++) {
        for (let unknown = 0.7; 1 - unknown < 0.95; answers++) unknown = traceUnknown(unknown, random() < rightProbability(1 - unknown, bkt) ? 1 : 0, bkt);
      }
      return answers;
    };
    const held = Array.from({ length: 2_000 }, takes).filter((n) => n >= fresh.items.low && n <= fresh.items.high).length;
    expect(held / 2_000).toBeGreaterThanOrEqual(INTERVAL);
  });

  it('is nothing when all is mastered, and one answer at least for what a person took back', () => {
    const skills = { a: MASTERED, b: MASTERED, c: MASTERED, x: MASTERED };
    expect(workLeft(standingWith({ skills }), ALL).items).toEqual({ expected: 0, low: 0, high: 0 });
    const attested = [{ skill: 'a', mastered: false, by: 'teacher' }] as never;
    expect(workLeft(standingWith({ skills, plan: { attested } }), ALL).items.expected).toBe(1);
  });

  it('names what nothing can be practised for', () => {
    const course = courseOf({ skills: { a: [], b: ['a'] }, items: { a1: ['a'] } });
    expect(workLeft(standingWith({}, { course }), [0, 1])).toMatchObject({ open: 1, unpractisable: ['b'] });
  });

  it('takes minutes from the course, and the learner\'s own once they are usual', () => {
    const course = courseOf({ skills: { a: [] }, change: (item) => ({ ...item, minutes: 3 }) });
    const minutes = (timed: number): number => {
      const work = workLeft(standingWith({ sitting: { timed, usualLogMs: Math.log(30_000) } }, { course }), [0]);
      return work.minutes.expected / work.items.expected;
    };
    expect(minutes(0)).toBeCloseTo(3, 10);
    expect(minutes(20)).toBeCloseTo(0.5, 10);
  });
});

describe('a date', () => {
  it('holds at a pace that does, is at risk at one that hardly does, and out of reach at one that cannot', () => {
    const enough = fresh.items.expected / 30;
    expect(date({ perDay: enough * 2 })).toMatchObject({ holds: true, reason: { key: 'date-holds' } });
    expect(date({ perDay: enough * 0.8 })).toMatchObject({ holds: false, reason: { key: 'date-at-risk' } });
    expect(date({ perDay: enough * 0.2 })).toMatchObject({ holds: false, reason: { key: 'date-out-of-reach' } });
  });

  it('is likelier the faster the learner goes', () => {
    const likely = [0.3, 0.6, 0.9, 1.2, 2].map((perDay) => date({ perDay }).probability ?? 0);
    expect(likely).toEqual([...likely].sort((a, b) => a - b));
    expect(likely.every((p) => p >= 0 && p <= 1)).toBe(true);
  });

  it('leaves time for the reviews before it', () => {
    expect(date({ perDay: 1, reviews: 10 }).probability).toBeLessThan(date({ perDay: 1 }).probability ?? 0);
  });

  it('goes by what the learner means to spend while there is no pace, and by nothing without that', () => {
    expect(date({ perDay: null })).toMatchObject({ perDay: null, holds: null, probability: null, doneAt: null, reason: { key: 'date-unknown' } });
    expect(date({ perDay: null, minutesPerWeek: 70 }).perDay).toBeCloseTo(10, 5);
  });

  it('that has passed is said to have, and a goal that is reached needs none', () => {
    expect(date({ due: NOW - 2 * DAY })).toMatchObject({ holds: false, reason: { key: 'date-passed', params: { days: 2, open: 4 } } });
    expect(date({ due: NOW - 2 * DAY }, workLeft(standingWith({ skills: { a: MASTERED } }), [0]))).toMatchObject({ holds: true, doneAt: NOW, reason: { key: 'goal-reached' } });
  });
});

describe('the pace', () => {
  it('is the answers a day of a steady learner, however long they go on', () => {
    for (const days of [3, 20, 200]) {
      let lately = 0;
      for (let n = 0; n < days * 6; n++) lately = lately * 2 ** (-1 / 6 / 7) + 1;
      const sitting = { firstAnswerAt: NOW - days * DAY, lastAnswerAt: NOW, lately };
      expect(answersPerDay(standingWith({ sitting }).state, NOW)).toBeCloseTo(6, 0);
    }
  });

  it('falls while nothing comes, and is none before the first answer', () => {
    const { state } = standingWith({ sitting: { firstAnswerAt: NOW - 30 * DAY, lastAnswerAt: NOW, lately: 40 } });
    expect(answersPerDay(state, NOW + 14 * DAY)).toBeLessThan((answersPerDay(state, NOW) ?? 0) / 3);
    expect(answersPerDay(standingWith().state, NOW)).toBeNull();
  });
});
