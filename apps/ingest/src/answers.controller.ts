import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { isRefusal } from '@trellis/event-sourcing';
import type { LearnerId } from '@trellis/learning';
import { acceptedLanguage, recommendationBody, type RecommendationBody } from '@trellis/recommendation';
import { Answers, Caller, formatTime, querySchemaOf, Roles, schemaOf, TakesBody, TakesQuery } from '@trellis/service';
import { AnswerDesk, type Answered } from './answer-desk.js';
import { ANSWER_JSON, answerSchema, learnerId } from './event.schema.js';
import { IngestMetrics } from './ingest-metrics.js';

const NEXT_MAX = 20;

const learnerSchema = schemaOf<LearnerId>(learnerId);
const querySchema = querySchemaOf<{ readonly next: number }>({
  type: 'object',
  additionalProperties: false,
  properties: { next: { type: 'integer', minimum: 0, maximum: NEXT_MAX, default: 0, description: 'How many items to choose and to keep together with the answer' } },
});

const ANSWERED = {
  type: 'object',
  required: ['id', 'revision', 'correct', 'score', 'skills'],
  properties: {
    id: { type: 'string' },
    revision: { type: 'integer', description: 'Of the answer in the learner\'s stream' },
    correct: { type: ['boolean', 'null'], description: 'null: not graded yet' },
    score: { type: ['number', 'null'] },
    skills: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          skill: { type: 'string' },
          before: { type: 'number' },
          after: { type: 'number' },
          status: { enum: ['new', 'learning', 'mastered', 'review-due', 'stuck'] },
        },
      },
    },
    recommendation: { type: ['object', 'null'], description: 'As POST /v1/learners/{id}/recommendations answers it; null if nothing could be chosen' },
    notChosen: { type: 'object', description: 'Why nothing could be chosen', properties: { code: { type: 'string' }, detail: { type: 'string' } } },
  },
};

interface AnsweredBody extends Omit<Answered, 'next' | 'isNew'> {
  readonly recommendation?: RecommendationBody | null;
  readonly notChosen?: { readonly code: string; readonly detail: string };
}

@Controller('v1/learners/:learner/answers')
export class AnswersController {
  constructor(
    @Inject(AnswerDesk) private readonly desk: AnswerDesk,
    @Inject(IngestMetrics) private readonly metrics: IngestMetrics,
  ) {}

  @Post()
  @HttpCode(200)
  @Roles('platform')
  @TakesQuery(querySchema.json)
  @TakesBody(ANSWER_JSON)
  @Answers(ANSWERED, { summary: 'One answer, on request with the next item', description: 'Durable. The same id gives the same reply' })
  async answer(@Caller() { tenant }: Caller, @Param('learner') learner: string, @Query() query: { next?: unknown }, @Body() body: unknown, @Headers('accept-language') accepted?: string): Promise<AnsweredBody> {
    const { next = 0 } = querySchema.parse({ ...query });
    const input = answerSchema.parse(body);
    const { next: chosen, isNew, ...answered } = await this.metrics.timed(() =>
      this.desk.answer(tenant, learnerSchema.parse(learner, 'learner'), input, next),
    );
    this.metrics.counted('http', { accepted: isNew ? 1 : 0, duplicates: isNew ? 0 : 1, rejected: [] });
    if (chosen === undefined) return answered;
    if (isRefusal(chosen)) {
      const code = chosen.refused === 'busy' ? 'busy' : `refused:${chosen.refused}`;
      return { ...answered, recommendation: null, notChosen: { code, detail: chosen.detail ?? '' } };
    }
    return { ...answered, recommendation: recommendationBody(chosen, formatTime, acceptedLanguage(accepted, chosen.language)) };
  }
}
