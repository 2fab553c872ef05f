// A recommendation as the public interface shows it.
import type { Instant, Revision } from '@trellis/event-sourcing';
import type { ChosenItem, Pacing, Passed, Reason } from '@trellis/learning';
import type { Language } from './reason-texts.js';
import { reasonText, teacherText } from './reasons.js';
import type { Made } from './recommender.js';

/** `time` writes an instant as RFC 3339. */
export function recommendationBody({ id, learner, decision }: Made, time: (at: Instant) => string, language: Language = 'en'): RecommendationBody {
  const { wish, at, basedOn, versions, seed, pacing, offer = 'next', items, passed } = decision;
  const { reviewAt, reason, ...pace } = pacing;
  const withText = (each: Reason): ReasonBody => ({ ...each, text: reasonText(each, language), teacher: teacherText(each, language) });
  return {
    recommendationId: id,
    learner,
    course: wish.course,
    at: time(at),
    basedOn: { revision: basedOn.revision, ...(basedOn.classroom === null ? {} : { classroom: basedOn.classroom }) },
    versions,
    seed,
    pacing: { ...pace, ...(reviewAt === undefined ? {} : { reviewAt: time(reviewAt) }), reason: withText(reason) },
    offer,
    items: items.map(({ reason: why, fitted, counterfactual, ...item }) => ({
      ...item,
      reason: withText(why),
      ...(fitted === undefined ? {} : { fitted: fitted.map(withText) }),
      ...(counterfactual === undefined ? {} : { counterfactual: withText(counterfactual) }),
    })),
    ...(passed === undefined ? {} : { passed: passed.map(({ reason: why, ...each }) => ({ ...each, reason: withText(why) })) }),
  };
}

export interface ReasonBody extends Reason {
  /** For the learner. */
  readonly text: string;
  /** For the teacher, fuller. */
  readonly teacher: string;
}

type ItemBody = Omit<ChosenItem, 'reason' | 'fitted' | 'counterfactual'> & { readonly reason: ReasonBody; readonly fitted?: readonly ReasonBody[]; readonly counterfactual?: ReasonBody };

export interface RecommendationBody extends Pick<Made['decision'], 'versions' | 'seed'> {
  readonly basedOn: { readonly revision: Revision; readonly classroom?: { readonly id: string; readonly revision: Revision } };
  readonly recommendationId: string;
  readonly learner: string;
  readonly course: string;
  readonly at: string;
  readonly pacing: Omit<Pacing, 'reviewAt' | 'reason'> & { readonly reviewAt?: string; readonly reason: ReasonBody };
  readonly offer: 'next' | 'options';
  readonly items: readonly ItemBody[];
  readonly passed?: readonly (Omit<Passed, 'reason'> & { readonly reason: ReasonBody })[];
}
