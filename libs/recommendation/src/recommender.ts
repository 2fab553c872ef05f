// Load, choose, append: the way from "what next for this learner?" to a decision that the log holds.
import { ContentionError, foldOn, follow, load, loadWith, type Envelope, type EventId, type Instant, type Loaded, type Observation, type Outgoing, type Position, type Projection, type Recorded, type Refusal, type Revision, type Sources, type StreamName, Turns } from '@trellis/event-sourcing';
import { eventSchema, learnerStream, recommendationId, rowKey, type Classroom, type CourseId, type Decision, type LearnerId, type ObjectiveId, type RecommendationId, type TenantId, type Wish } from '@trellis/learning';
import type { Calibration } from '@trellis/mastery';
import { classroomView, learnerView, newLearner, type Calibrations, type Catalogue, type FoldRules, type LearnerState, type PublishedCourse } from '@trellis/views';
import { differences } from './differences.js';
import { decide, foldRulesOf, missingVersion, type Circumstances } from './engine.js';
import { choicesFromLog, type FromLog, type ReadChoices } from './off-policy/from-log.js';
import { RecentLearners } from './recent-learners.js';
import type { ClassroomSituation } from './situation.js';

export interface Ask {
  readonly tenant: TenantId;
  readonly learner: LearnerId;
  /** Fixed before the first try: the same id gives the same decision. */
  readonly decisionId: EventId;
  /** The id was drawn for this very call, so no decision can be known under it. */
  readonly isDrawn?: boolean;
  readonly now: Instant;
  readonly count: number;
  readonly course?: CourseId;
  readonly objective?: ObjectiveId;
  readonly budgetMinutes?: number;
  /** Items also when everything of the aim counts as mastered. */
  readonly keepGoing?: boolean;
}

interface At {
  readonly revision: Revision;
  readonly calibration: Calibration;
  /** Those of now if left out. */
  readonly rules?: FoldRules;
}

export interface Made {
  readonly id: RecommendationId;
  readonly learner: LearnerId;
  readonly decision: Decision;
  /** What the learner stated, for sentences; absent where the learner was not read. */
  readonly language?: string | undefined;
}

export type AskRefusal = 'unknown-course' | 'course-not-named' | 'unknown-objective';

export type Recomputed =
  | { readonly identical: boolean; readonly differs: readonly string[]; readonly recomputed: Decision }
  | { readonly gone: string };

const TRIES_MAX = 8;
/** Classrooms kept in memory, from which the next reader folds on. */
const CLASSROOMS_KEPT = 1_000;
/** Ids that a message lists. */
const LISTED_MAX = 5;

export class Recommender {
  readonly learners: Projection<LearnerState>;
  /** Of whoever reads, decides and appends to a learner's stream. */
  readonly turns = new Turns();
  private readonly recent = new RecentLearners();
  private readonly classrooms = new Map<string, Loaded<Classroom>>();

  constructor(
    private readonly sources: Sources,
    private readonly catalogue: Catalogue,
    private readonly calibrations: Calibrations,
  ) {
    this.learners = learnerView((tenant) => calibrations.current(tenant));
  }

  /** Every acknowledged event of the learner, folded. */
  learner(tenant: TenantId, learner: LearnerId): Promise<Loaded<LearnerState>> {
    return load(this.sources, this.learners, rowKey(tenant, learner));
  }

  /** The same for whoever has the learner's turn and gives the state back with `remember`. */
  async learnerInTurn(tenant: TenantId, learner: LearnerId): Promise<Loaded<LearnerState>> {
    const key = rowKey(tenant, learner);
    const recent = this.recent.take(key);
    if (recent === null || this.learners.versionOf(recent.state) !== this.learners.versionFor(key)) return load(this.sources, this.learners, key);
    const followed = await follow(this.sources, this.learners, key, recent);
    return followed === 'late' ? load(this.sources, this.learners, key) : followed;
  }

  /** Takes over a learner's state, and folds a decision that was appended right behind it. */
  remember(tenant: TenantId, learner: LearnerId, { state, revision }: Loaded<LearnerState>, decision?: Outgoing): void {
    const key = rowKey(tenant, learner);
    if (decision === undefined) return this.recent.give(key, { state, revision });
    const envelope = this.envelope(learnerStream(tenant, learner), revision + 1, decision);
    const next = envelope === null ? state : this.learners.fold(state, envelope);
    if (next !== 'late') this.recent.give(key, { state: next, revision: revision + 1 });
  }

