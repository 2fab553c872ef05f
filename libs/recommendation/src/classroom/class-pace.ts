// A class against its calendar: what should be mastered by now, who is how many days off, and whether the dates hold.
import type { Instant } from '@trellis/event-sourcing';
import type { CalendarEntry, Classroom, CourseId, LearnerId, ObjectiveId, Reason } from '@trellis/learning';
import { neededSkills, type CourseMap } from '../course-map.js';
import { dateForecast, workLeft, type DateForecast } from './forecast.js';
import { answersPerDay, DAY_MS } from './pace.js';
import { said } from './reasons.js';
import { reviewLoad, type ReviewLoad } from './review-load.js';
import type { Standing } from './standing.js';

export interface LearnerPace {
  readonly learner: LearnerId;
  /** Skills of the calendar that are mastered. */
  readonly actual: number;
  /** Below 0: behind the calendar. */
  readonly days: number;
}

export interface ClassDate {
  readonly objective: ObjectiveId;
  readonly title: string;
  readonly due: Instant;
  /** Learners who will be done by then, at their pace of the last weeks. */
  readonly finishing: number;
  readonly learners: number;
  /** From `CLASS_HOLDS_AT` of the learners on; null: nobody's pace is known. */
  readonly holds: boolean | null;
  readonly reason: Reason;
}

export interface ClassPace {
  /** Skills that should be mastered by now; null: there is no calendar. */
  readonly expected: number | null;
  /** Mean over learners. */
  readonly actual: number;
  readonly days: number;
  readonly learners: readonly LearnerPace[];
  readonly dates: readonly ClassDate[];
  readonly reason: Reason;
}

export const CLASS_HOLDS_AT = 0.8;
/** Dates that a page looks at: the next ones. */
export const DATES_MAX = 6;
/** A class within this of its calendar is on pace. */
const ON_PACE_DAYS = 2;
/** Where nobody has answered yet, a calendar begins so long before its first date. */
const LEAD_MS = 14 * DAY_MS;

/** The calendar of a course; an objective of the class with a date of its own stands in it, too. */
export function calendarOf({ calendar, objectives }: Pick<Classroom, 'calendar' | 'objectives'>, course: CourseId): readonly CalendarEntry[] {
  const entries = calendar.find((each) => each.course === course)?.entries ?? [];
  const own = objectives.flatMap((each) => (each.course === course && each.due !== undefined && !entries.some(({ objective }) => objective === each.objective) ? [{ objective: each.objective, due: each.due }] : []));
  return [...entries, ...own].sort((a, b) => a.due - b.due);
}

export interface PaceQuestion {
  readonly map: CourseMap;
  readonly standings: readonly Standing[];
  /** By their dates. */
  readonly entries: readonly CalendarEntry[];
  readonly now: Instant;
}

export function classPace({ map, standings, entries: all, now }: PaceQuestion): ClassPace {
  // An objective that a later version of the course does not have any more is passed over.
  const entries = all.filter(({ objective }) => map.course.content.objectives.some(({ id }) => id === objective));
  const curve = curveOf(map, entries, standings);
  const planned = [...(curve?.skills ?? [])];
  const learners = standings.map(({ learner, skills }): LearnerPace => {
    const actual = planned.reduce((sum, number) => sum + Number(skills[number]?.mastered ?? false), 0);
    return { learner, actual, days: curve === null ? 0 : daysOff(curve, actual, now) };
  });
  const actual = rounded(mean(learners.map((each) => each.actual)));
  const days = Math.round(mean(learners.map((each) => each.days)));
  if (curve === null) return { expected: null, actual, days: 0, learners, dates: [], reason: said('no-calendar', {}) };
  const expected = rounded(expectedAt(curve, now));
  const key = days <= -ON_PACE_DAYS ? 'class-behind' : days >= ON_PACE_DAYS ? 'class-ahead' : 'class-on-pace';
  const next = entries.filter(({ due }) => due > now).slice(0, DATES_MAX);
  const loads = next.length === 0 ? [] : standings.map(reviewLoad);
  return { expected, actual, days, learners, dates: next.map((entry) => classDate({ map, standings, loads, now }, entry)), reason: said(key, { expected, actual, days: Math.abs(days) }) };
}

