import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CourseContent, CourseId, TenantId } from '@trellis/learning';
import { CourseDesk } from './course-desk.js';

type Answer = Awaited<ReturnType<CourseDesk['publish']>>;

/** The bus needs a class to route by. */
export class ForCourse extends Command<Answer> {
  constructor(
    readonly tenant: TenantId,
    readonly course: CourseId,
    readonly content: CourseContent,
  ) {
    super();
  }
}

@CommandHandler(ForCourse)
export class CourseHandler implements ICommandHandler<ForCourse> {
  constructor(@Inject(CourseDesk) private readonly desk: CourseDesk) {}

  execute({ tenant, course, content }: ForCourse): Promise<Answer> {
    return this.desk.publish(tenant, course, content);
  }
}