  /** The language that the learner stated, as a BCP 47 tag. */
  async languageOf(tenant: TenantId, learner: LearnerId): Promise<string | undefined> {
    return (await this.learner(tenant, learner)).state.told.preferences.language;
  }

  /** The learner as known at a moment: what was recorded up to then (inclusive), by the calibration of then. */
  async learnerAsOf(tenant: TenantId, learner: LearnerId, asOf: Instant): Promise<Loaded<LearnerState>> {
    let revision: Revision = -1;
    for await (const page of this.sources.store.read(learnerStream(tenant, learner))) {
      const known = page.filter(({ recordedAt }) => recordedAt <= asOf);
      revision = known.at(-1)?.revision ?? revision;
      // Record times never decrease.
      if (known.length < page.length) break;
    }
    return this.learnerAt(tenant, learner, { revision, calibration: await this.calibrations.at(tenant, asOf) });
  }

  /** The learner at a revision (inclusive), from the log alone. */
  learnerAt(tenant: TenantId, learner: LearnerId, { revision, calibration, rules }: At): Promise<Loaded<LearnerState>> {
    const start = { state: newLearner(calibration), revision: -1 };
    if (revision < 0) return Promise.resolve(start);
    return foldOn(this.sources, learnerView(() => calibration, rules), rowKey(tenant, learner), start, revision);
  }

  /** What `look` makes of the learner just before and just after an event of theirs, as the log took it. */
  async around<Seen>(tenant: TenantId, learner: LearnerId, { revision, recordedAt }: Pick<Recorded, 'revision' | 'recordedAt'>, look: (state: LearnerState) => Seen): Promise<readonly [before: Seen, after: Seen]> {
    const calibration = await this.calibrations.at(tenant, recordedAt);
    const before = await this.learnerAt(tenant, learner, { revision: revision - 1, calibration });
    // Looked at before the event is folded on: that may change the state in place.
    const seen = look(before.state);
    const after = await foldOn(this.sources, learnerView(() => calibration), rowKey(tenant, learner), before, revision);
    return [seen, look(after.state)];
  }

  /** The learner with one more observation that is not in the log yet. Takes over what `loaded` holds. */
  async after({ tenant, learner }: Pick<Ask, 'tenant' | 'learner'>, loaded: Loaded<LearnerState>, { stream, event }: Observation): Promise<Loaded<LearnerState>> {
    const revision = loaded.revision + 1;
    const envelope = this.envelope(stream, revision, event);
    if (envelope === null) return { state: loaded.state, revision };
    const folded = this.learners.fold(loaded.state, envelope);
    if (folded !== 'late') return { state: folded, revision };
    return { state: await loadWith(this.sources, this.learners, rowKey(tenant, learner), loaded.revision, envelope), revision };
  }

  /** Folds read neither position nor record time. */
  private envelope(stream: StreamName, revision: Revision, event: Outgoing): Envelope | null {
    return this.sources.codec.decode({ ...event, stream, revision, position: '' as Position, recordedAt: 0 }, this.learners.reads);
  }

  /** Chooses and keeps the decision; on a conflict chooses again from what is known then. */
  recommend(ask: Ask): Promise<Made | Refusal<AskRefusal>> {
    const stream = learnerStream(ask.tenant, ask.learner);
    return this.turns.take(stream, () => this.keep(ask, stream));
  }

  private async keep(ask: Ask, stream: StreamName): Promise<Made | Refusal<AskRefusal>> {
    for (let tried = 1; tried <= TRIES_MAX; tried++) {
      const [classroom, known, loaded] = await Promise.all([
        this.classroomAhead(ask),
        ask.isDrawn === true ? null : this.decided(ask.tenant, ask.learner, ask.decisionId),
        this.learnerInTurn(ask.tenant, ask.learner),
      ]);
      const { language } = loaded.state.told.preferences;
      if (known !== null) {
        this.remember(ask.tenant, ask.learner, loaded);
        return { ...known, language };
      }
      let decision = await this.choose(ask, loaded, classroom);
      if ('refused' in decision) {
        // Perhaps only here: another process may have published a course a moment ago.
        await this.catalogue.catchUp();
        decision = await this.choose(ask, loaded, classroom);
      }
      if ('refused' in decision) {
        this.remember(ask.tenant, ask.learner, loaded);
        return decision;
      }
      const event = this.event(ask, decision);
      const appended = await this.sources.store.append(stream, [ask.isDrawn === true ? { ...event, isDrawn: true } : event], loaded.revision);
      if (appended === 'conflict' || appended.repeated) continue;
      this.remember(ask.tenant, ask.learner, loaded, event);
      return { id: recommendationId(stream, appended.revision), learner: ask.learner, decision, language };
    }
    throw new ContentionError(`learner ${ask.learner}: events kept arriving between choosing and keeping; tried ${TRIES_MAX} times`);
  }

