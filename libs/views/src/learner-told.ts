// What a learner said beside answers, and how the sitting goes: part of the learner's row, folded from observations in their order.
import type { Instant } from '@trellis/event-sourcing';
import type { Feedback, Mood, Preferences, SkillId } from '@trellis/learning';

/** Plain data, so that it goes into the row as it is. */
export interface Told {
  readonly session: { readonly session: string; readonly at: Instant; readonly budgetMinutes?: number } | null;
  readonly mood: { readonly mood: Mood; readonly at: Instant } | null;
  readonly preferences: Preferences;
  /** The newest last; `item` is its `hash48`. */
  readonly feedback: readonly { readonly item: number; readonly skills: readonly SkillId[]; readonly feedback: Feedback; readonly at: Instant }[];
  /** The newest of each skill. */
  readonly selfAssessed: readonly { readonly skill: SkillId; readonly level: number; readonly at: Instant }[];
}

export const NOTHING_TOLD: Told = { session: null, mood: null, preferences: {}, feedback: [], selfAssessed: [] };

export const FEEDBACK_MAX = 10;
export const SELF_ASSESSED_MAX = 50;

/** Answers with less than this between them are one sitting. */
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

/** The skill of the newest graded answer, and how many answers in a row it had. */
export interface Current {
  readonly skills: readonly SkillId[];
  readonly run: number;
}
