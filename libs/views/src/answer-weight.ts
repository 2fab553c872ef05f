// What an answer counts for: one rule for the learner's row and for whoever reads a history to fit or to judge by it.
import type { Envelope, Instant } from '@trellis/event-sourcing';
import { isCorrection, type AnswerData } from '@trellis/learning';
import { evidence } from '@trellis/mastery';
import { inOrder, isLate, orderOf, type Order } from './fold-order.js';
import { countAnswer, newSitting, type Sitting } from './sitting.js';

/**
 * 1: as engine 1 folded, whose decisions are made again by it. 2: answers that came too fast to be thought about are no evidence, and recall begins
 * with the first answer.
 */
export type FoldRules = 1 | 2;

/** Part of the fold: one more answer, in the order of what happened. False: it came too fast to be thought about, and is no evidence. */
export function isThought(sitting: Sitting, at: Instant, { durationMs }: Pick<AnswerData, 'durationMs'>, rules: FoldRules): boolean {
  return !countAnswer(sitting, at, durationMs) || rules === 1;
}

/** An answer that counts, with the score it counts with. */
export interface CountedAnswer {
  readonly data: AnswerData;
  readonly score: number;
  readonly order: Order;
}

/** The answers of one learner that count, as they are in the learner's row: for readers of many histories, who keep nothing else of a learner. */
export class CountedAnswers {
  private newest: Order | null = null;
  private readonly sitting = newSitting();

  /** Null: it counts for nothing. Late: earlier ones count otherwise than was said, `countedAnswers` of them all says how. */
  take(event: Envelope): CountedAnswer | null | 'late' {
    if (isCorrection(event.type)) return 'late';
    if (event.type !== 'AnswerGiven') return null;
    if (this.newest !== null && isLate(event, this.newest)) return 'late';
    const order = orderOf(event);
    this.newest = order;
    // A type names the shape of its data: the codec has brought it to today's schema.
    const data = event.data as AnswerData;
    const score = isThought(this.sitting, order.at, data, 2) ? evidence(data) : null;
    return score === null ? null : { data, score, order };
  }
}

/** Of all events of a learner, in whatever order they arrived. */
export function countedAnswers(events: readonly Envelope[]): readonly CountedAnswer[] {
  const counted = new CountedAnswers();
  return inOrder(events).dated.flatMap((event) => {
    // Of a voided answer only the place is left. In their order, none is late.
    const answer = event.type === 'AnswerGiven' ? counted.take(event) : null;
    return answer === null || answer === 'late' ? [] : [answer];
  });
}
