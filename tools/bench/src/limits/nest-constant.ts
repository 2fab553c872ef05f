// A process of its own: a NestJS route on Fastify that takes the body of a request for recommendations, validates it and
// gives a constant answer as large as a real one. Its argument is that answer as JSON.
import 'reflect-metadata';
import { Body, Controller, Get, HttpCode, Module, Param, Post } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ownCpuText } from '../process-cpu.js';
import { constantAnswer } from './constant-answer.js';

@Controller('v1')
class ConstantController {
  @Post('learners/:learner/recommendations')
  @HttpCode(200)
  recommend(@Param('learner') learner: string, @Body() body: unknown): unknown {
    return constantAnswer(learner, body);
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
