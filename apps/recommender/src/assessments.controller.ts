import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { isRefusal, type Refusal } from '@trellis/event-sourcing';
import { CURRICULUM_PATTERN, type By, type CourseId, type ObjectiveId, type SkillId } from '@trellis/learning';
import { acceptedLanguage } from '@trellis/recommendation';
import { Answers, Caller, notFound, Problem, refused, Roles, schemaOf, TakesBody } from '@trellis/service';
import { learnerSchema } from './ask.schema.js';
import type { AssessmentRefusal, AssessmentShown } from './assessment-desk.js';
import { AssessmentQuery, ForAssessment } from './assessment.handler.js';
import { CurriculumCheck } from './curriculum-check.js';
import { byOf } from './plan.controller.js';
import { refusalProblem } from './refusal-problem.js';
import { REASON_JSON, shownBody, TIME_JSON } from './shown-body.js';

const ID = { type: 'string', pattern: CURRICULUM_PATTERN };
const REQUEST_BODY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    course: { ...ID, description: 'The course of the newest enrolment if left out' },
    objective: { ...ID, description: 'The whole course if neither an objective nor skills are named' },
    skills: { type: 'array', minItems: 1, maxItems: 100, uniqueItems: true, items: ID },
    kind: { enum: ['formative', 'summative'], default: 'summative', description: 'formative: also practice items that were never seen' },
    by: { enum: ['learner', 'teacher', 'platform'], description: 'Who asks for it. With a teacher\'s key: teacher. Left out: learner' },
    requestId: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$', description: 'The same id gives the same assessment' },
  },
};
interface RequestBody {
  readonly course?: CourseId;
  readonly objective?: ObjectiveId;
  readonly skills?: readonly SkillId[];
  readonly kind?: 'formative' | 'summative';
  readonly by?: By;
  readonly requestId?: string;
}
const requestSchema = schemaOf<RequestBody>(REQUEST_BODY);

const COMPLETE_BODY = { type: 'object', additionalProperties: false, properties: { handIn: { type: 'boolean', default: false, description: 'true: complete it as it is, also where answers or their scores are missing' } } };
const completeSchema = schemaOf<{ readonly handIn?: boolean }>(COMPLETE_BODY);

const ASSESSMENT_JSON = {
  type: 'object',
  required: ['assessment', 'learner', 'course', 'kind', 'objective', 'skills', 'by', 'at', 'items', 'isAnswered', 'completedAt', 'certified', 'missing'],
  properties: {
    assessment: { type: 'string', description: 'Send it as `session` with the answers' },
    learner: { type: 'string' },
    course: { type: 'string' },
    kind: { enum: ['formative', 'summative'] },
    objective: { type: ['string', 'null'] },
    skills: { type: 'array', items: { type: 'object', properties: { skill: { type: 'string' }, title: { type: 'string' } } } },
    by: { enum: ['learner', 'teacher', 'platform'] },
    at: TIME_JSON,
    items: { type: 'array', items: { type: 'object', properties: { item: { type: 'string' }, skill: { type: 'string' }, answered: { type: 'boolean' }, score: { type: ['number', 'null'], description: 'null: not answered, or waiting for somebody to score it' } } } },
    isAnswered: { type: 'boolean', description: 'Every item has a scored answer' },
    completedAt: { type: ['string', 'null'], format: 'date-time' },
    certified: {
      type: 'array',
      description: 'With their evidence; certificates once it is completed',
      items: { type: 'object', properties: { skill: { type: 'string' }, title: { type: 'string' }, right: { type: 'number' }, asked: { type: 'integer' }, known: { type: 'number' }, reason: REASON_JSON } },
    },
    missing: {
      type: 'array',
      items: { type: 'object', properties: { skill: { type: 'string' }, title: { type: 'string' }, why: { enum: ['not-answered', 'waiting-for-score', 'too-few-items', 'below-the-mark'] }, items: { type: 'array', items: { type: 'string' } }, known: { type: 'number' }, reason: REASON_JSON } },
    },
  },
};

@Controller('v1/learners/:learner/assessments')
export class AssessmentsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
    @Inject(CurriculumCheck) private readonly check: CurriculumCheck,
  ) {}

  @Post()
  @HttpCode(200)
  @Roles('platform', 'teacher')
  @TakesBody(REQUEST_BODY)
  @Answers(ASSESSMENT_JSON, { summary: 'A unit check, assembled for this learner' })
  async request(@Caller() caller: Caller, @Param('learner') learner: string, @Body() body: unknown, @Headers('accept-language') accepted?: string): Promise<object> {
    const { kind = 'summative', by, ...wish } = requestSchema.parse(body ?? {});
    const id = learnerSchema.parse(learner, 'learner');
    const { course, objective, skills } = wish;
    if (objective !== undefined && skills !== undefined) throw new Problem('out-of-range', 'skills: an objective is named already; name one of the two.', { field: 'skills', value: skills });
    if (course !== undefined) {
      const published = await this.check.course(caller.tenant, course);
      if (objective !== undefined) this.check.objective(published, objective);
      if (skills !== undefined) this.check.skills(published, skills, 'skills');
    } else if (objective !== undefined || skills !== undefined) throw new Problem('missing-field', 'course: it is missing; objectives and skills are those of a course.', { field: 'course' });
    return shown(await this.commands.execute(new ForAssessment(caller.tenant, id, { request: { ...wish, kind, by: byOf(caller, by, 'learner') } })), accepted);
  }

  @Post(':assessment/complete')
  @HttpCode(200)
  @Roles('platform', 'teacher')
  @TakesBody(COMPLETE_BODY)
  @Answers(ASSESSMENT_JSON, { summary: 'Certify what the answers show, or say what is missing' })
  async complete(@Caller() { tenant }: Caller, @Param('learner') learner: string, @Param('assessment') assessment: string, @Body() body: unknown, @Headers('accept-language') accepted?: string): Promise<object> {
    const { handIn = false } = completeSchema.parse(body ?? {});
    return shown(await this.commands.execute(new ForAssessment(tenant, learnerSchema.parse(learner, 'learner'), { complete: assessment, handIn })), accepted, assessment);
  }

  @Get(':assessment')
  @Roles('platform', 'teacher', 'analyst')
  @Answers(ASSESSMENT_JSON, { summary: 'A unit check as it stands' })
  async show(@Caller() { tenant }: Caller, @Param('learner') learner: string, @Param('assessment') assessment: string, @Headers('accept-language') accepted?: string): Promise<object> {
    return shown(await this.queries.execute(new AssessmentQuery(tenant, learnerSchema.parse(learner, 'learner'), assessment)), accepted, assessment);
  }
}

function shown(answer: AssessmentShown | Refusal<AssessmentRefusal>, accepted: string | undefined, assessment?: string): object {
  if (!isRefusal(answer)) return shownBody(answer.page, acceptedLanguage(accepted, answer.language));
  switch (answer.refused) {
    case 'no-such-assessment':
      throw notFound(`${answer.detail ?? ''}.`, { field: 'assessment', ...(assessment === undefined ? {} : { value: assessment }) });
    case 'course-not-named':
      throw new Problem('missing-field', `${answer.detail ?? ''}.`, { field: 'course' });
    case 'nothing-to-assess':
      throw refused(answer, 422);
    default:
      throw refusalProblem(answer, 409, { assessment });
  }
}
