// A recommendation as the public interface shows it.
import type { Instant, Revision } from '@trellis/event-sourcing';
import type { ChosenItem, Pacing, Reason } from '@trellis/learning';
import { reasonText } from './reasons.js';
import type { Made } from './recommender.js';

/** `time` writes an instant as RFC 3339. */
export function recommendationBody({ id, learner, decision }: Made, time: (at: Instant) => string): RecommendationBody {
  const { wish, at, basedOn, versions, seed, pacing, items } = decision;
  const { reviewAt, reason, ...pace } = pacing;
  return {
    recommendationId: id,
    learner,
    course: wish.course,
    at: time(at),
    basedOn: { revision: basedOn.revision, ...(basedOn.classroom === null ? {} : { classroom: basedOn.classroom }) },
    versions,
    seed,
    pacing: { ...pace, ...(reviewAt === undefined ? {} : { reviewAt: time(reviewAt) }), reason: withText(reason) },
    items: items.map((item) => ({ ...item, reason: withText(item.reason) })),
  };
}

export interface ReasonBody extends Reason {
  readonly text: string;
}

export interface RecommendationBody extends Pick<Made['decision'], 'versions' | 'seed'> {
  readonly basedOn: { readonly revision: Revision; readonly classroom?: { readonly id: string; readonly revision: Revision } };
  readonly recommendationId: string;
  readonly learner: string;
  readonly course: string;
  readonly at: string;
  readonly pacing: Omit<Pacing, 'reviewAt' | 'reason'> & { readonly reviewAt?: string; readonly reason: ReasonBody };
  readonly items: readonly (Omit<ChosenItem, 'reason'> & { readonly reason: ReasonBody })[];
}

function withText(reason: Reason): ReasonBody {
  return { ...reason, text: reasonText(reason) };
}
