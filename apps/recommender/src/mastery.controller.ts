import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { isRefusal } from '@trellis/event-sourcing';
import { CURRICULUM_PATTERN, type CourseId } from '@trellis/learning';
import { Answers, Caller, Clock, Problem, querySchemaOf, Roles, TakesQuery, timeMs } from '@trellis/service';
import { learnerSchema } from './ask.schema.js';
import { masteryBody, MasteryQuery, type MasteryBody } from './mastery.query.js';

const querySchema = querySchemaOf<{ readonly course?: CourseId; readonly asOf?: string }>({
  type: 'object',
  additionalProperties: false,
  properties: {
    course: { type: 'string', pattern: CURRICULUM_PATTERN, description: 'Every skill of this course; without it, every skill that the learner has practised' },
    asOf: { type: 'string', format: 'date-time', description: 'As it was known then' },
  },
});

const MASTERY_JSON = {
  type: 'object',
  required: ['learner', 'course', 'asOf', 'basedOn', 'versions', 'skills'],
  properties: {
    learner: { type: 'string' },
    course: { type: ['string', 'null'], description: 'null: every skill that the learner has practised' },
    asOf: { type: 'string', format: 'date-time' },
    basedOn: { type: 'object', properties: { revision: { type: 'integer' } } },
    versions: { type: 'object' },
    skills: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          skill: { type: 'string' },
          mastery: { type: 'number', description: 'P(known), Bayesian knowledge tracing' },
          recall: { type: ['number', 'null'], description: 'P(still remembered now), FSRS-6; null before the first answer' },
          answers: { type: 'integer', description: 'First attempts that were graded' },
          right: { type: 'integer', description: 'Those of them that were right' },
          lastAt: { type: ['string', 'null'], format: 'date-time' },
          reviewAt: { type: ['string', 'null'], format: 'date-time', description: 'When recall falls to where a review is due' },
          status: { enum: ['new', 'learning', 'mastered', 'review-due', 'stuck'] },
          basis: { type: 'object', description: 'What the status rests on: a key, and the numbers that were set against each other' },
        },
      },
    },
  },
};

@Controller('v1/learners/:learner/mastery')
export class MasteryController {
  constructor(
    @Inject(QueryBus) private readonly bus: QueryBus,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get()
  @Roles('platform', 'teacher', 'analyst')
  @TakesQuery(querySchema.json)
  @Answers(MASTERY_JSON, { summary: 'What a learner has mastered, now or as it was known at a moment' })
  async show(@Caller() { tenant }: Caller, @Param('learner') learner: string, @Query() query: object): Promise<MasteryBody> {
    const { course, asOf } = querySchema.parse({ ...query });
    const mastery = await this.bus.execute(
      new MasteryQuery(tenant, learnerSchema.parse(learner, 'learner'), {
        now: this.clock.now(),
        ...(course === undefined ? {} : { course }),
        ...(asOf === undefined ? {} : { asOf: timeMs(asOf) }),
      }),
    );
    if (isRefusal(mastery)) throw new Problem('unknown-course', `${mastery.detail}.`, { field: 'course', value: course });
    return masteryBody(mastery);
  }
}
