import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { Engine } from '@trellis/engine';
import { Recommender } from '@trellis/recommendation';
import { Clock, HealthChecks, Watching } from '@trellis/service';
import { Catalogue } from '@trellis/views';
import { ClassroomDesk } from './classroom-desk.js';
import { ClassroomHandler } from './classroom.handler.js';
import { ClassroomsController } from './classrooms.controller.js';
import { MasteryController } from './mastery.controller.js';
import { MasteryHandler } from './mastery.query.js';
import { RecommendationsController } from './recommendations.controller.js';
import { RecommenderMetrics } from './recommender-metrics.js';

/** What next, how far, and why. */
@Module({})
export class RecommenderModule {
  static over(engine: Engine): DynamicModule {
    const { sources, catalogue, recommender, whyNotWritable } = engine;
    return {
      module: RecommenderModule,
      imports: [CqrsModule.forRoot()],
      controllers: [RecommendationsController, MasteryController, ClassroomsController],
      providers: [
        { provide: 'watched-engine', inject: [Watching], useFactory: (watching: Watching) => watching.watch(engine) },
        MasteryHandler,
        ClassroomHandler,
        RecommenderMetrics,
        { provide: Recommender, useValue: recommender },
        { provide: Catalogue, useValue: catalogue },
        { provide: ClassroomDesk, inject: [Clock], useFactory: (clock: Clock) => new ClassroomDesk(sources, catalogue, () => clock.now()) },
        // A recommendation is only given once it is kept.
        { provide: 'recommender-health', inject: [HealthChecks], useFactory: (health: HealthChecks) => health.add('decisions', whyNotWritable) },
      ],
    };
  }
}
