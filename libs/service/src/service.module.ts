// What every service has, around the module of the one that is started.

import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD } from '@nestjs/core';
import { RolesGuard } from './auth.guard.js';
import { Clock } from './clock.js';
import type { Config } from './config.js';
import { HealthChecks, HealthController } from './health.js';
import { LOG, type Log } from './logging.js';
import { Metrics, MetricsController } from './metrics.js';
import { ProblemFilter } from './problem.filter.js';
import { Tracing } from './tracing.js';
import { Watching } from './watching.js';

/** The injection token of the configuration. */
export const CONFIG = Symbol('config');

export interface ServiceParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  readonly health: HealthChecks;
}

@Module({})
export class ServiceModule {
  static around(root: Type | DynamicModule, { config, clock, log, metrics, tracing, health }: ServiceParts): DynamicModule {
    const parts = [
      { provide: CONFIG, useValue: config },
      { provide: LOG, useValue: log },
      { provide: Clock, useValue: clock },
      { provide: Metrics, useValue: metrics },
      { provide: Tracing, useValue: tracing },
      { provide: HealthChecks, useValue: health },
      { provide: Watching, useValue: new Watching(health, metrics, tracing) },
    ];
    return {
      module: ServiceModule,
      global: true,
      imports: [root],
      controllers: [HealthController, MetricsController],
      providers: [...parts, { provide: APP_GUARD, useClass: RolesGuard }, { provide: APP_FILTER, useClass: ProblemFilter }],
      exports: parts.map(({ provide }) => provide),
    };
  }
}
