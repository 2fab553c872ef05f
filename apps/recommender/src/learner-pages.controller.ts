import { Controller, Get, Headers, Inject, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { isRefusal } from '@trellis/event-sourcing';
import { CURRICULUM_PATTERN, type CourseId } from '@trellis/learning';
import { acceptedLanguage, Recommender } from '@trellis/recommendation';
import { Answers, Caller, Clock, querySchemaOf, Roles, TakesQuery } from '@trellis/service';
import { askProblem, learnerSchema } from './ask.schema.js';
import { HISTORY_LIMIT_MAX, HistoryQuery, type HistoryKind } from './history.query.js';
import { HISTORY_JSON, PLAN_JSON } from './learner-pages.schema.js';
import { PlanQuery } from './plan.query.js';
import { shownBody } from './shown-body.js';

const planSchema = querySchemaOf<{ readonly course?: CourseId }>({
  type: 'object',
  additionalProperties: false,
  properties: { course: { type: 'string', pattern: CURRICULUM_PATTERN, description: 'The course of the newest enrolment if left out' } },
});

const historySchema = querySchemaOf<{ readonly limit?: number; readonly before?: number; readonly kind?: HistoryKind }>({
  type: 'object',
  additionalProperties: false,
  properties: {
    limit: { type: 'integer', minimum: 1, maximum: HISTORY_LIMIT_MAX, default: 50 },
    before: { type: 'integer', minimum: 0, description: 'Only what is older than this revision: `next` of the page before' },
    kind: { type: 'string', enum: ['answered', 'recommended', 'decided', 'told'], description: 'Only such events' },
  },
});

@Controller('v1/learners/:learner')
export class LearnerPagesController {
  constructor(
    @Inject(QueryBus) private readonly bus: QueryBus,
    @Inject(Recommender) private readonly recommender: Recommender,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get('plan')
  @Roles('platform', 'teacher', 'analyst')
  @TakesQuery(planSchema.json)
  @Answers(PLAN_JSON, { summary: 'Goals with what is left to each, reviews of the coming days, and every word that holds for this learner' })
  async plan(@Caller() { tenant }: Caller, @Param('learner') learner: string, @Query() query: object, @Headers('accept-language') accepted?: string): Promise<object> {
    const { course } = planSchema.parse({ ...query });
    const answer = await this.bus.execute(new PlanQuery({ tenant, learner: learnerSchema.parse(learner, 'learner'), now: this.clock.now(), ...(course === undefined ? {} : { course }) }));
    if (isRefusal(answer)) throw askProblem(answer, { ...(course === undefined ? {} : { course }) });
    return shownBody(answer.page, acceptedLanguage(accepted, answer.language));
  }

  @Get('history')
  @Roles('platform', 'teacher', 'analyst')
  @TakesQuery(historySchema.json)
  @Answers(HISTORY_JSON, { summary: 'What was answered, recommended, decided and told, the newest first' })
  async history(@Caller() { tenant }: Caller, @Param('learner') learner: string, @Query() query: object, @Headers('accept-language') accepted?: string): Promise<object> {
    const { limit = 50, before, kind } = historySchema.parse({ ...query });
    const id = learnerSchema.parse(learner, 'learner');
    const history = await this.bus.execute(
      new HistoryQuery({ tenant, learner: id, limit, ...(before === undefined ? {} : { before }), ...(kind === undefined ? {} : { kind }) }),
    );
    return shownBody(history, acceptedLanguage(accepted, await this.recommender.languageOf(tenant, id)));
  }
}
