import { Body, Controller, Inject, Param, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal } from '@trellis/event-sourcing';
import { CLASSROOM_LEARNERS_MAX, CURRICULUM_PATTERN, OPAQUE_PATTERN, type ClassroomId, type CourseId, type LearnerId } from '@trellis/learning';
import { Answers, Caller, Problem, refused, Roles, schemaOf, TakesBody } from '@trellis/service';
import type { Enrolled } from './classroom-desk.js';
import { ForClassroom } from './classroom.handler.js';

const ROSTER_JSON = {
  type: 'object',
  required: ['course', 'learners'],
  additionalProperties: false,
  properties: {
    course: { type: 'string', pattern: CURRICULUM_PATTERN },
    learners: { type: 'array', minItems: 1, maxItems: CLASSROOM_LEARNERS_MAX, items: { type: 'string', pattern: OPAQUE_PATTERN, opaque: true } },
  },
};

const ENROLLED_JSON = {
  type: 'object',
  properties: {
    classroom: { type: 'string' },
    course: { type: 'string' },
    enrolled: { type: 'integer', description: 'Newly enrolled by this request' },
    learners: { type: 'integer', description: 'In the classroom now' },
  },
};

const rosterSchema = schemaOf<{ readonly course: CourseId; readonly learners: readonly LearnerId[] }>(ROSTER_JSON);
const classroomSchema = schemaOf<ClassroomId>({ type: 'string', pattern: OPAQUE_PATTERN, opaque: true });

@Controller('v1/classrooms')
export class ClassroomsController {
  constructor(@Inject(CommandBus) private readonly bus: CommandBus) {}

  @Put(':id/learners')
  @Roles('platform', 'teacher')
  @TakesBody(ROSTER_JSON, { description: 'Enrols these learners in the course; nobody who is enrolled already is taken out' })
  @Answers(ENROLLED_JSON, { summary: 'Enrol learners of a classroom in a course' })
  async enrol(@Caller() { tenant }: Caller, @Param('id') id: string, @Body() body: unknown): Promise<Enrolled> {
    const roster = rosterSchema.parse(body);
    const enrolled = await this.bus.execute(new ForClassroom(tenant, classroomSchema.parse(id, 'id'), roster));
    if (!isRefusal(enrolled)) return enrolled;
    if (enrolled.refused === 'unknown-course') throw new Problem('unknown-course', `${enrolled.detail}.`, { field: 'course', value: roster.course });
    throw refused(enrolled);
  }
}
