// Whether the process runs (live) and whether it can do its work now (ready). Anybody may ask; why a check fails is for operators.

import { Controller, Get, Inject, Injectable, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Open } from './auth.guard.js';
import { LOG, type Log } from './logging.js';
import { Ungated } from './route-config.js';

/** Null: all is well. Otherwise why not, in a few words. */
export type HealthCheck = () => string | null | Promise<string | null>;

/** A check that takes longer counts as failed. */
export const CHECK_MS_MAX = 2_000;
const CHECKS_MAX = 100;

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, string | null>>;
}

@Injectable()
export class HealthChecks {
  private readonly checks = new Map<string, HealthCheck>();

  constructor(@Inject(LOG) private readonly log: Log) {}

  add(name: string, check: HealthCheck): void {
    if (this.checks.has(name)) throw new Error(`There is already a health check named ${name}`);
    if (this.checks.size >= CHECKS_MAX) throw new Error(`There are already ${CHECKS_MAX} health checks`);
    this.checks.set(name, check);
  }

  async run(): Promise<Readiness> {
    const asked = [...this.checks].map(async ([name, check]) => [name, await this.answerOf(name, check)] as const);
    const answers = await Promise.all(asked);
    return { ready: answers.every(([, answer]) => answer === null), checks: Object.fromEntries(answers) };
  }

  private async answerOf(name: string, check: HealthCheck): Promise<string | null> {
    const late = Promise.withResolvers<string>();
    const timer = setTimeout(() => late.resolve(`no answer within ${CHECK_MS_MAX} ms`), CHECK_MS_MAX);
    try {
      return await Promise.race([check(), late.promise]);
    } catch (err) {
      this.log.error({ err, check: name }, 'a health check threw');
      return 'the check itself failed; see the log';
    } finally {
      clearTimeout(timer);
    }
  }
}

const READINESS = {
  type: 'object',
  properties: {
    ready: { type: 'boolean' },
    checks: { type: 'object', additionalProperties: { type: ['string', 'null'], description: 'null: good; otherwise why not' } },
  },
};

@ApiTags('operations')
@Controller('health')
export class HealthController {
  constructor(@Inject(HealthChecks) private readonly health: HealthChecks) {}

  @Get('live')
  @Open()
  @Ungated()
  @ApiOperation({ summary: 'Whether the process runs' })
  live(): { live: true } {
    return { live: true };
  }

  @Get('ready')
  @Open()
  @Ungated()
  @ApiOperation({ summary: 'Whether the service can do its work now', description: 'Reasons are shown to operators only.' })
  @ApiResponse({ status: 200, description: 'Ready', schema: READINESS as object })
  @ApiResponse({ status: 503, description: 'Not ready', schema: READINESS as object })
  async ready(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const { ready, checks } = await this.health.run();
    reply.code(ready ? 200 : 503);
    const role = request.caller?.role;
    return { ready, checks: role === 'operator' || role === 'any' ? checks : withoutReasons(checks) };
  }
}

function withoutReasons(checks: Readiness['checks']): Readiness['checks'] {
  return Object.fromEntries(Object.entries(checks).map(([name, answer]) => [name, answer === null ? null : 'not ready']));
}
