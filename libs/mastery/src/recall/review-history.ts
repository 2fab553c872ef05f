// Which answers are reviews: what the learner's row and the fit of recall go by.
import type { AnswerLog } from '../answer-log.js';

/** One learner's reviews of one skill. */
export interface ReviewHistory {
  readonly learner: number;
  /** Whole days (UTC) since the review before; 0 for the first. */
  readonly days: Int32Array;
  readonly right: Uint8Array;
}

const DAY_MS = 24 * 3_600_000;

/** Whole days (UTC) from one moment to another. */
export function wholeDays(from: number, to: number): number {
  return Math.floor(to / DAY_MS) - Math.floor(from / DAY_MS);
}

/** The first graded answer is the first review; after that the first of each day on which there is one. Nothing without times. */
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
        const days = wholeDays(card.last, when);
        card.last = when;
        if (days <= 0) continue;
        card.days.push(days);
        card.right.push(isRight);
      }
    }
    for (const card of cards.values()) histories.push({ learner, days: Int32Array.from(card.days), right: Uint8Array.from(card.right) });
  }
  return histories;
}
