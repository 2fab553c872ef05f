import { Body, Controller, Inject, Param, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal, type Revision } from '@trellis/event-sourcing';
import type { By, Goal, LearnerId, PlanCommand } from '@trellis/learning';
import { Answers, Caller, Clock, Problem, randomId, Roles, TakesBody, timeMs } from '@trellis/service';
import { hash48 } from '@trellis/views';
import { Recommender } from '@trellis/recommendation';
import { learnerSchema } from './ask.schema.js';
import { CurriculumCheck } from './curriculum-check.js';
import { PlanDesk } from './plan-desk.js';
import { ForPlan } from './plan.handler.js';
import {
  ATTESTATION_BODY,
  attestationSchema,
  EXCLUSIONS_BODY,
  exclusionsSchema,
  GOALS_BODY,
  goalsSchema,
  OBJECTIVE_BODY,
  objectiveBodySchema,
  PAUSE_BODY,
  pauseSchema,
  PINS_BODY,
  pinsSchema,
  PREFERENCES_BODY,
  preferencesSchema,
  STRATEGY_BODY,
  strategyBodySchema,
  type GoalBody,
} from './plan.schema.js';
import { refusalProblem } from './refusal-problem.js';
import { strategySchema } from './strategy.schema.js';

export const SETTLED_JSON = {
  type: 'object',
  required: ['learner', 'changed', 'revision'],
  properties: { learner: { type: 'string' }, changed: { type: 'boolean', description: 'false: it was so already' }, revision: { type: 'integer', description: 'Of what is known of the learner' } },
};

export interface Settled {
  readonly learner: LearnerId;
  readonly changed: boolean;
  readonly revision: Revision;
}

@Controller('v1/learners/:learner')
export class PlanController {
  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(PlanDesk) private readonly desk: PlanDesk,
    @Inject(Recommender) private readonly recommender: Recommender,
    @Inject(CurriculumCheck) private readonly check: CurriculumCheck,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Put('goals')
  @Roles('platform', 'teacher')
  @TakesBody(GOALS_BODY)
  @Answers(SETTLED_JSON, { summary: 'What the learner wants to reach, and by when; or goals proposed to the learner' })
  async goals(@Caller() caller: Caller, @Param('learner') learner: string, @Body() body: unknown): Promise<Settled> {
    const sent = goalsSchema.parse(body);
    const { goals: given, proposed = false, by } = sent;
    const goals = await Promise.all(given.map((goal, at) => this.goal(caller, goal, `goals[${at}]`)));
    const said = byOf(caller, by, 'learner');
    return this.settle(caller, learner, sent, proposed ? goals.map((goal): PlanCommand => ({ type: 'ProposeGoal', goal, by: said })) : { type: 'SetGoals', goals, by: said, at: this.clock.now() });
  }

  @Put('preferences')
  @Roles('platform', 'teacher')
  @TakesBody(PREFERENCES_BODY)
  @Answers(SETTLED_JSON, { summary: 'What the learner stated about modalities, interests, products, reading level, language' })
  async preferences(@Caller() { tenant }: Caller, @Param('learner') learner: string, @Body() body: unknown): Promise<Settled> {
    const id = learnerSchema.parse(learner, 'learner');
    const { changed } = await this.desk.state(tenant, id, { preferences: preferencesSchema.parse(body), now: this.clock.now(), orderId: randomId() });
    const { revision } = await this.recommender.learner(tenant, id);
    return { learner: id, changed, revision };
  }

  @Put('strategy')
  @Roles('platform', 'teacher')
  @TakesBody(STRATEGY_BODY)
  @Answers(SETTLED_JSON, { summary: 'A strategy for this learner alone, over what the classroom has' })
  async strategy(@Caller() caller: Caller, @Param('learner') learner: string, @Body() body: unknown): Promise<Settled> {
    const sent = strategyBodySchema.parse(body);
    const strategy = sent.strategy === null ? null : strategySchema.parse(sent.strategy, 'strategy');
    await this.check.strategy(caller.tenant, strategy);
    return this.settle(caller, learner, sent, { type: 'ChooseStrategy', strategy, by: byOf(caller, sent.by, 'platform') });
  }

  @Put('objective')
  @Roles('platform', 'teacher')
  @TakesBody(OBJECTIVE_BODY)
  @Answers(SETTLED_JSON, { summary: 'An objective of a course for this learner alone' })
  async objective(@Caller() caller: Caller, @Param('learner') learner: string, @Body() body: unknown): Promise<Settled> {
    const sent = objectiveBodySchema.parse(body);
    const { course, objective, locked = false, by } = sent;
    const published = await this.check.course(caller.tenant, course);
    if (objective !== null) this.check.objective(published, objective);
    return this.settle(caller, learner, sent, { type: 'SetObjective', course, objective, locked, by: byOf(caller, by, 'platform') });
  }

