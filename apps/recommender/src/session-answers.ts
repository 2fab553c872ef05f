// The answers of one placement or assessment: those of the learner's stream that name it as their session, with what became of their scores.
import { known, type EventId, type Instant, type Revision, type Sources } from '@trellis/event-sourcing';
import { learnerStream, type AnswerData, type AnswerScored, type AnswerVoided, type LearnerId, type TenantId } from '@trellis/learning';
import { compare, type Order } from '@trellis/views';

export interface SessionAnswer extends Omit<AnswerData, 'score'> {
  /** Of its event. */
  readonly id: EventId;
  readonly at: Instant;
  /** 0..1; null: nobody has graded it yet. */
  readonly score: number | null;
}

interface Correction {
  readonly order: Order;
  readonly score: number | null;
  readonly isVoid: boolean;
}

/** A session that begins has few events before its last answer; whatever else the learner did meanwhile is read, too. */
const EVENTS_MAX = 5_000;

/** In the order of what happened. `from`: the revision at which the session began; `to`: what is known (inclusive). */
export async function sessionAnswers({ store, codec }: Sources, { tenant, learner, session, from, to }: { readonly tenant: TenantId; readonly learner: LearnerId; readonly session: string; readonly from: Revision; readonly to: Revision }): Promise<readonly SessionAnswer[]> {
  const answers = new Map<EventId, SessionAnswer>();
  const corrections = new Map<EventId, Correction>();
  for await (const page of store.read(learnerStream(tenant, learner), { from, to: Math.min(to, from + EVENTS_MAX - 1) })) {
    for (const { id, type, data, meta } of known(codec, page)) {
      // A type names the shape of its data.
      if (type === 'AnswerGiven') {
        const answer = data as AnswerData;
        if (answer.session === session && !answers.has(id)) answers.set(id, { ...answer, id, at: meta.occurredAt });
      } else if (type === 'AnswerScored' || type === 'AnswerVoided') {
        const { answer, ...correction } = data as AnswerScored['data'] | AnswerVoided['data'];
        const order: Order = { at: meta.occurredAt, sequence: meta.sequence ?? 0, id };
        const other = corrections.get(answer);
        // The newest one stands, as in every fold.
        if (other === undefined || compare(order, other.order) > 0) corrections.set(answer, { order, score: 'score' in correction ? correction.score : null, isVoid: type === 'AnswerVoided' });
      }
    }
  }
  return [...answers.values()]
    .filter(({ id }) => corrections.get(id)?.isVoid !== true)
    .map((answer) => ({ ...answer, score: corrections.get(answer.id)?.score ?? answer.score }))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
}
