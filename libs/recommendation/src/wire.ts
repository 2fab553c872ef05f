// A recommendation as the public interface shows it.
import type { Instant, Revision } from '@trellis/event-sourcing';
import type { ChosenItem, Pacing, Passed, Reason } from '@trellis/learning';
import { LANGUAGES, type Language } from './reason-texts.js';
import { languageOf, reasonText, teacherText } from './reasons.js';
import type { Made } from './recommender.js';

/** Of an `Accept-Language`; whatever comes after them is not read. */
const RANGES_MAX = 20;

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

/** Of what an `Accept-Language` accepts (RFC 9110) the language that weighs most and that there are texts in; without one, that of `otherwise`, a BCP 47 tag. */
export function acceptedLanguage(header: string | undefined, otherwise?: string): Language {
  const accepted = (header ?? '').split(',').slice(0, RANGES_MAX).map((range) => {
    const [tag = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice(2) ?? 1);
    return { language: LANGUAGES.find((language) => language === tag.split('-')[0]), weight };
  });
  const best = accepted.filter(({ language, weight }) => language !== undefined && weight > 0).sort((a, b) => b.weight - a.weight)[0];
  return best?.language ?? languageOf(otherwise);
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
