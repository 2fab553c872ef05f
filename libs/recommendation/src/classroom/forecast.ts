// What is left to a goal, in items and minutes with an interval, and whether its date holds at the pace of the last weeks.
import type { Instant } from '@trellis/event-sourcing';
import type { Reason, SkillId } from '@trellis/learning';
import { bktOf } from '@trellis/mastery';
import { answersLeft } from './answers-left.js';
import { answersPerDay, DAY_MS, minutesEach } from './pace.js';
import { said } from './reasons.js';
import { hasItems, type Standing } from './standing.js';

export interface Estimate {
  readonly expected: number;
  /** Of `INTERVAL`. */
  readonly low: number;
  readonly high: number;
}

export interface Work {
  readonly mastered: number;
  readonly needed: number;
  /** Not mastered yet, as far as there is anything to practise. */
  readonly open: number;
  readonly items: Estimate;
  readonly minutes: Estimate;
  /** Standard deviation of `items`. */
  readonly spread: number;
  /** Not mastered, and the course has nothing to practise: only a person's word can end them. */
  readonly unpractisable: readonly SkillId[];
}

/** The share of cases that an interval is meant to hold, and how many standard deviations that is to each side. */
export const INTERVAL = 0.8;
const DEVIATIONS = 1.2816;
/** Learners differ in how fast they learn by more than chance within one learner: as a share of the expected work. */
const LEARNER_SPREAD = 0.35;

/** `skills`: numbers, prerequisites included. */
export function workLeft({ state, map, skills: all }: Pick<Standing, 'state' | 'map' | 'skills'>, skills: Iterable<number>): Work {
  let [mastered, needed, open, expected, variance, minutes] = [0, 0, 0, 0, 0, 0];
  const unpractisable: SkillId[] = [];
  for (const number of skills) {
    const at = all[number];
    if (at === undefined) continue;
    needed++;
    if (at.mastered) mastered++;
    else if (!hasItems(map, number)) unpractisable.push(at.skill.id);
    else {
      open++;
      const left = answersLeft((1 - at.state.unrecalled) * (at.recall ?? 1), at.mark, bktOf(state.calibration, at.skill.id));
      // Somebody said that it is not mastered: one answer at least is left, whatever the numbers say.
      expected += Math.max(1, left.mean);
      variance += left.variance;
      minutes += Math.max(1, left.mean) * minutesEach(state, map, number);
    }
  }
  const spread = Math.sqrt(variance + (LEARNER_SPREAD * expected) ** 2);
  const items = { expected, low: Math.max(open, expected - DEVIATIONS * spread), high: expected + DEVIATIONS * spread };
  const each = expected === 0 ? 0 : minutes / expected;
  return { mastered, needed, open, items, minutes: { expected: minutes, low: items.low * each, high: items.high * each }, spread, unpractisable };
}

export interface DateForecast {
  readonly due: Instant;
  /** Whole days, rounded up; 0 or less: it has passed. */
  readonly daysLeft: number;
  /** Answers a day that were reckoned with; null: nothing says how fast the learner goes. */
  readonly perDay: number | null;
  /** When the work is expected to be done; null without a pace. */
  readonly doneAt: Instant | null;
  /** 0..1: that the work is done by then; null without a pace. */
  readonly probability: number | null;
  readonly holds: boolean | null;
  readonly reason: Reason;
}

export interface DateQuestion {
  readonly due: Instant;
  readonly now: Instant;
  /** Answers a day lately; null: none yet. */
  readonly perDay: number | null;
  /** What the learner means to spend, where no pace is known yet. */
  readonly minutesPerWeek?: number;
  /** Reviews that fall due before the date: they take their share of the pace. */
  readonly reviews?: number;
}

/** From this probability a date is said to hold, below the other one to be out of reach. */
const HOLDS_AT = 0.5;
const OUT_OF_REACH_BELOW = 0.1;
/** Slower than this is no pace: an answer in three months. */
const PER_DAY_MIN = 0.01;

export function dateForecast(work: Work, { due, now, perDay: lately, minutesPerWeek, reviews = 0 }: DateQuestion): DateForecast {
  const daysLeft = Math.ceil((due - now) / DAY_MS);
  const perDay = paceOf(work, lately, minutesPerWeek);
  const date = { due, daysLeft, perDay };
  if (work.open === 0) return { ...date, doneAt: now, probability: 1, holds: true, reason: said('goal-reached', { mastered: work.mastered, needed: work.needed }) };
  if (due <= now) return { ...date, doneAt: null, probability: 0, holds: false, reason: said('date-passed', { open: work.open, days: -daysLeft }) };
  if (perDay === null) return { ...date, doneAt: null, probability: null, holds: null, reason: said('date-unknown', { items: Math.ceil(work.items.expected), days: daysLeft }) };
  const all = work.items.expected + reviews;
  const doneAt = now + Math.ceil(all / perDay) * DAY_MS;
  const probability = below((perDay * ((due - now) / DAY_MS) - all) / Math.max(1, work.spread));
  const params = {
    items: Math.ceil(work.items.expected),
    days: daysLeft,
    pace: Math.round(perDay * 10) / 10,
    needed: Math.ceil((all / daysLeft) * 10) / 10,
    share: Math.round(probability * 100) / 100,
  };
  const key = probability >= HOLDS_AT ? 'date-holds' : probability < OUT_OF_REACH_BELOW ? 'date-out-of-reach' : 'date-at-risk';
  return { ...date, doneAt, probability, holds: probability >= HOLDS_AT, reason: said(key, params) };
}

function paceOf({ items, minutes }: Work, lately: number | null, minutesPerWeek: number | undefined): number | null {
  if (lately !== null && lately >= PER_DAY_MIN) return lately;
  if (minutesPerWeek === undefined || minutes.expected === 0) return null;
  return Math.max(PER_DAY_MIN, (minutesPerWeek / 7) * (items.expected / minutes.expected));
}

export function pace(standing: Standing): number | null {
  return answersPerDay(standing.state, standing.now);
}

/** The normal distribution function, by its logistic approximation (Bowling et al., 2009; off by .0002 at most). */
function below(z: number): number {
  return 1 / (1 + Math.exp(-0.07056 * z ** 3 - 1.5976 * z));
}