  @Put('pins')
  @Roles('platform', 'teacher')
  @TakesBody(PINS_BODY)
  @Answers(SETTLED_JSON, { summary: 'Items that come before what the engine would choose, until each was answered' })
  async pins(@Caller() caller: Caller, @Param('learner') learner: string, @Body() body: unknown): Promise<Settled> {
    const sent = pinsSchema.parse(body);
    const { items, note, by } = sent;
    for (const [at, item] of items.entries()) await this.check.item(caller.tenant, item, `items[${at}]`);
    const { state } = await this.recommender.learner(caller.tenant, learnerSchema.parse(learner, 'learner'));
    // A pin is fulfilled by one answer more than there are now.
    const pins = items.map((item) => ({ item, attempts: state.items.get(hash48(item))?.attempts ?? 0 }));
    return this.settle(caller, learner, sent, { type: 'PinItems', pins, by: byOf(caller, by, 'platform'), ...(note === undefined ? {} : { note }) });
  }

  @Put('exclusions')
  @Roles('platform', 'teacher')
  @TakesBody(EXCLUSIONS_BODY)
  @Answers(SETTLED_JSON, { summary: 'Items and skills that this learner is not given' })
  async exclusions(@Caller() caller: Caller, @Param('learner') learner: string, @Body() body: unknown): Promise<Settled> {
    const sent = exclusionsSchema.parse(body);
    const { items, skills, note, by } = sent;
    for (const [at, item] of items.entries()) await this.check.item(caller.tenant, item, `items[${at}]`);
    for (const [at, skill] of skills.entries()) await this.check.skill(caller.tenant, skill, `skills[${at}]`);
    return this.settle(caller, learner, sent, { type: 'Exclude', items, skills, by: byOf(caller, by, 'platform'), ...(note === undefined ? {} : { note }) });
  }

  @Put('attestations')
  @Roles('platform', 'teacher')
  @TakesBody(ATTESTATION_BODY)
  @Answers(SETTLED_JSON, { summary: 'A person\'s word on whether a skill is mastered, over what the answers say' })
  async attestation(@Caller() caller: Caller, @Param('learner') learner: string, @Body() body: unknown): Promise<Settled> {
    const sent = attestationSchema.parse(body);
    const { skill, mastered, note, by } = sent;
    await this.check.skill(caller.tenant, skill);
    return this.settle(caller, learner, sent, { type: 'AttestMastery', skill, mastered, by: byOf(caller, by, 'platform'), ...(note === undefined ? {} : { note }) });
  }

  @Put('pause')
  @Roles('platform', 'teacher')
  @TakesBody(PAUSE_BODY)
  @Answers(SETTLED_JSON, { summary: 'Pauses the engine for this learner, or lets it go on' })
  pause(@Caller() caller: Caller, @Param('learner') learner: string, @Body() body: unknown): Promise<Settled> {
    const sent = pauseSchema.parse(body);
    const { paused, note, by } = sent;
    return this.settle(caller, learner, sent, { type: 'PauseEngine', paused, by: byOf(caller, by, 'platform'), ...(note === undefined ? {} : { note }) });
  }

  private async settle({ tenant }: Caller, learner: string, sent: object, command: PlanCommand | readonly PlanCommand[]): Promise<Settled> {
    const id = learnerSchema.parse(learner, 'learner');
    const settled = await this.bus.execute(new ForPlan({ tenant, learner: id, command, orderId: randomId(), now: this.clock.now() }));
    if (isRefusal(settled)) throw refusalProblem(settled, IMPOSSIBLE.has(settled.refused) ? 422 : 409, sent, settled.refused === 'impossible-strategy' ? 'strategy' : undefined);
    return { learner: id, changed: settled.changed, revision: settled.revision };
  }

  private async goal({ tenant }: Caller, { due, ...goal }: GoalBody, field: string): Promise<Goal> {
    const course = await this.check.course(tenant, goal.course, `${field}.course`);
    if (goal.objective !== undefined) this.check.objective(course, goal.objective, `${field}.objective`);
    if (goal.skills !== undefined) this.check.skills(course, goal.skills, `${field}.skills`);
    if (due !== undefined && timeMs(due) <= this.clock.now()) {
      throw new Problem('out-of-range', `${field}.due is "${due}"; it must lie ahead.`, { field: `${field}.due`, value: due });
    }
    return { ...goal, ...(due === undefined ? {} : { due: timeMs(due) }) };
  }
}

/** What can never be right, whatever is known of the learner. */
const IMPOSSIBLE: ReadonlySet<string> = new Set(['impossible-strategy', 'goal-without-skills', 'duplicate-goal', 'too-many-goals']);

/** A teacher speaks as one; a platform says for whom it speaks. */
export function byOf({ role }: Caller, said: By | undefined, otherwise: By): By {
  return role === 'teacher' ? 'teacher' : (said ?? otherwise);
}