  /** The decision alone; nothing is kept. `ahead`: what `classroomAhead` gave for this very try. */
  async choose(ask: Ask, { state, revision }: Loaded<LearnerState>, ahead: ClassroomSituation | null = null): Promise<Decision | Refusal<AskRefusal>> {
    const course = this.courseFor(ask, state);
    if ('refused' in course) return course;
    if (ask.objective !== undefined && !course.content.objectives.some(({ id }) => id === ask.objective)) {
      const known = course.content.objectives.slice(0, LISTED_MAX).map(({ id }) => id);
      const right = known.length === 0 ? 'leave it out' : `name one of ${known.join(', ')}, or leave it out for the whole course`;
      return { refused: 'unknown-objective', detail: `objective: course "${course.id}" has no objective "${ask.objective}"; ${right}` };
    }
    const { count, objective, budgetMinutes, keepGoing } = ask;
    const wish: Wish = {
      course: course.id,
      count,
      ...(objective === undefined ? {} : { objective }),
      ...(budgetMinutes === undefined ? {} : { budgetMinutes }),
      ...(keepGoing === undefined ? {} : { keepGoing }),
    };
    const isAhead = ahead !== null && ahead.id === classroomIdOf(state, course.id);
    const classroom = isAhead ? ahead : await this.classroomOf(ask.tenant, state, course.id);
    return this.decide({ learner: ask.learner, state, revision, classroom, course, wish, now: ask.now, seed: seedOf(ask.decisionId) });
  }

  /** In memory: whoever measures the choice measures this. */
  protected decide(circumstances: Circumstances): Decision {
    return decide(circumstances);
  }

  /** The classroom that the learner was in when last worked for, as of now: to be read beside the learner, before `learnerInTurn` takes the state. */
  async classroomAhead(ask: Pick<Ask, 'tenant' | 'learner' | 'course'>): Promise<ClassroomSituation | null> {
    const recent = this.recent.peek(rowKey(ask.tenant, ask.learner));
    if (recent === null) return null;
    const course = this.courseFor(ask, recent.state);
    return 'refused' in course ? null : this.classroomOf(ask.tenant, recent.state, course.id);
  }

  /** The classroom of the newest enrolment in a course, as of now; null for a learner of none. */
  async classroomOf(tenant: TenantId, { enrolments }: Pick<LearnerState, 'enrolments'>, course: CourseId): Promise<ClassroomSituation | null> {
    const id = classroomIdOf({ enrolments }, course);
    if (id === undefined) return null;
    const key = rowKey(tenant, id);
    const kept = this.classrooms.get(key);
    // A state is never changed in place, so the next reader goes on from it.
    const loaded = kept === undefined ? await load(this.sources, classroomView, key) : await foldOn(this.sources, classroomView, key, kept);
    this.classrooms.delete(key);
    this.classrooms.set(key, loaded);
    for (const oldest of this.classrooms.keys()) if (this.classrooms.size > CLASSROOMS_KEPT) this.classrooms.delete(oldest);
    return { id, revision: loaded.revision, state: loaded.state };
  }

  /** A classroom at a revision (inclusive), from the log alone. */
  private async classroomAt(tenant: TenantId, { id, revision }: NonNullable<Decision['basedOn']['classroom']>): Promise<ClassroomSituation> {
    const key = rowKey(tenant, id);
    const start = { state: classroomView.initial(key), revision: -1 };
    const loaded = revision < 0 ? start : await foldOn(this.sources, classroomView, key, start, revision);
    return { id, ...loaded };
  }

  /** A decision as the event that keeps it. */
  event({ decisionId, now }: Pick<Ask, 'decisionId' | 'now'>, data: Decision): ReturnType<Sources['codec']['encode']> {
    // The id stands for the request, so nothing that is chosen later may make a repeat look like a contradiction.
    const digest = decisionId.replaceAll('-', '').slice(0, 16);
    return this.sources.codec.encode(decisionId, digest, { type: 'RecommendationMade', data }, { source: 'recommender', occurredAt: now, schema: eventSchema('RecommendationMade') });
  }

