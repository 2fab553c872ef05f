// A process of its own: a NestJS route on Fastify that takes the body of a request for recommendations, validates it and
// gives a constant answer as large as a real one. Its argument is that answer as JSON.
import 'reflect-metadata';
import { Body, Controller, Get, HttpCode, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { CURRICULUM_PATTERN, OPAQUE_PATTERN } from '@trellis/learning';
import { schemaOf } from '@trellis/service';
import { ownCpuText } from '../process-cpu.js';

const answer: unknown = JSON.parse(process.argv[2] ?? '{}');

const learnerSchema = schemaOf<string>({ type: 'string', pattern: OPAQUE_PATTERN });
const askSchema = schemaOf<object>({
  type: 'object',
  additionalProperties: false,
  properties: {
    course: { type: 'string', pattern: CURRICULUM_PATTERN },
    count: { type: 'integer', minimum: 1, maximum: 20 },
    objective: { type: 'string', pattern: CURRICULUM_PATTERN },
    budgetMinutes: { type: 'number', exclusiveMinimum: 0, maximum: 600 },
    requestId: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
  },
});

@Controller('v1')
class ConstantController {
  @Post('learners/:learner/recommendations')
  @HttpCode(200)
  recommend(@Param('learner') learner: string, @Body() body: unknown): unknown {
    learnerSchema.parse(learner, 'learner');
    askSchema.parse(body);
    return answer;
  }
}

@Controller('metrics')
class CpuController {
  @Get()
  read(): string {
    return ownCpuText();
  }
}

@Module({ controllers: [ConstantController, CpuController] })
class ConstantModule {}

const app = await NestFactory.create<NestFastifyApplication>(ConstantModule, new FastifyAdapter(), { logger: false });
process.on('SIGTERM', () => process.exit(0));
await app.listen(0, '127.0.0.1');
process.stdout.write(`${await app.getUrl()}\n`);
