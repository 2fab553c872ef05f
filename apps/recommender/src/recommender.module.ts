import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import type { Engine } from '@trellis/engine';
import { Recommender } from '@trellis/recommendation';
import { Clock, HealthChecks, Watching } from '@trellis/service';
import { Catalogue } from '@trellis/views';
import { AssessmentDesk } from './assessment-desk.js';
import { AssessmentHandler, AssessmentQueryHandler } from './assessment.handler.js';
import { AssessmentsController } from './assessments.controller.js';
import { BoardController } from './board.controller.js';
import { BoardHandler } from './board.query.js';
import { ChoiceController } from './choice.controller.js';
import { ClassReader } from './class-reader.js';
import { ClassroomDesk } from './classroom-desk.js';
import { ClassroomHandler, RosterHandler } from './classroom.handler.js';
import { ClassroomsController } from './classrooms.controller.js';
import { CurriculumCheck } from './curriculum-check.js';
import { GroupsHandler } from './groups.query.js';
import { HistoryHandler, HISTORY_SOURCES } from './history.query.js';
import { LearnerPagesController } from './learner-pages.controller.js';
import { MasteryController } from './mastery.controller.js';
import { MasteryHandler } from './mastery.query.js';
import { PlacementDesk } from './placement-desk.js';
import { PlacementHandler, PlacementQueryHandler } from './placement.handler.js';
import { PlacementsController } from './placements.controller.js';
import { PlanController } from './plan.controller.js';
import { PlanDesk } from './plan-desk.js';
import { ForPlanHandler } from './plan.handler.js';
import { PlanHandler } from './plan.query.js';
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
      controllers: [RecommendationsController, ChoiceController, MasteryController, ClassroomsController, BoardController, PlanController, PlacementsController, AssessmentsController, LearnerPagesController],
      providers: [
        { provide: 'watched-engine', inject: [Watching], useFactory: (watching: Watching) => watching.watch(engine) },
        MasteryHandler,
        ClassroomHandler,
        RosterHandler,
        ForPlanHandler,
        PlacementHandler,
        PlacementQueryHandler,
        AssessmentHandler,
        AssessmentQueryHandler,
        BoardHandler,
        GroupsHandler,
        PlanHandler,
        HistoryHandler,
        RecommenderMetrics,
        { provide: Recommender, useValue: recommender },
        { provide: Catalogue, useValue: catalogue },
        { provide: CurriculumCheck, useValue: new CurriculumCheck(catalogue) },
        { provide: PlanDesk, useValue: new PlanDesk(sources, recommender) },
        {
          provide: PlacementDesk,
          inject: [PlanDesk, Clock],
          useFactory: (desk: PlanDesk, clock: Clock) => new PlacementDesk(sources, catalogue, recommender, desk, () => clock.now()),
        },
        {
          provide: AssessmentDesk,
          inject: [PlanDesk, Clock],
          useFactory: (desk: PlanDesk, clock: Clock) => new AssessmentDesk(sources, catalogue, recommender, desk, () => clock.now()),
        },
        { provide: HISTORY_SOURCES, useValue: sources },
        { provide: ClassReader, useValue: new ClassReader(sources, catalogue, recommender) },
        { provide: ClassroomDesk, inject: [Clock], useFactory: (clock: Clock) => new ClassroomDesk(sources, catalogue, () => clock.now()) },
        // A recommendation is only given once it is kept.
        { provide: 'recommender-health', inject: [HealthChecks], useFactory: (health: HealthChecks) => health.add('decisions', whyNotWritable) },
      ],
    };
  }
}
