import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { Answers, Caller, isNdjson, Roles, TakesBody } from '@trellis/service';
import { EVENT_JSON } from './event.schema.js';
import { IngestMetrics } from './ingest-metrics.js';
import { BATCH_EVENTS_MAX, Intake, rowsOf, type Intaken } from './intake.js';

const INTAKEN = {
  type: 'object',
  required: ['accepted', 'duplicates', 'rejected', 'position'],
  properties: {
    accepted: { type: 'integer' },
    duplicates: { type: 'integer', description: 'Known already, with the same content; nothing was written' },
    rejected: {
      type: 'array',
      items: {
        type: 'object',
        required: ['index', 'field', 'value', 'code', 'message'],
        properties: {
          index: { type: 'integer', description: 'From 0; for NDJSON without empty lines' },
          id: { type: 'string' },
          field: { type: 'string' },
          value: {},
          code: { type: 'string' },
          message: { type: 'string' },
        },
      },
    },
    position: { type: ['string', 'null'], description: 'Opaque: everything that was accepted lies at or before it' },
  },
};

@Controller('v1/events')
export class EventsController {
  constructor(
    @Inject(Intake) private readonly intake: Intake,
    @Inject(IngestMetrics) private readonly metrics: IngestMetrics,
  ) {}

  @Post()
  @HttpCode(200)
  @Roles('platform')
  @TakesBody({ type: 'array', maxItems: BATCH_EVENTS_MAX, items: EVENT_JSON }, { ndjson: true })
  @Answers(INTAKEN, { summary: 'Facts in batches', description: 'Durable; a rejected row has not kept the others out' })
  async take(@Caller() { tenant }: Caller, @Body() body: unknown): Promise<Intaken> {
    const taken = await this.metrics.timed(() => this.intake.take(tenant, isNdjson(body) ? rowsOf(body.ndjson) : body));
    this.metrics.counted('http', taken);
    return taken;
  }
}
