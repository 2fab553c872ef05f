// A service small enough to read, with one route for each thing that the specs of this lib ask about.

import { Body, Controller, Get, HttpCode, Inject, Injectable, Module, Param, Post, Query } from '@nestjs/common';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Caller, Open, Roles } from '../auth.guard.js';
import { Clock } from '../clock.js';
import { isNdjson } from '../http.js';
import { Answers, TakesBody } from '../openapi.js';
import { notFound, refused } from '../problems.js';
import { AdmittedAs, BodyLimit } from '../route-config.js';
import { querySchemaOf, schemaOf } from '../schema.js';

const ANSWER = schemaOf<{ item: string; score: number }>({
  type: 'object',
  required: ['item', 'score'],
  additionalProperties: false,
  properties: { item: { type: 'string' }, score: { type: 'number', minimum: 0, maximum: 1 } },
});

const QUERY = querySchemaOf<{ count?: number }>({
  type: 'object',
  additionalProperties: false,
  properties: { count: { type: 'integer', minimum: 1, maximum: 20 } },
});

/** Lets a spec hold requests in flight, and see in which order things begin and end. */
@Injectable()
export class Turnstile implements OnApplicationShutdown {
  readonly entered = Promise.withResolvers<void>();
  readonly released = Promise.withResolvers<void>();
  readonly happened: string[] = [];
  /** What has come in so far. */
  readonly order: string[] = [];
  private readonly held: (() => void)[] = [];

  get entries(): number {
    return this.order.length;
  }

  async pass(what: string): Promise<void> {
    const alone = Promise.withResolvers<void>();
    this.held.push(() => alone.resolve());
    this.order.push(what);
    this.entered.resolve();
    await Promise.race([this.released.promise, alone.promise]);
    this.happened.push('answered');
  }

  /** Whoever came first of those inside. */
  letOut(): void {
    this.held.shift()?.();
  }

  /** For all who are inside and all who come. */
  open(): void {
    this.released.resolve();
  }

  onApplicationShutdown(): void {
    this.happened.push('shutdown hook');
  }
}

@Controller('v1')
@Roles('platform', 'teacher')
export class SampleController {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Turnstile) private readonly turnstile: Turnstile,
  ) {}

  @Get('me')
  me(@Caller() caller: Caller): Caller {
    return caller;
  }

  @Get('now')
  now(): { now: number } {
    return { now: this.clock.now() };
  }

  @Get('courses')
  @Roles('teacher')
  courses(@Query() query: unknown): object {
    return QUERY.parse(query, 'query');
  }

  @Get('learners/:id')
  learner(@Param('id') id: string): never {
    throw notFound('There is no such learner.', { field: 'id', value: id });
  }

  @Post('learners/:id/answers')
  @HttpCode(200)
  @TakesBody(ANSWER.json)
  @Answers(ANSWER.json, { summary: 'An answer', description: 'The answer as it was taken' })
  answer(@Body() body: unknown): object {
    return ANSWER.parse(body);
  }

  @Post('events')
  @HttpCode(200)
  events(@Body() body: unknown): object {
    return isNdjson(body) ? { lines: body.ndjson.split('\n').length } : { entries: Array.isArray(body) ? body.length : null };
  }

  @Post('documents')
  @HttpCode(200)
  @BodyLimit(6 * 1024 * 1024)
  document(@Body() body: string): object {
    return { length: body.length };
  }

  @Post('goals')
  goal(): never {
    throw refused({ refused: 'too-many-goals', detail: 'A learner has at most 5 goals.' }, 422);
  }

  @Get('fault/:id')
  fault(@Param('id') id: string): never {
    throw new Error(`learner-default.${id}: still in conflict`, { cause: new Error('the disk is full') });
  }

  @Get('full')
  full(): never {
    throw Object.assign(new Error('no space left'), { retriable: true });
  }

  @Get('wait')
  async wait(): Promise<object> {
    await this.turnstile.pass('read');
    return { waited: true };
  }

  @Post('wait')
  @HttpCode(200)
  async takeSlowly(): Promise<object> {
    await this.turnstile.pass('write');
    return { waited: true };
  }

  @Post('recommendations')
  @HttpCode(200)
  @AdmittedAs('recommendation')
  async recommend(): Promise<object> {
    await this.turnstile.pass('recommendation');
    return { waited: true };
  }
}

@Controller('other')
export class OtherController {
  @Get('open')
  @Open()
  @BodyLimit(1)
  open(): object {
    return { open: true };
  }

  @Get('forgotten')
  forgotten(): object {
    return {};
  }
}

@Module({ controllers: [SampleController, OtherController], providers: [Turnstile] })
export class SampleModule {}
