// Which answers are reviews: what the learner's row and the fit of recall go by.
import type { AnswerLog } from '../answer-log.js';

/** One learner's reviews of one skill. */
export interface ReviewHistory {
  readonly learner: number;
  /** Whole days (UTC) since the review before; 0 for the first, and within a day. */
  readonly days: Int32Array;
  readonly right: Uint8Array;
}

/** Reviews that say whether it was remembered over days. */
export function outcomesOf({ days }: ReviewHistory): number {
  return days.reduce((count, elapsed) => count + (elapsed > 0 ? 1 : 0), 0);
}

const DAY_MS = 24 * 3_600_000;

/** Whole days (UTC) from one moment to another. */
export function wholeDays(from: number, to: number): number {
  return Math.floor(to / DAY_MS) - Math.floor(from / DAY_MS);
}

/** Every graded answer is a review. Nothing without times. */
export function reviewHistories({ vocabulary, starts, combination, right, at }: AnswerLog): readonly ReviewHistory[] {
  if (at === null) return [];
  const histories: ReviewHistory[] = [];
  for (let learner = 0; learner + 1 < starts.length; learner++) {
    const cards = new Map<number, { last: number; readonly days: number[]; readonly right: number[] }>();
    for (let row = starts[learner] ?? 0; row < (starts[learner + 1] ?? 0); row++) {
      const [when, isRight] = [at[row] ?? 0, right[row] ?? 0];
      for (const skill of vocabulary.combinations[combination[row] ?? -1] ?? []) {
        const card = cards.get(skill);
        if (card === undefined) {
          cards.set(skill, { last: when, days: [0], right: [isRight] });
          continue;
        }
        card.days.push(Math.max(0, wholeDays(card.last, when)));
        card.last = when;
        card.right.push(isRight);
      }
    }
    for (const card of cards.values()) histories.push({ learner, days: Int32Array.from(card.days), right: Uint8Array.from(card.right) });
  }
  return histories;
}
