import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put } from '@nestjs/common';
import { CommandBus, QueryBus } from '@nestjs/cqrs';
import { isRefusal } from '@trellis/event-sourcing';
import { CALIBRATION_SCHEMA, type CalibrationDocument } from '@trellis/learning';
import { Answers, BodyLimit, Caller, DOCUMENT_BYTES_MAX, formatTime, notFound, refused, Roles, schemaOf, TakesBody } from '@trellis/service';
import { calibrationSchema, type CalibrationAnswer, type CalibrationStanding } from './calibration-desk.js';
import { CalibrationsQuery, ForCalibrations } from './calibration.handler.js';

const ACTIVE = {
  type: 'object',
  required: ['calibration'],
  additionalProperties: false,
  properties: { calibration: { type: 'string', pattern: '^[a-z0-9-]{1,32}$', description: 'One that was published, or `default-1`, which is part of the program' } },
} as const;
const activeSchema = schemaOf<{ readonly calibration: string }>(ACTIVE);

const STANDING = {
  type: 'object',
  required: ['calibration', 'changed', 'active'],
  properties: {
    calibration: { type: 'string' },
    changed: { type: 'boolean', description: 'false: it was so already' },
    active: { type: 'string', description: 'The one in force now' },
  },
};

const LIST = {
  type: 'object',
  required: ['active', 'published', 'activations'],
  properties: {
    active: { type: 'string' },
    published: { type: 'array', description: 'The oldest first', items: { type: 'object', properties: { id: { type: 'string' }, digest: { type: 'string' }, report: { type: 'object' } } } },
    activations: { type: 'array', items: { type: 'object', properties: { calibration: { type: 'string' }, at: { type: 'string', format: 'date-time' } } } },
  },
};

@Controller('v1/calibrations')
export class CalibrationsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(QueryBus) private readonly queries: QueryBus,
  ) {}

  @Post()
  @HttpCode(200)
  @Roles('platform')
  @BodyLimit(DOCUMENT_BYTES_MAX)
  @TakesBody(CALIBRATION_SCHEMA, { description: 'Parameters of every model and how they came about, as `trellis calibrate --out` writes them' })
  @Answers(STANDING, { summary: 'Publish a calibration; it is not in force yet' })
  async publish(@Caller() { tenant }: Caller, @Body() body: unknown): Promise<CalibrationStanding> {
    return standing(await this.commands.execute(new ForCalibrations(tenant, { publish: calibrationSchema.parse(body) })), 422);
  }

  @Put('active')
  @Roles('platform')
  @TakesBody(ACTIVE, { description: 'Which one is to be in force' })
  @Answers(STANDING, { summary: 'Activate a calibration, or roll back to an earlier one' })
  async activate(@Caller() { tenant }: Caller, @Body() body: unknown): Promise<CalibrationStanding> {
    return standing(await this.commands.execute(new ForCalibrations(tenant, { activate: activeSchema.parse(body).calibration })), 409);
  }

  @Get()
  @Roles('platform', 'teacher', 'analyst')
  @Answers(LIST, { summary: 'Every calibration, and when which one was in force' })
  async list(@Caller() { tenant }: Caller): Promise<object> {
    const { active, published, activations } = await this.queries.execute(new CalibrationsQuery(tenant));
    return { active, published, activations: activations.map(({ calibration, at }) => ({ calibration, at: formatTime(at) })) };
  }

  @Get(':id')
  @Roles('platform', 'teacher', 'analyst')
  @Answers(CALIBRATION_SCHEMA, { summary: 'One calibration as it was published: every number, its report, its model card' })
  async show(@Caller() { tenant }: Caller, @Param('id') id: string): Promise<CalibrationDocument> {
    const { document } = await this.queries.execute(new CalibrationsQuery(tenant, id));
    if (document === null) throw notFound(`There is no calibration "${id}".`);
    return document;
  }
}

function standing(answer: CalibrationAnswer, status: 409 | 422): CalibrationStanding {
  if (isRefusal(answer)) throw refused(answer, status);
  return answer;
}
