// How fast a learner goes: answers a day lately, minutes an answer.
import type { Instant } from '@trellis/event-sourcing';
import { PACE_HALF_LIFE_MS, type LearnerState } from '@trellis/views';
import type { CourseMap } from '../course-map.js';

export const DAY_MS = 24 * 3_600_000;
/** For an item whose course does not say. */
const ITEM_MINUTES = 1;
/** Answers with a duration from which the learner's own time is usual. */
const TIMED_ENOUGH = 10;
/** What stands for one answer is neither shorter nor longer. */
const MINUTES = { min: 0.1, max: 20 } as const;

/** Answers a day over the last weeks, the newer the heavier; null before the first answer. */
export function answersPerDay({ sitting: { firstAnswerAt, lastAnswerAt, lately } }: Pick<LearnerState, 'sitting'>, now: Instant): number | null {
  if (firstAnswerAt === 0) return null;
  const halfLife = PACE_HALF_LIFE_MS / DAY_MS;
  const counted = lately * 2 ** (-Math.max(0, now - lastAnswerAt) / PACE_HALF_LIFE_MS);
  // What one answer a day since the first would have come to; the first day counts as a whole one.
  const days = Math.max(1, (now - firstAnswerAt) / DAY_MS);
  const steady = (halfLife / Math.LN2) * (1 - 2 ** (-days / halfLife));
  return counted / steady;
}

/** The learner's own usual time, else what the course says of the skill's items. */
export function minutesEach({ sitting }: Pick<LearnerState, 'sitting'>, map: CourseMap, skill: number): number {
  if (sitting.timed >= TIMED_ENOUGH && sitting.usualLogMs > 0) return bounded(Math.exp(sitting.usualLogMs) / 60_000);
  const items = map.skills[skill]?.practice ?? [];
  if (items.length === 0) return ITEM_MINUTES;
  return bounded(items.reduce((sum, { item }) => sum + (item.minutes ?? ITEM_MINUTES), 0) / items.length);
}

function bounded(minutes: number): number {
  return Math.min(MINUTES.max, Math.max(MINUTES.min, minutes));
}
