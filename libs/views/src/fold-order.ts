// The order in which what happened to one learner folds, whatever the order in which it arrived.
import type { Envelope, EventId, Instant } from '@trellis/event-sourcing';
import { isCorrection, isObservation, type AnswerData, type AnswerScored, type AnswerVoided } from '@trellis/learning';
import { AWAITED_MAX } from './learner-told.js';

/** The place of an observation among a learner's others. */
export interface Order {
  readonly at: Instant;
  readonly sequence: number;
  readonly id: EventId;
}

/** Folds by when it happened: every fact, and where a diagnostic says what is known. Everything else folds in the order of the stream. */
export function isDated(type: string): boolean {
  return isObservation(type) || type === 'PlacementConcluded';
}

/** Facts by when they happened, each once and as they were corrected; decisions where their stream has them. */
export function inOrder(events: readonly Envelope[]): { readonly dated: readonly Envelope[]; readonly decisions: readonly Envelope[]; readonly awaited: readonly EventId[] } {
  const dated = new Map<EventId, Envelope>();
  const decisions: Envelope[] = [];
  const corrections = new Map<EventId, Envelope>();
  for (const event of events) {
    if (isCorrection(event.type)) {
      // A type names the shape of its data.
      const { answer } = event.data as (AnswerScored | AnswerVoided)['data'];
      const other = corrections.get(answer);
      // The newest one stands, by when it was made: so it does not matter which one arrived first.
      if (other === undefined || compare(orderOf(event), orderOf(other)) > 0) corrections.set(answer, event);
      continue;
    }
    if (!isObservation(event.type)) decisions.push(event);
    // What was recorded first stands.
    if (isDated(event.type) && !dated.has(event.id)) dated.set(event.id, event);
  }
  for (const [id, correction] of corrections) {
    const answer = dated.get(id);
    if (answer?.type === 'AnswerGiven') dated.set(id, corrected(answer, correction));
  }
  return {
    dated: [...dated.values()].sort((a, b) => compare(orderOf(a), orderOf(b))),
    decisions,
    awaited: [...corrections.keys()].filter((id) => !dated.has(id)).sort().slice(0, AWAITED_MAX),
  };
}

/** Facts in their order, then the rest in that of the stream; as they are where they are in order, or where one belongs to both. */
export function arranged(events: readonly Envelope[]): readonly Envelope[] {
  const facts: Envelope[] = [];
  const decisions: Envelope[] = [];
  let isInOrder = true;
  let before: Order | null = null;
  for (const event of events) {
    if (!isObservation(event.type)) {
      if (isDated(event.type)) return events;
      decisions.push(event);
      continue;
    }
    const order = orderOf(event);
    if (before !== null && compare(order, before) < 0) isInOrder = false;
    before = order;
    facts.push(event);
  }
  // Of what was recorded twice the first stands, which only the order of the stream tells.
  if (isInOrder || new Set(facts.map(({ id }) => id)).size < facts.length) return events;
  return [...facts.sort((a, b) => compare(orderOf(a), orderOf(b))), ...decisions];
}

/** Of a voided answer only its place is left: when it comes again, it still is late. */
function corrected(answer: Envelope, { type, data }: Envelope): Envelope {
  if (type === 'AnswerVoided') return { ...answer, type };
  // A type names the shape of its data.
  return { ...answer, data: { ...(answer.data as AnswerData), score: (data as AnswerScored['data']).score } };
}

export function orderOf({ id, meta }: Envelope): Order {
  return { at: meta.occurredAt, sequence: meta.sequence ?? 0, id };
}

/** Whether an event's place is not behind that of another one. Without an `Order` of its own: every event comes by here. */
export function isLate({ id, meta }: Envelope, { at, sequence, id: newest }: Order): boolean {
  if (meta.occurredAt !== at) return meta.occurredAt < at;
  const own = meta.sequence ?? 0;
  return own === sequence ? id <= newest : own < sequence;
}

export function compare(a: Order, b: Order): number {
  return a.at - b.at || a.sequence - b.sequence || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
