import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { Engine, Transport } from '@trellis/engine';
import { Clock, HealthChecks, LOG, type Log, Metrics, Watching } from '@trellis/service';
import { AnswerDesk } from './answer-desk.js';
import { AnswersController } from './answers.controller.js';
import { CalibrationDesk } from './calibration-desk.js';
import { CalibrationHandler, CalibrationsQueryHandler } from './calibration.handler.js';
import { CalibrationsController } from './calibrations.controller.js';
import { CourseDesk } from './course-desk.js';
import { CourseHandler } from './course.handler.js';
import { CoursesController } from './courses.controller.js';
import { Edge } from './edge.js';
import { EventsController } from './events.controller.js';
import { IngestMetrics } from './ingest-metrics.js';
import { Ingress, TRANSPORT } from './ingress.js';
import { Intake } from './intake.js';

/** Facts, courses and calibrations in. */
@Module({})
export class IngestModule {
  static over(engine: Engine, transport: Transport | null = null): DynamicModule {
    const { sources, calibrations, catalogue, recommender } = engine;
    const edge = new Edge(catalogue, sources.codec);
    return {
      module: IngestModule,
      imports: [CqrsModule.forRoot()],
      controllers: [EventsController, AnswersController, CoursesController, CalibrationsController],
      providers: [
        ...(transport === null ? [] : [Ingress, { provide: TRANSPORT, useValue: transport }]),
        { provide: 'watched-engine', inject: [Watching], useFactory: (watching: Watching) => watching.watch(engine) },
        CalibrationHandler,
        CalibrationsQueryHandler,
        CourseHandler,
        IngestMetrics,
        { provide: Intake, inject: [Clock], useFactory: (clock: Clock) => new Intake(sources.store, edge, () => clock.now()) },
        { provide: CalibrationDesk, inject: [Clock], useFactory: (clock: Clock) => new CalibrationDesk(sources, calibrations, () => clock.now()) },
        { provide: CourseDesk, inject: [Clock], useFactory: (clock: Clock) => new CourseDesk(sources, catalogue, () => clock.now()) },
        { provide: AnswerDesk, inject: [Clock], useFactory: (clock: Clock) => new AnswerDesk({ sources, edge, recommender, catalogue, now: () => clock.now() }) },
        {
          provide: 'ingest-health',
          inject: [HealthChecks, LOG, Metrics],
          useFactory: (health: HealthChecks, log: Log, metrics: Metrics) => {
            metrics.gaugeOf({ name: 'trellis_log_writable', help: '1 while appends are taken, 0 while they are refused' }, () => (engine.whyNotWritable() === null ? 1 : 0));
            metrics.gaugeOf({ name: 'trellis_log_damaged_positions', help: 'Positions at which reads have met damage since the start; see trellis verify' }, () => engine.damagedPositions());
            engine.hear(({ level, message, error }) => log[level](error === undefined ? {} : { err: error }, message));
            health.add('log', () => engine.whyNotWritable());
            health.add('courses', () => engine.whyNotCurrent());
          },
        },
      ],
    };
  }
}
