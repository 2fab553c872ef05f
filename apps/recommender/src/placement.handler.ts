import { Inject } from '@nestjs/common';
import { Command, CommandHandler, Query, QueryHandler, type ICommandHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { LearnerId, TenantId } from '@trellis/learning';
import { PlacementDesk, type PlacementWish } from './placement-desk.js';

type Answer = Awaited<ReturnType<PlacementDesk['show']>>;

/** A new one, or the next question of one. */
export type PlacementOrder = { readonly begin: PlacementWish } | { readonly next: string };

/** The bus needs a class to route by. */
export class ForPlacement extends Command<Answer> {
  constructor(
    readonly tenant: TenantId,
    readonly learner: LearnerId,
    readonly order: PlacementOrder,
  ) {
    super();
  }
}

@CommandHandler(ForPlacement)
export class PlacementHandler implements ICommandHandler<ForPlacement> {
  constructor(@Inject(PlacementDesk) private readonly desk: PlacementDesk) {}

  execute({ tenant, learner, order }: ForPlacement): Promise<Answer> {
    return 'begin' in order ? this.desk.begin(tenant, learner, order.begin) : this.desk.next(tenant, learner, order.next);
  }
}

export class PlacementQuery extends Query<Answer> {
  constructor(
    readonly tenant: TenantId,
    readonly learner: LearnerId,
    readonly placement: string,
  ) {
    super();
  }
}

@QueryHandler(PlacementQuery)
export class PlacementQueryHandler implements IQueryHandler<PlacementQuery> {
  constructor(@Inject(PlacementDesk) private readonly desk: PlacementDesk) {}

  execute({ tenant, learner, placement }: PlacementQuery): Promise<Answer> {
    return this.desk.show(tenant, learner, placement);
  }
}
