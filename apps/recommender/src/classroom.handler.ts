import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ClassroomId, CourseId, LearnerId, TenantId } from '@trellis/learning';
import { ClassroomDesk, type ClassroomOrder } from './classroom-desk.js';

type Enrolment = Awaited<ReturnType<ClassroomDesk['enrol']>>;
type Answer = Awaited<ReturnType<ClassroomDesk['settle']>>;

/** The bus needs a class to route by. */
export class ForRoster extends Command<Enrolment> {
  constructor(
    readonly tenant: TenantId,
    readonly classroom: ClassroomId,
    readonly roster: { readonly course: CourseId; readonly learners: readonly LearnerId[] },
  ) {
    super();
  }
}

@CommandHandler(ForRoster)
export class RosterHandler implements ICommandHandler<ForRoster> {
  constructor(@Inject(ClassroomDesk) private readonly desk: ClassroomDesk) {}

  execute({ tenant, classroom, roster }: ForRoster): Promise<Enrolment> {
    return this.desk.enrol(tenant, classroom, roster);
  }
}

export class ForClassroom extends Command<Answer> {
  constructor(readonly order: ClassroomOrder) {
    super();
  }
}

@CommandHandler(ForClassroom)
export class ClassroomHandler implements ICommandHandler<ForClassroom> {
  constructor(@Inject(ClassroomDesk) private readonly desk: ClassroomDesk) {}

  execute({ order }: ForClassroom): Promise<Answer> {
    return this.desk.settle(order);
  }
}
