import { Body, Controller, Inject, Param, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal } from '@trellis/event-sourcing';
import { COURSE_SCHEMA, CURRICULUM_PATTERN, type CourseId } from '@trellis/learning';
import { Answers, BodyLimit, Caller, DOCUMENT_BYTES_MAX, refused, Roles, schemaOf, TakesBody } from '@trellis/service';
import { courseSchema, type Published } from './course-desk.js';
import { ForCourse } from './course.handler.js';

const courseId = schemaOf<CourseId>({ type: 'string', pattern: CURRICULUM_PATTERN });

const PUBLISHED = {
  type: 'object',
  required: ['course', 'version', 'skills', 'items', 'changed'],
  properties: {
    course: { type: 'string' },
    version: { type: 'integer' },
    skills: { type: 'integer' },
    items: { type: 'integer' },
    changed: { type: 'boolean', description: 'false: this very content was in force already and nothing was published' },
  },
};

@Controller('v1/courses')
export class CoursesController {
  constructor(@Inject(CommandBus) private readonly bus: CommandBus) {}

  @Put(':id')
  @Roles('platform', 'teacher')
  @BodyLimit(DOCUMENT_BYTES_MAX)
  @TakesBody(COURSE_SCHEMA, { description: 'The whole course; it becomes the next version' })
  @Answers(PUBLISHED, { summary: 'Publish a course' })
  async publish(@Caller() { tenant }: Caller, @Param('id') id: string, @Body() body: unknown): Promise<Published> {
    const published = await this.bus.execute(new ForCourse(tenant, courseId.parse(id, 'id'), courseSchema.parse(body)));
    // A course that cannot be taught will never be right as it is.
    if (isRefusal(published)) throw refused(published, 422);
    return published;
  }
}
