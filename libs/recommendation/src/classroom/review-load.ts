// Which reviews fall on which of the coming days, moved by a day or two so that no day is overloaded, as FSRS does with its fuzz.
import type { Instant } from '@trellis/event-sourcing';
import type { SkillId } from '@trellis/learning';
import { reviewAtOf } from '@trellis/views';
import { DAY_MS, minutesEach } from './pace.js';
import type { Standing } from './standing.js';

export interface PlannedReview {
  readonly skill: SkillId;
  /** When recall falls to where a review is due. */
  readonly dueAt: Instant;
  /** The day it is planned for: 0 is the 24 hours from now. */
  readonly day: number;
  /** Days by which it was moved: below 0 it comes earlier. */
  readonly moved: number;
}

export interface ReviewDay {
  readonly day: number;
  /** What falls due on it; on today also what is overdue. */
  readonly due: number;
  /** What is planned for it. */
  readonly planned: number;
  readonly minutes: number;
}

export interface ReviewLoad {
  readonly days: readonly ReviewDay[];
  readonly reviews: readonly PlannedReview[];
  /** Of the first planned review, moved or not; null: nothing of what is mastered falls due within the days. */
  readonly nextAt: Instant | null;
  /** Due today or before. */
  readonly dueNow: number;
}

export const REVIEW_DAYS = 14;

/** Of what is mastered today; what will be mastered meanwhile comes on top. */
export function reviewLoad({ state, map, skills, now }: Pick<Standing, 'state' | 'map' | 'skills' | 'now'>): ReviewLoad {
  const raw = new Array<number>(REVIEW_DAYS).fill(0);
  const due: (Due & { readonly skill: SkillId; readonly number: number })[] = [];
  for (const { skill, number, mastered, state: at } of skills) {
    const dueAt = mastered ? reviewAtOf(at, state.calibration) : null;
    if (dueAt === null) continue;
    const day = Math.max(0, Math.floor((dueAt - now) / DAY_MS));
    if (day >= REVIEW_DAYS) continue;
    raw[day] = (raw[day] ?? 0) + 1;
    due.push({ skill: skill.id, number, dueAt, day, window: windowOf((dueAt - at.lastAt) / DAY_MS) });
  }
  const reviews = smoothed(due).map(({ skill, number, dueAt, day, to }) => ({ skill, number, dueAt, day: to, moved: to - day }));
  const days = raw.map((count, day) => {
    const here = reviews.filter((review) => review.day === day);
    return { day, due: count, planned: here.length, minutes: here.reduce((sum, { number }) => sum + minutesEach(state, map, number), 0) };
  });
  return {
    days,
    reviews: reviews.map(({ skill, dueAt, day, moved }) => ({ skill, dueAt, day, moved })),
    nextAt: reviews.length === 0 ? null : Math.min(...reviews.map(({ dueAt, moved }) => Math.max(now, dueAt + moved * DAY_MS))),
    dueNow: raw[0] ?? 0,
  };
}

interface Due {
  readonly dueAt: Instant;
  readonly day: number;
  /** Days by which it may be moved to each side. */
  readonly window: number;
}

/** Short intervals are kept: a day is a large part of them. */
function windowOf(intervalDays: number): number {
  return intervalDays < 3 ? 0 : intervalDays < 7 ? 1 : 2;
}

/** Each where the least is planned so far, the nearest of equal days, the later of equally near ones; those that can move least are placed first. */
function smoothed<Each extends Due>(due: readonly Each[]): readonly (Each & { readonly to: number })[] {
  const planned = new Array<number>(REVIEW_DAYS).fill(0);
  const ordered = due.map((each, place) => ({ each, place })).sort((a, b) => a.each.window - b.each.window || a.each.dueAt - b.each.dueAt || a.place - b.place);
  const placed = ordered.map(({ each, place }) => {
    let to = each.day;
    for (const moved of [0, 1, -1, 2, -2]) {
      const day = each.day + moved;
      if (Math.abs(moved) > each.window || day < 0 || day >= REVIEW_DAYS) continue;
      if ((planned[day] ?? 0) < (planned[to] ?? 0)) to = day;
    }
    planned[to] = (planned[to] ?? 0) + 1;
    return { each, place, to };
  });
  return placed.sort((a, b) => a.to - b.to || a.place - b.place).map(({ each, to }) => ({ ...each, to }));
}
