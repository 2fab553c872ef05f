import { DEFAULT_CALIBRATION } from '@trellis/mastery';
import { newSkill, reviewAtOf } from '@trellis/views';
import { standingWith } from '../testing/classes.js';
import { courseOf, DAY, NOW } from '../testing/situations.js';
import { REVIEW_DAYS, reviewLoad, type ReviewLoad } from './review-load.js';

const names = Array.from({ length: 24 }, (_, n) => `s${n}`);
const course = courseOf({ skills: Object.fromEntries(names.map((name) => [name, []])) });

/** Mastered skills, each `interval` days from its last answer to its review, of which `left` are left. */
function load(reviews: readonly { readonly interval: number; readonly left: number }[]): ReviewLoad {
  const skills = reviews.map(({ interval, left }, n) => {
    const lastAt = NOW - (interval - left) * DAY;
    return [names[n] ?? '', { known: 0.99, stability: interval, difficulty: 5, lastAt }] as const;
  });
  return reviewLoad(standingWith({ skills: Object.fromEntries(skills) }, { course }));
}

it('is due when recall has fallen to where a review is due', () => {
  const { days, reviews, nextAt, dueNow } = load([{ interval: 10, left: 4 }]);
  expect(days.map(({ planned }) => planned).indexOf(1)).toBe(4);
  const skill = { ...newSkill(DEFAULT_CALIBRATION), stability: 10, lastAt: NOW - 6 * DAY };
  expect(reviews).toEqual([{ skill: 's0', dueAt: reviewAtOf(skill, DEFAULT_CALIBRATION), day: 4, moved: 0 }]);
  expect([nextAt, dueNow]).toEqual([reviews[0]?.dueAt, 0]);
});

it('spreads a day that has too many over the days around it', () => {
  const { days } = load(Array.from({ length: 15 }, () => ({ interval: 20, left: 6 })));
  expect(days.map(({ due }) => due)[6]).toBe(15);
  expect(days.map(({ planned }) => planned).slice(4, 9)).toEqual([3, 3, 3, 3, 3]);
});

it('moves nothing that comes back within days, and nothing by more than its window', () => {
  const short = load(Array.from({ length: 6 }, () => ({ interval: 2, left: 1 })));
  expect(short.days[1]?.planned).toBe(6);
  const week = load(Array.from({ length: 9 }, () => ({ interval: 5, left: 3 })));
  expect(week.days.map(({ planned }) => planned).slice(1, 6)).toEqual([0, 3, 3, 3, 0]);
});

it('puts what is overdue on today and the days after, none before today', () => {
  const { days, dueNow, nextAt, reviews } = load(Array.from({ length: 6 }, () => ({ interval: 20, left: -30 })));
  expect([dueNow, days[0]?.due]).toEqual([6, 6]);
  expect(days.slice(0, 3).map(({ planned }) => planned)).toEqual([2, 2, 2]);
  expect(nextAt).toBe(NOW);
  expect(reviews.every(({ day }) => day >= 0)).toBe(true);
});

it('keeps every review, whatever the days', () => {
  for (let seed = 1; seed < 30; seed++) {
    const plan = Array.from({ length: 24 }, (_, n) => ({ interval: 2 + ((seed * 7 + n * 13) % 25), left: ((seed * 11 + n * 5) % 20) - 3 }));
    const { days, reviews } = load(plan);
    const within = plan.filter(({ left }) => left < REVIEW_DAYS).length;
    expect(days.reduce((sum, { due }) => sum + due, 0)).toBe(within);
    expect(days.reduce((sum, { planned }) => sum + planned, 0)).toBe(within);
    expect(Math.max(...days.map(({ planned }) => planned))).toBeLessThanOrEqual(Math.max(...days.map(({ due }) => due)));
    expect(reviews.every(({ moved }) => Math.abs(moved) <= 2)).toBe(true);
  }
});

it('says nothing where nothing is mastered', () => {
  expect(reviewLoad(standingWith({}, { course }))).toMatchObject({ reviews: [], nextAt: null, dueNow: 0 });
});
