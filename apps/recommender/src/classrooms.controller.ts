import { Body, Controller, Inject, Param, Put } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal } from '@trellis/event-sourcing';
import type { Group } from '@trellis/learning';
import { Answers, Caller, Clock, Problem, randomId, Roles, TakesBody, timeMs } from '@trellis/service';
import { classroomSchema } from './ask.schema.js';
import type { ClassroomOrder, ClassroomSettled, Enrolled } from './classroom-desk.js';
import { ForClassroom, ForRoster } from './classroom.handler.js';
import {
  CALENDAR_BODY,
  calendarSchema,
  CLASS_OBJECTIVE_BODY,
  CLASS_STRATEGY_BODY,
  classObjectiveSchema,
  classStrategySchema,
  GROUPS_BODY,
  groupsBodySchema,
  PHASE_BODY,
  phaseSchema,
  ROSTER_BODY,
  rosterSchema,
} from './classroom.schema.js';
import { CurriculumCheck } from './curriculum-check.js';
import { byOf } from './plan.controller.js';
import { refusalProblem } from './refusal-problem.js';
import { strategySchema } from './strategy.schema.js';

const ENROLLED_JSON = {
  type: 'object',
  properties: {
    classroom: { type: 'string' },
    course: { type: 'string' },
    enrolled: { type: 'integer', description: 'Newly enrolled by this request' },
    learners: { type: 'integer', description: 'In the classroom now' },
  },
};

const SETTLED_JSON = {
  type: 'object',
  required: ['classroom', 'changed', 'revision'],
  properties: { classroom: { type: 'string' }, changed: { type: 'boolean', description: 'false: it was so already' }, revision: { type: 'integer', description: 'Of the classroom' } },
};

@Controller('v1/classrooms/:id')
export class ClassroomsController {
  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(CurriculumCheck) private readonly check: CurriculumCheck,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Put('learners')
  @Roles('platform', 'teacher')
  @TakesBody(ROSTER_BODY, { description: 'Enrols these learners in the course; nobody who is enrolled already is taken out' })
  @Answers(ENROLLED_JSON, { summary: 'Enrol learners of a classroom in a course' })
  async enrol(@Caller() { tenant }: Caller, @Param('id') id: string, @Body() body: unknown): Promise<Enrolled> {
    const roster = rosterSchema.parse(body);
    const enrolled = await this.bus.execute(new ForRoster(tenant, classroomSchema.parse(id, 'id'), roster));
    if (!isRefusal(enrolled)) return enrolled;
    if (enrolled.refused === 'unknown-course') throw new Problem('unknown-course', `${enrolled.detail}.`, { field: 'course', value: roster.course });
    throw refusalProblem(enrolled, 409, roster);
  }

  @Put('strategy')
  @Roles('platform', 'teacher')
  @TakesBody(CLASS_STRATEGY_BODY)
  @Answers(SETTLED_JSON, { summary: 'The strategy of a classroom, or of one of its groups' })
  async strategy(@Caller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<ClassroomSettled> {
    const sent = classStrategySchema.parse(body);
    const { strategy: given, group, by } = sent;
    const strategy = given === null ? null : strategySchema.parse(given, 'strategy');
    await this.check.strategy(caller.tenant, strategy);
    return this.settle(caller, id, sent, { type: 'ChooseStrategy', strategy, by: byOf(caller, by, 'platform'), at: this.clock.now(), ...(group === undefined ? {} : { group }) });
  }

  @Put('objective')
  @Roles('platform', 'teacher')
  @TakesBody(CLASS_OBJECTIVE_BODY)
  @Answers(SETTLED_JSON, { summary: 'What the whole classroom works towards in a course' })
  async objective(@Caller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<ClassroomSettled> {
    const sent = classObjectiveSchema.parse(body);
    const { course, objective, locked = false, due, by } = sent;
    const published = await this.check.course(caller.tenant, course);
    if (objective !== null) this.check.objective(published, objective);
    return this.settle(caller, id, sent, { type: 'SetObjective', course, objective, locked, by: byOf(caller, by, 'platform'), at: this.clock.now(), ...(due === undefined ? {} : { due: timeMs(due) }) });
  }

  @Put('phase')
  @Roles('platform', 'teacher')
  @TakesBody(PHASE_BODY)
  @Answers(SETTLED_JSON, { summary: 'Begin a phase of the lesson that a blended strategy names' })
  phase(@Caller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<ClassroomSettled> {
    const sent = phaseSchema.parse(body);
    const { phase, by } = sent;
    return this.settle(caller, id, sent, { type: 'BeginPhase', phase, by: byOf(caller, by, 'platform'), at: this.clock.now() });
  }

  @Put('calendar')
  @Roles('platform', 'teacher')
  @TakesBody(CALENDAR_BODY)
  @Answers(SETTLED_JSON, { summary: 'When the class should have reached each objective of a course' })
  async calendar(@Caller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<ClassroomSettled> {
    const sent = calendarSchema.parse(body);
    const { course, entries, by } = sent;
    const published = await this.check.course(caller.tenant, course);
    for (const [at, { objective }] of entries.entries()) {
      this.check.objective(published, objective, `entries[${at}].objective`);
      const first = entries.findIndex((each) => each.objective === objective);
      if (first < at) throw new Problem('out-of-range', `entries[${at}].objective: "${objective}" has a date in entries[${first}] already; name it once.`, { field: `entries[${at}].objective`, value: objective });
    }
    return this.settle(caller, id, sent, { type: 'SetCalendar', course, entries: entries.map(({ objective, due }) => ({ objective, due: timeMs(due) })), by: byOf(caller, by, 'platform') });
  }

  @Put('groups')
  @Roles('platform', 'teacher')
  @TakesBody(GROUPS_BODY)
  @Answers(SETTLED_JSON, { summary: 'The groups of a classroom from now on, and the suggestion that they were made from' })
  groups(@Caller() caller: Caller, @Param('id') id: string, @Body() body: unknown): Promise<ClassroomSettled> {
    const sent = groupsBodySchema.parse(body);
    const { groups, suggestion, by } = sent;
    const command = { type: 'FormGroups', groups, by: byOf(caller, by, 'platform'), at: this.clock.now(), ...(suggestion === undefined ? {} : { suggestion: suggestion.map(plain) }) } as const;
    return this.settle(caller, id, sent, command);
  }

  private async settle({ tenant }: Caller, id: string, sent: object, command: ClassroomOrder['command']): Promise<ClassroomSettled> {
    const settled = await this.bus.execute(new ForClassroom({ tenant, classroom: classroomSchema.parse(id, 'id'), command, orderId: randomId() }));
    if (isRefusal(settled)) throw refusalProblem(settled, IMPOSSIBLE.has(settled.refused) ? 422 : 409, sent, settled.refused === 'impossible-strategy' ? 'strategy' : undefined);
    return settled;
  }
}

/** What can never be right, whatever is known of the classroom. */
const IMPOSSIBLE: ReadonlySet<string> = new Set(['impossible-strategy', 'duplicate-group', 'learner-in-two-groups', 'too-many-groups', 'calendar-too-long']);

/** A suggestion comes back with its reasons and readiness, which are not kept. */
function plain({ group, title, learners, kind, about }: Group): Group {
  return { group, title, learners, kind, ...(about === undefined ? {} : { about }) };
}
