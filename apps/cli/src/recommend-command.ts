// `trellis recommend`: what next, as `POST /v1/learners/{id}/recommendations` answers it. The decision is kept.
import { isRefusal } from '@trellis/event-sourcing';
import { acceptedLanguage, recommendationBody, type RecommendationBody } from '@trellis/recommendation';
import { askOf, askSchema, learnerSchema } from '@trellis/recommender';
import { DEFAULT_TENANT, formatTime } from '@trellis/service';
import { aligned } from './aligned.js';
import { Failure } from './failure.js';
import type { Io, Outcome } from './io.js';
import { clientOf, onEngine, type TargetOptions } from './target.js';

export interface RecommendOptions extends TargetOptions {
  readonly course?: string;
  readonly count?: number;
  readonly objective?: string;
  readonly budgetMinutes?: number;
  readonly requestId?: string;
}

export async function recommend(learner: string, { course, count, objective, budgetMinutes, requestId, ...target }: RecommendOptions, io: Io): Promise<Outcome> {
  const id = learnerSchema.parse(learner, 'learner');
  const given = Object.entries({ course, count, objective, budgetMinutes, requestId }).filter(([, value]) => value !== undefined);
  const asked = askSchema.parse(Object.fromEntries(given));
  const client = clientOf(target, io);
  if (client !== null) {
    const path = `/v1/learners/${encodeURIComponent(id)}/recommendations`;
    // Sent again after a busy answer, it must be the same question.
    const body = JSON.stringify({ requestId: `cli-${crypto.randomUUID()}`, ...asked });
    return outcomeOf((await client.send({ method: 'POST', path, body })) as RecommendationBody); // what this route answers
  }
  return onEngine(target, io, 'write', async ({ recommender }) => {
    const made = await recommender.recommend(askOf(DEFAULT_TENANT, id, asked, io.now()));
    if (isRefusal(made)) throw new Failure(made.detail ?? made.refused);
    return outcomeOf(recommendationBody(made, formatTime, acceptedLanguage(undefined, made.language)));
  });
}

function outcomeOf(made: RecommendationBody): Outcome {
  const { learner, course, pacing, items, basedOn, recommendationId } = made;
  const { action, items: many, minutes, reviewAt, reason } = pacing;
  const pace = [
    action,
    ...(many === undefined ? [] : [`${many} ${many === 1 ? 'item' : 'items'}`]),
    ...(minutes === undefined ? [] : [`${minutes} min`]),
    ...(reviewAt === undefined ? [] : [`review at ${reviewAt}`]),
  ].join(', ');
  const rows = items.map((item) => [item.item, item.action, item.skills.join(' '), item.prediction.toFixed(2), item.probability.toFixed(4), item.reason.text]);
  const table = rows.length === 0 ? [] : aligned([['item', 'action', 'skills', 'P(right)', 'P(drawn)', 'reason'], ...rows]);
  const lines = [`${learner} in ${course}: ${pace}: ${reason.text}`, ...table.map((line) => `  ${line}`), `  history up to revision ${basedOn.revision}; ${recommendationId}`];
  return { json: made, text: lines.join('\n') };
}
