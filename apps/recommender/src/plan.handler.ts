import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { PlanDesk, type PlanOrder } from './plan-desk.js';

type Answer = Awaited<ReturnType<PlanDesk['settle']>>;

/** The bus needs a class to route by. */
export class ForPlan extends Command<Answer> {
  constructor(readonly order: PlanOrder) {
    super();
  }
}

@CommandHandler(ForPlan)
export class ForPlanHandler implements ICommandHandler<ForPlan> {
  constructor(@Inject(PlanDesk) private readonly desk: PlanDesk) {}

  execute({ order }: ForPlan): Promise<Answer> {
    return this.desk.settle(order);
  }
}
