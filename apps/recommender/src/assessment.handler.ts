import { Inject } from '@nestjs/common';
import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { LearnerId, TenantId } from '@trellis/learning';
import { AssessmentDesk, type AssessmentWish } from './assessment-desk.js';

type Answer = Awaited<ReturnType<AssessmentDesk['show']>>;

export type AssessmentOrder = { readonly request: AssessmentWish } | { readonly complete: string; readonly handIn: boolean };

/** The bus needs a class to route by. */
export class ForAssessment extends Command<Answer> {
  constructor(
    readonly tenant: TenantId,
    readonly learner: LearnerId,
    readonly order: AssessmentOrder,
  ) {
    super();
  }
}

@CommandHandler(ForAssessment)
export class AssessmentHandler implements ICommandHandler<ForAssessment> {
  constructor(@Inject(AssessmentDesk) private readonly desk: AssessmentDesk) {}

  execute({ tenant, learner, order }: ForAssessment): Promise<Answer> {
    return 'request' in order ? this.desk.request(tenant, learner, order.request) : this.desk.complete(tenant, learner, order.complete, order.handIn);
  }
}

export class AssessmentQuery extends Query<Answer> {
  constructor(
    readonly tenant: TenantId,
    readonly learner: LearnerId,
    readonly assessment: string,
  ) {
    super();
  }
}

@QueryHandler(AssessmentQuery)
export class AssessmentQueryHandler implements IQueryHandler<AssessmentQuery> {
  constructor(@Inject(AssessmentDesk) private readonly desk: AssessmentDesk) {}

  execute({ tenant, learner, assessment }: AssessmentQuery): Promise<Answer> {
    return this.desk.show(tenant, learner, assessment);
  }
}
