// Unit checks of one learner: assembled, answered, completed with what they certify or what is missing. Answers name the check as their session.
import { isRefusal, type Loaded, type Refusal, type Sources } from '@trellis/event-sourcing';
import type { AssessmentRequested, By, CourseId, ItemId, LearnerId, MasteryCertified, ObjectiveId, PlanEvent, PlanRefusal, Reason, SkillId, TenantId } from '@trellis/learning';
import { certify, courseMap, unitCheck, type AskRefusal, type CheckKind, type CheckResult, type Recommender } from '@trellis/recommendation';
import { randomId, uuidV5 } from '@trellis/service';
import type { Catalogue, LearnerState, PublishedCourse } from '@trellis/views';
import { keptBy, orderOf, type Kept } from './learner-events.js';
import type { PlanDesk } from './plan-desk.js';
import { sessionAnswers } from './session-answers.js';

export interface AssessmentWish {
  readonly course?: CourseId;
  readonly objective?: ObjectiveId;
  readonly skills?: readonly SkillId[];
  readonly kind: CheckKind;
  readonly by: By;
  readonly requestId?: string;
}

export type AssessmentRefusal = AskRefusal | PlanRefusal | 'nothing-to-assess' | 'assessment-replaced';

export interface AssessmentShown {
  readonly page: object;
  readonly language: string | undefined;
}

type Requested = Kept<AssessmentRequested['data']>;
type Completed = Kept<Extract<PlanEvent, { type: 'AssessmentCompleted' }>['data']>;
type Answer = AssessmentShown | Refusal<AssessmentRefusal>;

export class AssessmentDesk {
  constructor(
    private readonly sources: Sources,
    private readonly catalogue: Catalogue,
    private readonly recommender: Recommender,
    private readonly desk: PlanDesk,
    private readonly now: () => number,
  ) {}

  /** The same request id, or the same wish while one is open, gives the same check. */
  async request(tenant: TenantId, learner: LearnerId, wish: AssessmentWish): Promise<Answer> {
    const id = wish.requestId === undefined ? randomId() : uuidV5([tenant, 'assessment', learner, wish.requestId].join('\n'));
    let refusal: Refusal<AssessmentRefusal> | null = null;
    let assessment: string = id;
    const settled = await this.desk.settle({
      tenant,
      learner,
      orderId: requestedBy(tenant, learner, id),
      now: this.now(),
      command: async ({ state }) => {
        refusal = null;
        if (wish.requestId !== undefined && (await this.requested(tenant, learner, id)) !== null) return null;
        const course = this.recommender.courseFor({ tenant, ...(wish.course === undefined ? {} : { course: wish.course }) }, state);
        const open = isRefusal(course) ? null : openOne(state, course, wish);
        if (open !== null) {
          assessment = open;
          return null;
        }
        const request = isRefusal(course) ? course : this.assembled(id, state, course, wish);
        if (!isRefusal(request)) return { type: 'RequestAssessment', request };
        refusal = request;
        return null;
      },
    });
    return refusal ?? (isRefusal(settled) ? settled : this.show(tenant, learner, assessment));
  }

  /** As it stands; appends nothing. */
  async show(tenant: TenantId, learner: LearnerId, assessment: string): Promise<Answer> {
    const requested = await this.requested(tenant, learner, assessment);
    return requested === null ? unknown(assessment) : this.shown(tenant, learner, requested, await this.recommender.learner(tenant, learner));
  }

  /** Once every answer is there and scored, or with `handIn` as it is; until then it says what is missing. */
  async complete(tenant: TenantId, learner: LearnerId, assessment: string, handIn: boolean): Promise<Answer> {
    const requested = await this.requested(tenant, learner, assessment);
    if (requested === null) return unknown(assessment);
    const settled = await this.desk.settle({
      tenant,
      learner,
      orderId: completedBy(tenant, learner, assessment),
      now: this.now(),
      command: async (loaded) => {
        if ((await this.completed(tenant, learner, assessment)) !== null) return null;
        const result = await this.result(tenant, learner, requested, loaded);
        if (result === null || (!result.isComplete && !handIn)) return null;
        const at = this.now();
        const certificates = result.certified.map((each): MasteryCertified['data'] => ({ ...each, assessment, at }));
        const missing = [...result.missing.map(({ skill, why }) => ({ skill, why })), ...withoutItems(requested.data).map((skill) => ({ skill, why: 'too-few-items' }))];
        return { type: 'CompleteAssessment', completion: { assessment, certified: result.certified.map(({ skill }) => skill), missing, at }, certificates };
      },
    });
    if (!isRefusal(settled)) return this.show(tenant, learner, assessment);
    return settled.refused === 'no-such-assessment' ? { refused: 'assessment-replaced', detail: `${settled.detail}; complete the newest one` } : settled;
  }