type Loaded = Pick<PaceQuestion, 'map' | 'standings' | 'now'> & { readonly loads: readonly ReviewLoad[] };

function classDate({ map, standings, loads, now }: Loaded, { objective, due }: CalendarEntry): ClassDate {
  const title = map.course.content.objectives.find(({ id }) => id === objective)?.title ?? objective;
  const { needed } = neededSkills(map, objective);
  const paces = standings.map(({ state }) => answersPerDay(state, now));
  // Who has not begun is reckoned with at the pace of the others.
  const usual = median(paces.filter((pace) => pace !== null));
  const forecasts = standings.map((standing, at): DateForecast => {
    const reviews = loads[at]?.reviews.filter(({ day }) => now + day * DAY_MS < due).length ?? 0;
    return dateForecast(workLeft(standing, needed), { due, now, perDay: paces[at] ?? usual, reviews });
  });
  const finishing = forecasts.filter(({ holds }) => holds === true).length;
  const holds = forecasts.some((each) => each.holds !== null) ? finishing >= CLASS_HOLDS_AT * standings.length : null;
  const wanted = forecasts.flatMap(({ holds: one, reason }) => (one === false && typeof reason.params['needed'] === 'number' ? [reason.params['needed']] : []));
  const params = { objective, title, finishing, learners: standings.length, needed: median(wanted) ?? 0 };
  return { objective, title, due, finishing, learners: standings.length, holds, reason: said(holds === null ? 'class-date-unknown' : holds ? 'class-date-holds' : 'class-date-at-risk', params) };
}

/** Skills that should be mastered at a time: straight lines between the dates. */
interface Curve {
  readonly points: readonly { readonly at: Instant; readonly count: number }[];
  readonly skills: ReadonlySet<number>;
}

function curveOf(map: CourseMap, entries: readonly CalendarEntry[], standings: readonly Standing[]): Curve | null {
  const [first] = entries;
  if (first === undefined) return null;
  const begun = standings.flatMap(({ state: { sitting } }) => (sitting.firstAnswerAt > 0 ? [sitting.firstAnswerAt] : []));
  const from = Math.min(first.due - 1, begun.length === 0 ? first.due - LEAD_MS : Math.min(...begun));
  const skills = new Set<number>();
  const points = [{ at: from, count: 0 }];
  for (const { objective, due } of entries) {
    for (const number of neededSkills(map, objective).needed) skills.add(number);
    points.push({ at: due, count: skills.size });
  }
  return { points, skills };
}

function expectedAt({ points }: Curve, now: Instant): number {
  let before = points[0];
  for (const point of points) {
    if (before === undefined || now <= before.at) return before?.count ?? 0;
    if (now < point.at) return before.count + ((point.count - before.count) * (now - before.at)) / (point.at - before.at);
    before = point;
  }
  return before?.count ?? 0;
}

/** From now to when the calendar expects as many: whole days, above 0 for whoever is ahead. */
function daysOff(curve: Curve, actual: number, now: Instant): number {
  const expected = expectedAt(curve, now);
  if (Math.abs(actual - expected) < 0.5) return 0;
  const { points } = curve;
  const at = points.findIndex(({ count }) => count >= actual);
  const [before, point] = [points[at - 1], points[at]];
  if (point === undefined) return 0;
  const when = before === undefined || point.count === before.count ? point.at : before.at + ((actual - before.count) * (point.at - before.at)) / (point.count - before.count);
  // Whoever has everything is ahead of the last date, not of nothing; whoever has nothing is behind since the beginning.
  const days = (when - now) / DAY_MS;
  return actual > expected ? Math.max(0, Math.floor(days)) : Math.min(0, Math.ceil(days));
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
