import { Controller, Get, Headers, Inject, Param, Query } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { isRefusal, type Refusal } from '@trellis/event-sourcing';
import { CURRICULUM_PATTERN, type CourseId } from '@trellis/learning';
import { acceptedLanguage, GROUP_SIZE, SUGGESTED_KINDS, type SuggestedKind } from '@trellis/recommendation';
import { Answers, Caller, Clock, notFound, Problem, querySchemaOf, Roles, TakesQuery } from '@trellis/service';
import { classroomSchema } from './ask.schema.js';
import { BoardQuery } from './board.query.js';
import { BOARD_JSON, GROUPS_JSON } from './board.schema.js';
import type { ClassRefusal } from './class-reader.js';
import { GroupsQuery } from './groups.query.js';
import { shownBody } from './shown-body.js';

const COURSE = { type: 'string', pattern: CURRICULUM_PATTERN, description: 'May be left out where the classroom takes one course' };
const boardSchema = querySchemaOf<{ readonly course?: CourseId }>({ type: 'object', additionalProperties: false, properties: { course: COURSE } });
const groupsSchema = querySchemaOf<{ readonly course?: CourseId; readonly kind?: SuggestedKind; readonly size?: number }>({
  type: 'object',
  additionalProperties: false,
  properties: {
    course: COURSE,
    kind: { type: 'string', enum: [...SUGGESTED_KINDS], default: 'shared-gap', description: 'By what reason groups are suggested' },
    size: { type: 'integer', minimum: GROUP_SIZE.min, maximum: GROUP_SIZE.max, default: GROUP_SIZE.usual, description: 'Learners a group should have' },
  },
});

@Controller('v1/classrooms/:id')
export class BoardController {
  constructor(
    @Inject(QueryBus) private readonly bus: QueryBus,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Get('board')
  @Roles('platform', 'teacher', 'analyst')
  @TakesQuery(boardSchema.json)
  @Answers(BOARD_JSON, { summary: 'A class at a glance: how far each is, who needs a look, and the pace against the calendar' })
  async board(@Caller() { tenant }: Caller, @Param('id') id: string, @Query() query: object, @Headers('accept-language') accepted?: string): Promise<object> {
    const { course } = boardSchema.parse({ ...query });
    const answer = await this.bus.execute(new BoardQuery({ tenant, classroom: classroomSchema.parse(id, 'id'), now: this.clock.now(), ...(course === undefined ? {} : { course }) }));
    if (isRefusal(answer)) throw classProblem(answer, { id, course });
    return shownBody(answer.board, acceptedLanguage(accepted, answer.language));
  }

  @Get('groups')
  @Roles('platform', 'teacher', 'analyst')
  @TakesQuery(groupsSchema.json)
  @Answers(GROUPS_JSON, { summary: 'The groups of a classroom as they are, and a fresh suggestion with its reasons' })
  async groups(@Caller() { tenant }: Caller, @Param('id') id: string, @Query() query: object, @Headers('accept-language') accepted?: string): Promise<object> {
    const { course, kind = 'shared-gap', size } = groupsSchema.parse({ ...query });
    const asked = { tenant, classroom: classroomSchema.parse(id, 'id'), now: this.clock.now(), ...(course === undefined ? {} : { course }) };
    const answer = await this.bus.execute(new GroupsQuery(asked, { kind, ...(size === undefined ? {} : { size }) }));
    if (isRefusal(answer)) throw classProblem(answer, { id, course });
    const { groups, suggestion, language } = answer;
    return shownBody({ classroom: id, groups, suggestion }, acceptedLanguage(accepted, language));
  }
}

function classProblem({ refused, detail = '' }: Refusal<ClassRefusal>, { id, course }: { readonly id: string; readonly course: CourseId | undefined }): Problem {
  switch (refused) {
    case 'unknown-classroom':
      return notFound(`${detail}.`, { field: 'id', value: id });
    case 'unknown-course':
      return new Problem('unknown-course', `${detail}.`, { field: 'course', value: course });
    case 'course-not-taken':
      return new Problem(`refused:${refused}`, `${detail}.`, { status: 422, field: 'course', value: course });
    case 'course-not-named':
      return new Problem('missing-field', `${detail}.`, { field: 'course' });
  }
}
