import { Body, Controller, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal } from '@trellis/event-sourcing';
import { placeOf, type ItemId, type LearnerId, type PlanCommand } from '@trellis/learning';
import { Recommender, type Made } from '@trellis/recommendation';
import { Answers, Caller, Clock, notFound, Problem, refused, Roles, TakesBody, uuidV5 } from '@trellis/service';
import { SETTLED_JSON, type Settled } from './plan.controller.js';
import { ForPlan } from './plan.handler.js';
import { ACCEPT_BODY, acceptSchema, DECLINE_BODY, declineSchema } from './plan.schema.js';

/** What became of a recommendation. */
@Controller('v1/recommendations/:id')
export class ChoiceController {
  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(Recommender) private readonly recommender: Recommender,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Post('accept')
  @HttpCode(200)
  @Roles('platform', 'teacher')
  @TakesBody(ACCEPT_BODY)
  @Answers(SETTLED_JSON, { summary: 'The learner takes one of the items' })
  async accept(@Caller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<Settled> {
    const { item: named } = acceptSchema.parse(body ?? {});
    const made = await this.find(caller, id);
    checkHasItems(made, 'item', 'accept');
    const { items } = made.decision;
    const item = named ?? (items.length === 1 ? items[0]?.item : undefined);
    if (item === undefined) throw new Problem('missing-field', `item: it is missing; ${offered(made)}.`, { field: 'item' });
    checkOffered(made, item, 'item');
    return this.settle(caller, made, { type: 'AcceptRecommendation', accepted: { recommendation: made.id, item } }, ['accept', item]);
  }

  @Post('decline')
  @HttpCode(200)
  @Roles('platform', 'teacher')
  @TakesBody(DECLINE_BODY)
  @Answers(SETTLED_JSON, { summary: 'The learner wants something else: not now, too easy, too hard' })
  async decline(@Caller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<Settled> {
    const { items: named, why = 'other' } = declineSchema.parse(body ?? {});
    const made = await this.find(caller, id);
    checkHasItems(made, 'items', 'decline');
    for (const [at, item] of (named ?? []).entries()) checkOffered(made, item, `items[${at}]`);
    const declined = made.decision.items.filter(({ item }) => named?.includes(item) ?? true);
    const items = declined.map(({ item }) => item);
    const skills = [...new Set(declined.flatMap((each) => each.skills))];
    return this.settle(caller, made, { type: 'DeclineRecommendation', declined: { recommendation: made.id, items, skills, why, at: this.clock.now() } }, ['decline', why, ...items]);
  }

  /** The same said twice is one fact: what was said makes its id. */
  private async settle({ tenant }: Caller, { id, learner }: Made, command: PlanCommand, what: readonly string[]): Promise<Settled> {
    const settled = await this.bus.execute(new ForPlan({ tenant, learner, command, orderId: uuidV5([tenant, id, ...what].join('\n')), now: this.clock.now() }));
    if (isRefusal(settled)) throw refused(settled);
    return { learner, changed: settled.changed, revision: settled.revision };
  }

  /** Another tenant's recommendation is as unknown as one that was never made. */
  private async find({ tenant }: Caller, id: string): Promise<Made & { readonly learner: LearnerId }> {
    const place = placeOf(id);
    const made = place?.tenant === tenant ? await this.recommender.recommendationAt(tenant, place.learner, place.revision) : null;
    if (made === null) throw notFound('There is no recommendation with this id; use the recommendationId of an answer of this service.', { field: 'id', value: id });
    return made;
  }
}

function checkHasItems({ decision: { items } }: Made, field: string, what: string): void {
  if (items.length === 0) throw new Problem('refused:not-recommended', `${field}: this recommendation has no items, so there is nothing to ${what}.`, { status: 422, field });
}

function checkOffered(made: Made, item: ItemId, field: string): void {
  if (made.decision.items.some((each) => each.item === item)) return;
  throw new Problem('refused:not-recommended', `${field}: "${item}" is not among the items of this recommendation; ${offered(made)}.`, { status: 422, field, value: item });
}

function offered({ decision: { items } }: Made): string {
  return `it has ${items.map(({ item }) => item).join(', ')}`;
}
