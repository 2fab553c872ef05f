import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { isRefusal, type Refusal } from '@trellis/event-sourcing';
import { CURRICULUM_PATTERN, type CourseId, type ObjectiveId } from '@trellis/learning';
import { acceptedLanguage } from '@trellis/recommendation';
import { Answers, Caller, notFound, Problem, Roles, schemaOf, TakesBody } from '@trellis/service';
import { learnerSchema } from './ask.schema.js';
import { CurriculumCheck } from './curriculum-check.js';
import type { PlacementRefusal, PlacementShown } from './placement-desk.js';
import { ForPlacement, PlacementQuery } from './placement.handler.js';
import { refusalProblem } from './refusal-problem.js';
import { REASON_JSON, shownBody, TIME_JSON } from './shown-body.js';

const BEGIN_BODY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    course: { type: 'string', pattern: CURRICULUM_PATTERN, description: 'The course of the newest enrolment if left out' },
    objective: { type: 'string', pattern: CURRICULUM_PATTERN, description: 'The whole course if left out' },
    requestId: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$', description: 'The same id gives the same placement' },
  },
};
const beginSchema = schemaOf<{ readonly course?: CourseId; readonly objective?: ObjectiveId; readonly requestId?: string }>(BEGIN_BODY);

const PLACEMENT_JSON = {
  type: 'object',
  required: ['placement', 'learner', 'course', 'objective', 'at', 'asked', 'question', 'conclusion'],
  properties: {
    placement: { type: 'string', description: 'Send it as `session` with the answers' },
    learner: { type: 'string' },
    course: { type: 'string' },
    objective: { type: ['string', 'null'] },
    at: TIME_JSON,
    asked: { type: 'integer' },
    question: {
      type: ['object', 'null'],
      properties: { item: { type: 'string' }, skill: { type: 'string' }, title: { type: 'string' }, skills: { type: 'array', items: { type: 'string' } }, minutes: { type: 'number' }, informationBits: { type: 'number' }, unsure: { type: 'integer', description: 'Skills that it is not sure of yet' } },
    },
    conclusion: {
      type: ['object', 'null'],
      description: 'What folds start from where the learner has few answers; null: not concluded yet',
      properties: {
        why: { enum: ['sure-enough', 'enough-asked', 'tired', 'nothing-to-ask'] },
        reason: REASON_JSON,
        questions: { type: 'integer' },
        at: TIME_JSON,
        skills: {
          type: 'array',
          items: { type: 'object', properties: { skill: { type: 'string' }, title: { type: 'string' }, known: { type: 'number' }, basis: { enum: ['asked', 'builds-on-it', 'it-builds-on', 'assumed'] }, through: { type: 'string' } } },
        },
      },
    },
  },
};

@Controller('v1/learners/:learner/placements')
export class PlacementsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CurriculumCheck) private readonly check: CurriculumCheck,
  ) {}

  @Post()
  @HttpCode(200)
  @Roles('platform', 'teacher')
  @TakesBody(BEGIN_BODY)
  @Answers(PLACEMENT_JSON, { summary: 'Begin a short diagnostic, with its first question; where there is nothing to ask it concludes at once' })
  async begin(@Caller() { tenant }: Caller, @Param('learner') learner: string, @Body() body: unknown, @Headers('accept-language') accepted?: string): Promise<object> {
    const wish = beginSchema.parse(body ?? {});
    const id = learnerSchema.parse(learner, 'learner');
    if (wish.course !== undefined) {
      const course = await this.check.course(tenant, wish.course);
      if (wish.objective !== undefined) this.check.objective(course, wish.objective);
    } else if (wish.objective !== undefined) throw new Problem('missing-field', 'course: it is missing; an objective is one of a course.', { field: 'course' });
    return shown(await this.commands.execute(new ForPlacement(tenant, id, { begin: wish })), accepted);
  }

  @Post(':placement/next')
  @HttpCode(200)
  @Roles('platform', 'teacher')
  @Answers(PLACEMENT_JSON, { summary: 'The next question after the answers so far, or what the diagnostic concludes' })
  async next(@Caller() { tenant }: Caller, @Param('learner') learner: string, @Param('placement') placement: string, @Headers('accept-language') accepted?: string): Promise<object> {
    return shown(await this.commands.execute(new ForPlacement(tenant, learnerSchema.parse(learner, 'learner'), { next: placement })), accepted, placement);
  }

  @Get(':placement')
  @Roles('platform', 'teacher', 'analyst')
  @Answers(PLACEMENT_JSON, { summary: 'A diagnostic as it stands' })
  async show(@Caller() { tenant }: Caller, @Param('learner') learner: string, @Param('placement') placement: string, @Headers('accept-language') accepted?: string): Promise<object> {
    return shown(await this.queries.execute(new PlacementQuery(tenant, learnerSchema.parse(learner, 'learner'), placement)), accepted, placement);
  }
}

function shown(answer: PlacementShown | Refusal<PlacementRefusal>, accepted: string | undefined, placement?: string): object {
  if (!isRefusal(answer)) {
    const { language, ...page } = answer;
    return shownBody(page, acceptedLanguage(accepted, language));
  }
  switch (answer.refused) {
    case 'no-such-placement':
      throw notFound(`${answer.detail ?? ''}.`, { field: 'placement', ...(placement === undefined ? {} : { value: placement }) });
    case 'course-not-named':
      throw new Problem('missing-field', `${answer.detail ?? ''}.`, { field: 'course' });
    default:
      throw refusalProblem(answer, 409, { placement });
  }
}
