import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { isRefusal } from '@trellis/event-sourcing';
import { placeOf } from '@trellis/learning';
import { acceptedLanguage, recommendationBody, Recommender, type Made, type RecommendationBody } from '@trellis/recommendation';
import { AdmittedAs, Answers, Caller, Clock, formatTime, notFound, querySchemaOf, Roles, TakesBody, TakesQuery } from '@trellis/service';
import { ASK_JSON, askOf, askProblem, askSchema, learnerSchema } from './ask.schema.js';
import { RECOMMENDATION_JSON, RECOMPUTED_JSON } from './recommendation.schema.js';
import { RecommenderMetrics } from './recommender-metrics.js';

const querySchema = querySchemaOf<{ readonly recompute?: boolean }>({
  type: 'object',
  additionalProperties: false,
  properties: { recompute: { type: 'boolean', description: 'true: make the decision again from the log alone and compare' } },
});

type RecomputedBody = { identical: boolean; differs: readonly string[]; recomputed: RecommendationBody } | { gone: string };

@Controller('v1')
export class RecommendationsController {
  constructor(
    @Inject(Recommender) private readonly recommender: Recommender,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(RecommenderMetrics) private readonly metrics: RecommenderMetrics,
  ) {}

  @Post('learners/:learner/recommendations')
  @HttpCode(200)
  @AdmittedAs('recommendation')
  @Roles('platform', 'teacher')
  @TakesBody(ASK_JSON)
  @Answers(RECOMMENDATION_JSON, { summary: 'What next for this learner, at what pace, and why', description: 'The decision is durable' })
  async recommend(@Caller() { tenant }: Caller, @Param('learner') learner: string, @Body() body: unknown, @Headers('accept-language') accepted?: string): Promise<RecommendationBody> {
    const id = learnerSchema.parse(learner, 'learner');
    const asked = askSchema.parse(body ?? {});
    const made = await this.metrics.timed(() => this.recommender.recommend(askOf(tenant, id, asked, this.clock.now())));
    if (isRefusal(made)) throw askProblem(made, asked);
    return recommendationBody(made, formatTime, acceptedLanguage(accepted, made.language));
  }

  @Get('recommendations/:id')
  @Roles('platform', 'teacher', 'analyst')
  @TakesQuery(querySchema.json)
  @Answers({ oneOf: [RECOMMENDATION_JSON, RECOMPUTED_JSON] }, { summary: 'A decision as it was made, and whether it would be made again', description: 'The decision as it was made; with recompute=true whether it would be made again' })
  async show(@Caller() { tenant }: Caller, @Param('id') id: string, @Query() query: object, @Headers('accept-language') accepted?: string): Promise<RecommendationBody | RecomputedBody> {
    const { recompute = false } = querySchema.parse({ ...query });
    const made = await this.find(tenant, id);
    const language = acceptedLanguage(accepted, await this.recommender.languageOf(tenant, made.learner));
    if (!recompute) return recommendationBody(made, formatTime, language);
    const outcome = await this.recommender.recompute(tenant, made);
    return 'gone' in outcome ? outcome : { ...outcome, recomputed: recommendationBody({ ...made, decision: outcome.recomputed }, formatTime, language) };
  }

  /** Another tenant's recommendation is as unknown as one that was never made. */
  private async find(tenant: Caller['tenant'], id: string): Promise<Made> {
    const place = placeOf(id);
    const made = place?.tenant === tenant ? await this.recommender.recommendationAt(tenant, place.learner, place.revision) : null;
    if (made === null) throw notFound('There is no recommendation with this id; use the recommendationId of an answer of this service.', { field: 'id', value: id });
    return made;
  }
}
