// A short diagnostic of one learner: begun, asked question by question, concluded. What was asked and answered is in the learner's log; the next
// question is reckoned from it, so nothing is kept between two requests.
import { isRefusal, type Instant, type Loaded, type Refusal, type Sources } from '@trellis/event-sourcing';
import type { CourseId, LearnerId, ObjectiveId, PlacementConcluded, PlacementStarted, PlanRefusal, Reason, TenantId } from '@trellis/learning';
import { conclusion, courseMap, nextQuestion, type AskRefusal, type NextQuestion, type PlacementInput, type Recommender } from '@trellis/recommendation';
import { randomId, uuidV5 } from '@trellis/service';
import type { Catalogue, LearnerState } from '@trellis/views';
import { keptBy, orderOf, type Kept } from './learner-events.js';
import type { PlanDesk } from './plan-desk.js';
import { sessionAnswers } from './session-answers.js';

export interface PlacementWish {
  readonly course?: CourseId;
  readonly objective?: ObjectiveId;
  readonly requestId?: string;
}

export type PlacementRefusal = AskRefusal | PlanRefusal | 'placement-replaced';

export interface PlacementShown {
  readonly placement: string;
  readonly learner: LearnerId;
  readonly course: CourseId;
  readonly objective: ObjectiveId | null;
  readonly at: Instant;
  readonly asked: number;
  /** Null: nothing more is to be asked. */
  readonly question: object | null;
  /** Null: not concluded yet. */
  readonly conclusion: object | null;
  readonly language: string | undefined;
}

type Begun = Kept<PlacementStarted['data']>;

interface Reckoned {
  readonly loaded: Loaded<LearnerState>;
  /** Null: its course is gone. */
  readonly input: PlacementInput | null;
  readonly next: NextQuestion | null;
}

export class PlacementDesk {
  constructor(
    private readonly sources: Sources,
    private readonly catalogue: Catalogue,
    private readonly recommender: Recommender,
    private readonly desk: PlanDesk,
    private readonly now: () => number,
  ) {}

  /** The same request id, or the same wish while one is under way, gives the same placement. */
  async begin(tenant: TenantId, learner: LearnerId, wish: PlacementWish): Promise<PlacementShown | Refusal<PlacementRefusal>> {
    const id = wish.requestId === undefined ? randomId() : uuidV5([tenant, 'placement', learner, wish.requestId].join('\n'));
    let refusal: Refusal<PlacementRefusal> | null = null;
    let placement: string = id;
    const settled = await this.desk.settle({
      tenant,
      learner,
      orderId: orderOf(tenant, learner, 'placement begun', id),
      now: this.now(),
      command: async ({ state }) => {
        const known = wish.requestId === undefined ? null : await this.begun(tenant, learner, id);
        if (known !== null) return null;
        const course = this.recommender.courseFor({ tenant, ...(wish.course === undefined ? {} : { course: wish.course }) }, state);
        refusal = isRefusal(course) ? course : null;
        if (isRefusal(course)) return null;
        const open = state.plan.placement;
        if (open !== null && !open.concluded && open.course === course.id && open.objective === wish.objective) {
          placement = open.placement;
          return null;
        }
        const { objective } = wish;
        return { type: 'StartPlacement', placement: { placement: id, course: course.id, ...(objective === undefined ? {} : { objective }), seed: Number.parseInt(id.slice(0, 8), 16), at: this.now() } };
      },
    });
    return refusal ?? (isRefusal(settled) ? settled : this.next(tenant, learner, placement));
  }

  /** As it stands; appends nothing. */
  async show(tenant: TenantId, learner: LearnerId, placement: string): Promise<PlacementShown | Refusal<PlacementRefusal>> {
    const begun = await this.begun(tenant, learner, placement);
    if (begun === null) return unknown(placement);
    const loaded = await this.recommender.learner(tenant, learner);
    const input = await this.input(tenant, learner, begun, loaded);
    const isOver = (await this.concluded(tenant, learner, placement)) !== null;
    return this.shown(tenant, learner, begun, { loaded, input, next: isOver || input === null ? null : nextQuestion(input) });
  }