  /** The decision that this id stands for already, or null. */
  async decided(tenant: TenantId, learner: LearnerId, decisionId: EventId): Promise<Made | null> {
    const record = await this.sources.store.find(learnerStream(tenant, learner), decisionId);
    return record === null ? null : this.made(learner, record);
  }

  /** The decision kept at a revision of the learner's stream, or null if that is none. */
  async recommendationAt(tenant: TenantId, learner: LearnerId, revision: Revision): Promise<Made | null> {
    for await (const [record] of this.sources.store.read(learnerStream(tenant, learner), { from: revision, to: revision })) {
      if (record?.type === 'RecommendationMade') return this.made(learner, record);
    }
    return null;
  }

  /** Makes an old decision again, from the log alone. */
  async recompute(tenant: TenantId, { learner, decision }: Made): Promise<Recomputed> {
    const gone = missingVersion(decision);
    if (gone !== null) return { gone };
    const { wish, versions, basedOn, at, seed } = decision;
    const calibration = await this.calibrations.byId(tenant, versions.calibration);
    if (calibration === null) return { gone: `calibration ${versions.calibration}` };
    const course = await this.catalogue.versionOf(tenant, wish.course, versions.course);
    if (course === null) return { gone: `course ${wish.course} version ${versions.course}` };
    const { state, revision } = await this.learnerAt(tenant, learner, { revision: basedOn.revision, calibration, rules: foldRulesOf(versions) });
    const classroom = basedOn.classroom === null ? null : await this.classroomAt(tenant, basedOn.classroom);
    const recomputed = decide({ learner, state, revision, classroom, course, wish, now: at, seed }, versions);
    const differs = differences(decision, recomputed);
    return { identical: differs.length === 0, differs, recomputed };
  }

  /** The learner's decisions as the judge of another strategy takes them. */
  async choices(tenant: TenantId, learner: LearnerId, { strategy, reward }: Pick<FromLog, 'strategy' | 'reward'>): Promise<ReadChoices> {
    const { store, codec } = this.sources;
    const events: (Envelope | null)[] = [];
    for await (const page of store.read(learnerStream(tenant, learner))) for (const record of page) events.push(codec.decode(record));
    return choicesFromLog({
      learner,
      events,
      key: rowKey(tenant, learner),
      strategy,
      reward,
      calibrationOf: ({ versions }) => this.calibrations.byId(tenant, versions.calibration),
      courseOf: ({ wish, versions }) => this.catalogue.versionOf(tenant, wish.course, versions.course),
      classroomOf: async ({ basedOn }) => (basedOn.classroom === null ? null : this.classroomAt(tenant, basedOn.classroom)),
    });
  }

  /** Null for a decision that this program cannot read: of a later schema, or erased. */
  private made(learner: LearnerId, record: Recorded): Made | null {
    const event = this.sources.codec.decode(record);
    // `RecommendationMade` holds a decision.
    return event === null ? null : { id: recommendationId(event.stream, event.revision), learner, decision: event.data as Decision };
  }

  /** The course that was asked for, else the newest enrolment's, else the only one there is. */
  courseFor({ tenant, course }: Pick<Ask, 'tenant' | 'course'>, { enrolments }: LearnerState): PublishedCourse | Refusal<AskRefusal> {
    const all = this.catalogue.coursesOf(tenant);
    const id = course ?? enrolments.at(-1)?.course ?? (all.length === 1 ? all[0]?.id : undefined);
    if (id === undefined) {
      const detail = all.length === 0 ? 'no course is published yet' : `name one of ${all.slice(0, LISTED_MAX).map((known) => known.id).join(', ')}`;
      return { refused: 'course-not-named', detail: `course: it is missing and the learner is enrolled in none; ${detail}` };
    }
    return this.catalogue.course(tenant, id) ?? { refused: 'unknown-course', detail: `course: "${id}" is not published; publish it or name another` };
  }
}

function classroomIdOf({ enrolments }: Pick<LearnerState, 'enrolments'>, course: CourseId): ClassroomSituation['id'] | undefined {
  return enrolments.findLast((each) => each.course === course)?.classroom;
}

/** 32 bits of the decision's id, so that every try of one request draws alike. */
export function seedOf(id: EventId): number {
  return Number.parseInt(id.slice(0, 8), 16);
}
