import { Inject } from '@nestjs/common';
import { Query, QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Instant, Refusal, Revision } from '@trellis/event-sourcing';
import type { CourseId, LearnerId, TenantId } from '@trellis/learning';
import { ENGINE_VERSION, Recommender } from '@trellis/recommendation';
import { formatTime } from '@trellis/service';
import { Catalogue, masteryReport, type SkillReport } from '@trellis/views';

export interface Mastery {
  readonly learner: LearnerId;
  readonly course: CourseId | null;
  readonly asOf: Instant;
  readonly basedOn: { readonly revision: Revision };
  readonly versions: { readonly engine: string; readonly calibration: string; readonly course: number | null };
  readonly skills: readonly SkillReport[];
}

interface Options {
  readonly course?: CourseId;
  /** What was recorded up to then; everything if left out. */
  readonly asOf?: Instant;
  readonly now: Instant;
}

export class MasteryQuery extends Query<Mastery | Refusal<'unknown-course'>> {
  constructor(
    readonly tenant: TenantId,
    readonly learner: LearnerId,
    readonly options: Options,
  ) {
    super();
  }
}

@QueryHandler(MasteryQuery)
export class MasteryHandler implements IQueryHandler<MasteryQuery> {
  constructor(
    @Inject(Recommender) private readonly recommender: Recommender,
    @Inject(Catalogue) private readonly catalogue: Catalogue,
  ) {}

  async execute({ tenant, learner, options }: MasteryQuery): Promise<Mastery | Refusal<'unknown-course'>> {
    const { course: id, asOf, now } = options;
    const course = id === undefined ? null : this.catalogue.course(tenant, id);
    if (id !== undefined && course === null) return { refused: 'unknown-course', detail: `course: "${id}" is not published; publish it or leave it out` };
    const { state, revision } = await (asOf === undefined ? this.recommender.learner(tenant, learner) : this.recommender.learnerAsOf(tenant, learner, asOf));
    return {
      learner,
      course: id ?? null,
      asOf: asOf ?? now,
      basedOn: { revision },
      versions: { engine: ENGINE_VERSION, calibration: state.calibration.id, course: course?.version ?? null },
      skills: masteryReport(state, { course, now: asOf ?? now }),
    };
  }
}

/** As the public interface shows it. */
export interface MasteryBody extends Omit<Mastery, 'asOf' | 'skills'> {
  readonly asOf: string;
  readonly skills: readonly (Omit<SkillReport, 'lastAt' | 'reviewAt'> & { readonly lastAt: string | null; readonly reviewAt: string | null })[];
}

export function masteryBody(mastery: Mastery): MasteryBody {
  return {
    ...mastery,
    asOf: formatTime(mastery.asOf),
    skills: mastery.skills.map((skill) => ({ ...skill, lastAt: timeOrNull(skill.lastAt), reviewAt: timeOrNull(skill.reviewAt) })),
  };
}

function timeOrNull(at: Instant | null): string | null {
  return at === null ? null : formatTime(at);
}