  /** The next question, or the conclusion, which is kept. */
  async next(tenant: TenantId, learner: LearnerId, placement: string): Promise<PlacementShown | Refusal<PlacementRefusal>> {
    const begun = await this.begun(tenant, learner, placement);
    if (begun === null) return unknown(placement);
    let reckoned: Reckoned | null = null;
    const settled = await this.desk.settle({
      tenant,
      learner,
      orderId: orderOf(tenant, learner, 'placement concluded', placement),
      now: this.now(),
      command: async (loaded) => {
        if ((await this.concluded(tenant, learner, placement)) !== null) return null;
        const input = await this.input(tenant, learner, begun, loaded);
        const next = input === null ? null : nextQuestion(input);
        reckoned = { loaded, input, next };
        if (input === null || next === null || !('concluded' in next)) return null;
        const { course, priors, questions, why } = conclusion(input, next.concluded);
        return { type: 'ConcludePlacement', conclusion: { placement, course, priors, questions, why, at: this.now() } };
      },
    });
    // What has just been reckoned is not reckoned again: it looks at every skill in many possible states of knowledge.
    if (!isRefusal(settled)) return reckoned === null || settled.changed ? this.show(tenant, learner, placement) : this.shown(tenant, learner, begun, reckoned);
    return settled.refused === 'no-such-placement' ? { refused: 'placement-replaced', detail: `${settled.detail}; go on with the newest one` } : settled;
  }

  private async shown(tenant: TenantId, learner: LearnerId, begun: Begun, { loaded, input, next }: Reckoned): Promise<PlacementShown> {
    const { placement, course, objective = null, at } = begun.data;
    const concluded = await this.concluded(tenant, learner, placement);
    return {
      placement,
      learner,
      course,
      objective,
      at,
      // Later answers change nothing in what was concluded.
      asked: concluded?.questions ?? input?.answers.length ?? 0,
      question: next === null || 'concluded' in next || input === null ? null : questionShown(input, next),
      conclusion: concluded === null ? null : this.conclusionShown(tenant, concluded),
      language: loaded.state.told.preferences.language,
    };
  }

  private conclusionShown(tenant: TenantId, { course: id, priors, questions, why, at }: PlacementConcluded['data']): object {
    const titles = new Map(this.catalogue.course(tenant, id)?.content.skills.map((skill) => [skill.id, skill.title]) ?? []);
    const reason: Reason = { key: `placement-${why}`, params: { questions } };
    return { why, reason, questions, at, skills: priors.map((prior) => ({ ...prior, title: titles.get(prior.skill) ?? prior.skill })) };
  }

  /** Null: its course is gone. */
  private async input(tenant: TenantId, learner: LearnerId, { data, revision: from }: Begun, { state, revision: to }: Loaded<LearnerState>): Promise<PlacementInput | null> {
    const course = this.catalogue.course(tenant, data.course);
    if (course === null) return null;
    const all = await sessionAnswers(this.sources, { tenant, learner, session: data.placement, from, to });
    // Also to items that it did not ask: they say as much. Those of another course say nothing here.
    const answers = all.filter(({ item }) => course.items.has(item));
    return { map: courseMap(course), calibration: state.calibration, state, answers, seed: data.seed, ...(data.objective === undefined ? {} : { objective: data.objective }) };
  }

  private begun(tenant: TenantId, learner: LearnerId, placement: string): Promise<Kept<PlacementStarted['data']> | null> {
    return keptBy(this.sources, tenant, learner, { orderId: orderOf(tenant, learner, 'placement begun', placement) });
  }

  private async concluded(tenant: TenantId, learner: LearnerId, placement: string): Promise<PlacementConcluded['data'] | null> {
    const kept = await keptBy<PlacementConcluded['data']>(this.sources, tenant, learner, { orderId: orderOf(tenant, learner, 'placement concluded', placement) });
    return kept?.data ?? null;
  }
}

function questionShown({ map }: PlacementInput, { item, skill, informationBits, unsure }: Extract<NextQuestion, { item: unknown }>): object {
  const asked = map.course.items.get(item);
  const title = map.skills[map.numberOf.get(skill) ?? -1]?.skill.title ?? skill;
  return { item, skill, title, skills: asked?.skills ?? [skill], ...(asked?.minutes === undefined ? {} : { minutes: asked.minutes }), informationBits, unsure };
}

function unknown(placement: string): Refusal<PlacementRefusal> {
  return { refused: 'no-such-placement', detail: `placement: the learner has no placement "${placement}"` };
}