  private assembled(id: string, state: LearnerState, course: PublishedCourse, { objective, skills, kind, by }: AssessmentWish): AssessmentRequested['data'] | Refusal<AssessmentRefusal> {
    const asked = { ...(objective === undefined ? {} : { objective }), ...(skills === undefined ? {} : { skills }) };
    const { items, lacking } = unitCheck({ map: courseMap(course), state, kind, seed: Number.parseInt(id.slice(0, 8), 16), ...asked });
    if (items.length === 0) {
      const right = kind === 'summative' ? 'ask for a formative one, which takes practice items that were never seen' : 'add items that have a key';
      return { refused: 'nothing-to-assess', detail: `course "${course.id}" has no items to assess ${objective === undefined ? 'these skills' : `objective "${objective}"`} with; ${right}` };
    }
    const covered = [...new Set([...items.map(({ skill }) => skill), ...lacking.map(({ skill }) => skill)])];
    return {
      assessment: id,
      course: course.id,
      kind,
      ...(objective === undefined ? {} : { objective }),
      skills: covered,
      items: items.map(({ item }) => item),
      itemSkills: items.map(({ skill }) => skill),
      by,
      at: this.now(),
    };
  }

  private async shown(tenant: TenantId, learner: LearnerId, requested: Requested, loaded: Loaded<LearnerState>): Promise<AssessmentShown> {
    const { assessment, course: id, kind, objective = null, skills, items, by, at } = requested.data;
    const course = this.catalogue.course(tenant, id);
    const titles = new Map(course?.content.skills.map((skill) => [skill.id, skill.title]) ?? []);
    const titleOf = (skill: SkillId): string => titles.get(skill) ?? skill;
    const completed = await this.completed(tenant, learner, assessment);
    // Once it is completed, later answers change nothing in what it said.
    const result = completed === null ? await this.result(tenant, learner, requested, loaded) : await this.result(tenant, learner, requested, { ...loaded, revision: completed.revision });
    const scores = new Map(result?.answers.map(({ item, score }) => [item, score]));
    const page = {
      assessment,
      learner,
      course: id,
      kind,
      objective,
      skills: skills.map((skill) => ({ skill, title: titleOf(skill) })),
      by,
      at,
      items: items.map((item, n) => ({ item, skill: requested.data.itemSkills?.[n] ?? course?.items.get(item)?.skills[0], answered: scores.has(item), score: scores.get(item) ?? null })),
      isAnswered: result?.isComplete ?? false,
      completedAt: completed?.data.at ?? null,
      certified: (result?.certified ?? []).map((each) => ({ ...each, title: titleOf(each.skill), reason: reason('certified', { title: titleOf(each.skill), right: each.right, asked: each.asked, mastery: each.known }) })),
      missing: [
        ...(result?.missing ?? []).map((each) => ({ ...each, title: titleOf(each.skill), reason: reason(each.why, { title: titleOf(each.skill), items: each.items.length, mastery: each.known }) })),
        ...withoutItems(requested.data).map((skill) => ({ skill, why: 'too-few-items', items: [], title: titleOf(skill), reason: reason('too-few-items', { title: titleOf(skill) }) })),
      ],
    };
    return { page, language: loaded.state.told.preferences.language };
  }

  /** Null: its course is gone. */
  private async result(tenant: TenantId, learner: LearnerId, { data, revision: from }: Requested, { revision: to }: Loaded<LearnerState>): Promise<(CheckResult & { readonly answers: readonly { readonly item: ItemId; readonly score: number | null }[] }) | null> {
    const course = this.catalogue.course(tenant, data.course);
    if (course === null) return null;
    const items = data.items.map((item, n) => ({ item, skill: data.itemSkills?.[n] ?? course.items.get(item)?.skills[0] })).filter((each): each is { item: ItemId; skill: SkillId } => each.skill !== undefined);
    const answers = await sessionAnswers(this.sources, { tenant, learner, session: data.assessment, from, to });
    return { ...certify(courseMap(course), { items }, answers), answers };
  }

  private requested(tenant: TenantId, learner: LearnerId, assessment: string): Promise<Requested | null> {
    return keptBy(this.sources, tenant, learner, { orderId: requestedBy(tenant, learner, assessment) });
  }

  private completed(tenant: TenantId, learner: LearnerId, assessment: string): Promise<Completed | null> {
    return keptBy(this.sources, tenant, learner, { orderId: completedBy(tenant, learner, assessment) });
  }
}

/** One that is open and asks for the same. */
function openOne({ plan: { assessment: open } }: LearnerState, course: PublishedCourse, { objective, skills, kind }: AssessmentWish): string | null {
  if (open === null || open.completed || open.course !== course.id || open.kind !== kind || open.objective !== objective) return null;
  const isSame = skills === undefined ? objective !== undefined || open.skills.length === course.content.skills.length : skills.length === open.skills.length && skills.every((skill) => open.skills.includes(skill));
  return isSame ? open.assessment : null;
}

/** Skills that were asked for and that the course has nothing to assess with. */
function withoutItems({ skills, itemSkills = [] }: AssessmentRequested['data']): readonly SkillId[] {
  return itemSkills.length === 0 ? [] : skills.filter((skill) => !itemSkills.includes(skill));
}

function reason(why: string, params: Reason['params']): Reason {
  return { key: `check-${why}`, params };
}

function unknown(assessment: string): Refusal<AssessmentRefusal> {
  return { refused: 'no-such-assessment', detail: `assessment: the learner has no assessment "${assessment}"` };
}

function requestedBy(tenant: TenantId, learner: LearnerId, assessment: string): string {
  return orderOf(tenant, learner, 'assessment requested', assessment);
}

function completedBy(tenant: TenantId, learner: LearnerId, assessment: string): string {
  return orderOf(tenant, learner, 'assessment completed', assessment);
}

