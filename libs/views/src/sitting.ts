// How the sitting goes and at what pace answers come: part of the learner's row, changed in place by the fold.
import type { Instant } from '@trellis/event-sourcing';
import type { SkillId } from '@trellis/learning';

/** Whatever is observed with less than this between is one sitting. */
export const SITTING_GAP_MS = 30 * 60_000;

/** The learner's current or last sitting. The fold changes it in place. */
export interface Sitting {
  startedAt: Instant;
  answers: number;
  wrongInARow: number;
  /** Answers that came too fast to be thought about; they count for nothing else. */
  rapid: number;
  /** Natural logarithm of the learner's usual milliseconds an answer, single precision; 0 until there is one. */
  usualLogMs: number;
  /** The same of the last answers of this sitting alone. */
  recentLogMs: number;
  /** Answers with a duration so far, at most `TIMED_MAX`. */
  timed: number;
  /** Of all sittings: when the first and the newest answer were given; 0 before them. */
  firstAnswerAt: Instant;
  lastAnswerAt: Instant;
  /** Answers of the last weeks: each counts half as much for every `PACE_HALF_LIFE_MS` that it lay back at the newest one. Single precision. */
  lately: number;
}

export const PACE_HALF_LIFE_MS = 7 * 24 * 3_600_000;

/** Part of the fold: one more answer, in the order of what happened. */
export function countTowardsPace(sitting: Sitting, at: Instant): void {
  if (sitting.firstAnswerAt === 0) sitting.firstAnswerAt = at;
  const since = Math.max(0, at - sitting.lastAnswerAt);
  sitting.lately = Math.fround(sitting.lately * (since === 0 ? 1 : 2 ** (-since / PACE_HALF_LIFE_MS)) + 1);
  sitting.lastAnswerAt = at;
}

export const TIMED_MAX = 1_000;

export function newSitting(): Sitting {
  return { startedAt: 0, answers: 0, wrongInARow: 0, rapid: 0, usualLogMs: 0, recentLogMs: 0, timed: 0, firstAnswerAt: 0, lastAnswerAt: 0, lately: 0 };
}

/** The skills of the newest graded answer, and how many answers in a row they had. The fold changes it in place. */
export interface Current {
  readonly skills: readonly SkillId[];
  run: number;
}

export function beginSitting(sitting: Sitting, at: Instant): void {
  sitting.startedAt = at;
  sitting.answers = 0;
  sitting.wrongInARow = 0;
  sitting.rapid = 0;
  sitting.recentLogMs = 0;
}

/** Left alone for longer than this, nobody was thinking about it: such a time says nothing of a pace. */
const IDLE_FROM_MS = 10 * 60_000;
/**
 * Too fast to have been read: below a tenth of the learner's usual time, and at most 3 seconds (the normative threshold of Wise & Ma, 2012); below
 * one second as long as few answers say what is usual.
 */
const RAPID_SHARE = 0.1;
const RAPID_MAX_MS = 3_000;
const RAPID_UNKNOWN_MS = 1_000;
const USUAL_FROM_ANSWERS = 10;
/** How fast the recent pace follows. */
const RECENT_WEIGHT = 0.3;

/** Part of the fold: one more answer. Says whether it came too fast to be thought about. */
export function countAnswer(sitting: Sitting, at: Instant, durationMs: number | undefined): boolean {
  sitting.answers++;
  countTowardsPace(sitting, at);
  if (durationMs === undefined || durationMs > IDLE_FROM_MS) return false;
  if (durationMs < rapidBelow(sitting)) {
    sitting.rapid++;
    return true;
  }
  const logMs = Math.log(durationMs);
  sitting.timed = Math.min(TIMED_MAX, sitting.timed + 1);
  sitting.usualLogMs = Math.fround(sitting.usualLogMs + (logMs - sitting.usualLogMs) / sitting.timed);
  sitting.recentLogMs = Math.fround(sitting.recentLogMs === 0 ? logMs : sitting.recentLogMs + RECENT_WEIGHT * (logMs - sitting.recentLogMs));
  return false;
}

function rapidBelow({ timed, usualLogMs }: Sitting): number {
  return timed < USUAL_FROM_ANSWERS ? RAPID_UNKNOWN_MS : Math.min(RAPID_MAX_MS, RAPID_SHARE * Math.exp(usualLogMs));
}
