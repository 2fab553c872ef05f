import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { isRefusal, type Instant, type Refusal } from '@trellis/event-sourcing';
import type { CourseId, Goal, LearnerId, TenantId } from '@trellis/learning';
import { answersPerDay, checkReadiness, courseMap, ENGINE_VERSION, goalForecast, readinessOf, Recommender, reviewLoad, selfAssessments, standingOf, stuckSkills, workLeft, type AskRefusal, type Standing } from '@trellis/recommendation';
import { Catalogue, type LearnerState, type PublishedCourse } from '@trellis/views';

export interface PlanAsked {
  readonly tenant: TenantId;
  readonly learner: LearnerId;
  readonly course?: CourseId;
  readonly now: Instant;
}

/** As it is shown, but for its times and sentences. */
export interface PlanPage {
  readonly page: object;
  /** What the learner said, for sentences. */
  readonly language: string | undefined;
}

export class PlanQuery extends Query<PlanPage | Refusal<AskRefusal>> {
  constructor(readonly asked: PlanAsked) {
    super();
  }
}

/** Decimals of what is reckoned, for people. */
const PACE_DECIMALS = 100;

@QueryHandler(PlanQuery)
export class PlanHandler implements IQueryHandler<PlanQuery> {
  constructor(
    @Inject(Recommender) private readonly recommender: Recommender,
    @Inject(Catalogue) private readonly catalogue: Catalogue,
  ) {}

  async execute({ asked }: PlanQuery): Promise<PlanPage | Refusal<AskRefusal>> {
    const { tenant, learner, now } = asked;
    const { state, revision } = await this.recommender.learner(tenant, learner);
    let course = this.recommender.courseFor(asked, state);
    if (isRefusal(course)) {
      // Perhaps only here: another process may have published it a moment ago.
      await this.catalogue.catchUp();
      course = this.recommender.courseFor(asked, state);
    }
    if (isRefusal(course)) return course;
    const { id, version } = course;
    const standingIn = async (one: PublishedCourse): Promise<Standing> => standingOf({ learner, state, map: courseMap(one), classroom: await this.recommender.classroomOf(tenant, state, one.id), now });
    const standing = await standingIn(course);
    const goals = await Promise.all(
      state.plan.goals.map(async (goal) => {
        const own = goal.course === id ? standing.map.course : this.catalogue.course(tenant, goal.course);
        return { ...goal, ...(own === null ? lost(goal) : goalForecast(goal.course === id ? standing : await standingIn(own), goal)) };
      }),
    );
    const classroom = await this.recommender.classroomOf(tenant, state, id);
    const page = {
      learner,
      course: id,
      at: now,
      basedOn: { revision, ...(classroom === null ? {} : { classroom: { id: classroom.id, revision: classroom.revision } }) },
      versions: { engine: ENGINE_VERSION, calibration: state.calibration.id, course: version },
      strategy: standing.strategy,
      aim: aimPage(standing),
      goals,
      proposed: state.plan.proposed,
      answersPerDay: pace(state, now),
      reviews: reviewLoad(standing),
      stuck: stuckSkills(standing).map(({ skill, state: { pauses, answers, right, lastAt } }) => ({ skill: skill.id, title: skill.title, pauses, answers, right, lastAt })),
      selfAssessments: selfAssessments(standing),
      readyForAssessment: checkReadiness(standing),
      preferences: state.told.preferences,
      inForce: inForce(state),
      certified: state.plan.certified,
      placement: state.plan.placement,
      assessment: state.plan.assessment,
    };
    return { page, language: state.told.preferences.language };
  }
}

function aimPage(standing: Standing): object {
  const { objective, title, by, lostGoals, needed } = standing.aim;
  return { objective, title, by, lostGoals, readiness: readinessOf(standing, standing.aim), work: workLeft(standing, needed) };
}

/** Every word of a teacher, or of whoever may speak for the learner, that holds now. */
function inForce({ plan }: LearnerState): object {
  const { strategy, objectives, pins, excludedItems, excludedSkills, attested, paused, declined } = plan;
  return { strategy, objectives, pins, excludedItems, excludedSkills, attested, paused, declined };
}

function lost(goal: Goal): object {
  return { title: goal.objective ?? goal.skills?.join(', ') ?? goal.goal, work: null, date: null };
}

function pace(state: LearnerState, now: Instant): number | null {
  const perDay = answersPerDay(state, now);
  return perDay === null ? null : Math.round(perDay * PACE_DECIMALS) / PACE_DECIMALS;
}
