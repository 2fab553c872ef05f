import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ClassroomId, CourseId, LearnerId, TenantId } from '@trellis/learning';
import { ClassroomDesk } from './classroom-desk.js';

type Answer = Awaited<ReturnType<ClassroomDesk['enrol']>>;

/** The bus needs a class to route by. */
export class ForClassroom extends Command<Answer> {
  constructor(
    readonly tenant: TenantId,
    readonly classroom: ClassroomId,
    readonly roster: { readonly course: CourseId; readonly learners: readonly LearnerId[] },
  ) {
    super();
  }
}

@CommandHandler(ForClassroom)
export class ClassroomHandler implements ICommandHandler<ForClassroom> {
  constructor(@Inject(ClassroomDesk) private readonly desk: ClassroomDesk) {}

  execute({ tenant, classroom, roster }: ForClassroom): Promise<Answer> {
    return this.desk.enrol(tenant, classroom, roster);
  }
}
