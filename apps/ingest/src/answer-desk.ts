// One answer in, and what it did to the learner's mastery; on request with the next item, chosen and kept together with it.
import { ContentionError, type Instant, type Observation, type Position, type Recorded, type Refusal, type Revision, type Sources } from '@trellis/event-sourcing';
import { recommendationId, type AnswerData, type LearnerId, type SkillId, type TenantId } from '@trellis/learning';
import type { Ask, AskRefusal, Made, Recommender } from '@trellis/recommendation';
import { Problem, randomId, uuidV5 } from '@trellis/service';
import { masteryReport, type Catalogue, type LearnerState, type PublishedCourse, type SkillReport, type SkillStatus } from '@trellis/views';
import type { Edge, Flaw, Identity } from './edge.js';
import type { AnswerBody, EventInput } from './event.schema.js';
import { contradiction, isUnknown } from './intake.js';

export interface Answered {
  readonly id: string;
  /** False where it had been kept before. */
  readonly isNew: boolean;
  readonly revision: Revision;
  readonly correct: boolean | null;
  readonly score: number | null;
  readonly skills: readonly { readonly skill: SkillId; readonly before: number; readonly after: number; readonly status: SkillStatus }[];
  /** Absent if none was asked for; a refusal where the answer was kept and nothing could be chosen. */
  readonly next?: Made | Refusal<AskRefusal | 'busy'>;
}

export interface AnswerDeskParts {
  readonly sources: Sources;
  readonly edge: Edge;
  readonly recommender: Recommender;
  readonly catalogue: Catalogue;
  readonly now: () => number;
}

/** An answer on its way into the log. */
interface Arrival {
  readonly input: EventInput;
  readonly identity: Identity;
  readonly tenant: TenantId;
  readonly now: Instant;
  /** How many items to choose, 0 for none. */
  readonly next: number;
}

interface Origin {
  /** No answer can be known by an id that was drawn here. */
  readonly isDrawn: boolean;
}

/** An answer as it is kept, and the version of the course that it was given under. */
interface Kept {
  readonly data: AnswerData;
  readonly occurredAt: Instant;
  readonly course: PublishedCourse | null;
}

/** An answer that the log has, by this request or by another. */
interface KeptBefore extends Pick<Answered, 'isNew'> {
  readonly known?: Recorded;
}

/** Answers of one learner that arrive at the same moment make each other's choice stale. */
const TRIES_MAX = 5;

export class AnswerDesk {
  constructor(private readonly parts: AnswerDeskParts) {}

  /** `next`: how many items to choose, 0 for none. The same id gives the same reply; without one it is a new answer each time. */
  async answer(tenant: TenantId, learner: LearnerId, body: AnswerBody, next: number): Promise<Answered> {
    const { id = randomId(), source, occurredAt, sequence, ...data } = body;
    const origin = { id, ...(source === undefined ? {} : { source }), ...(occurredAt === undefined ? {} : { occurredAt }), ...(sequence === undefined ? {} : { sequence }) };
    const input: EventInput = { ...origin, type: 'AnswerGiven', learner, data };
    const arrival: Arrival = { input, identity: this.parts.edge.identity(tenant, input), tenant, now: this.parts.now(), next };
    return this.keep(arrival, { isDrawn: body.id === undefined });
  }

  /** An answer is never refused: on a conflict only the choice is made again, and at last made apart from it. */
  private async keep(arrival: Arrival, { isDrawn }: Origin): Promise<Answered> {
    const { edge, recommender, sources } = this.parts;
    const { input, tenant, now } = arrival;
    let observation = edge.observation(tenant, input, { at: now });
    if ('code' in observation) {
      // A repeat is no new answer, whatever has become of its item since.
      const known = isDrawn ? null : await this.again(arrival);
      if (known !== null) return known;
      if (isUnknown(observation)) {
        // Perhaps only here: another process may have published it a moment ago.
        await edge.catchUp();
        observation = edge.observation(tenant, input, { at: now });
      }
    }
    if ('code' in observation) throw problem(observation);
    const taken = observation;
    const { stream, event } = taken;
    const kept = await this.kept(tenant, { ...event, stream, revision: 0, position: '' as Position, recordedAt: now });
    // An append tells repeats apart too, but may look less far back. Looked up while the turn comes and the learner is read.
    const lookup = isDrawn ? null : sources.store.find(stream, event.id);
    // Whoever has the turn waits for it, and gets the fault then.
    lookup?.catch(() => undefined);
    const recorded = await recommender.turns.take(stream, () => this.record(arrival, kept, taken, lookup));
    // What the log says counts, and is told outside of the turn: the choice that belongs to it may need one of its own.
    return 'skills' in recorded ? recorded : this.reply(arrival, recorded);
  }

  /** Without a look-up the answer's id was drawn here, and so was that of the choice, which follows from it. */
  private async record(arrival: Arrival, kept: Kept, observation: Observation, lookup: Promise<Recorded | null> | null): Promise<Answered | KeptBefore> {
    const { recommender, sources } = this.parts;
    const { input, tenant, next } = arrival;
    const { stream, event } = observation;
    const ask = askOf(arrival, kept);
    for (let tried = 1; tried <= TRIES_MAX; tried++) {
      const [classroom, known, loaded] = await Promise.all([
        next === 0 ? null : recommender.classroomAhead(ask),
        lookup,
        recommender.learnerInTurn(tenant, input.learner),
      ]);
      if (known !== null) {
        recommender.remember(tenant, input.learner, loaded);
        return { isNew: false, known };
      }
      const before = this.skillsOf(loaded.state, kept);
      const after = await recommender.after(ask, loaded, observation);
      const decision = next === 0 ? null : await recommender.choose(ask, after, classroom);
      const chosen = decision === null || 'refused' in decision ? null : decision;
      const made = chosen === null ? null : recommender.event(ask, chosen);
      const events = (made === null ? [event] : [event, made]).map((each) => (lookup === null ? { ...each, isDrawn: true } : each));
      // Also without a choice: what it did to a learner whom something came between is cheaper to learn from the row than from the whole log.
      const appended = await sources.store.append(stream, events, loaded.revision);
      if (appended === 'conflict') continue;
      // The same answer came twice at once.
      if (appended.repeated) return { isNew: false };
      const answered = { ...answeredBy(arrival, kept, { revision: after.revision, before, after: this.skillsOf(after.state, kept) }), isNew: true };
      const { language } = after.state.told.preferences;
      recommender.remember(tenant, input.learner, after, ...(made === null ? [] : [made]));
      if (decision === null) return answered;
      return { ...answered, next: 'refused' in decision ? decision : { id: recommendationId(stream, appended.revision), learner: input.learner, decision, language } };
    }
    const { outcomes } = await sources.store.appendObservations([observation]);
    // The only conflict that stays: the id is another learner's answer.
    if (outcomes[0] === 'contradiction' || (await sources.store.find(stream, event.id)) === null) throw problem(contradiction(input.id));
    return { isNew: outcomes[0] === 'accepted' };
  }

  private async reply(arrival: Arrival, { isNew, known }: KeptBefore): Promise<Answered> {
    const told = await (known === undefined ? this.again(arrival) : this.told(arrival, known));
    if (told === null) throw new Error(`${arrival.identity.stream}: event ${arrival.identity.id} was appended and is not found`);
    return { ...told, isNew };
  }

  /** The learner just before and just after the log took this answer, and the choice that belongs to it; null if it is new. */
  private async again(arrival: Arrival): Promise<Answered | null> {
    const { stream, id } = arrival.identity;
    const known = await this.parts.sources.store.find(stream, id);
    return known === null ? null : this.told(arrival, known);
  }

  private async told(arrival: Arrival, known: Recorded): Promise<Answered> {
    const { recommender } = this.parts;
    const { input, identity, tenant, next } = arrival;
    if (known.digest !== identity.digest) throw problem(contradiction(input.id));
    const { revision } = known;
    const kept = await this.kept(tenant, known);
    const [before, after] = await recommender.around(tenant, input.learner, known, (state) => this.skillsOf(state, kept));
    const answered = { ...answeredBy(arrival, kept, { revision, before, after }), isNew: false };
    return next === 0 ? answered : { ...answered, next: await this.choice(askOf(arrival, kept)) };
  }

  /** The answer is kept already: that others keep coming between may cost the choice, never the answer. */
  private async choice(ask: Ask): Promise<NonNullable<Answered['next']>> {
    try {
      return await this.parts.recommender.recommend(ask);
    } catch (error) {
      if (error instanceof ContentionError) return { refused: 'busy', detail: 'other events of this learner kept coming between; send the same answer again for a choice' };
      throw error;
    }
  }

  private async kept(tenant: TenantId, record: Recorded): Promise<Kept> {
    const event = this.parts.sources.codec.decode(record);
    if (event === null) throw new Error(`${record.stream}@${record.revision}: this answer was kept in a form that this program cannot read`);
    const { meta, data } = event;
    // The codec gives back what `Edge` put in.
    const answer = data as AnswerData;
    const { course, courseVersion } = answer;
    return {
      data: answer,
      occurredAt: meta.occurredAt,
      course: course === undefined || courseVersion === undefined ? null : await this.parts.catalogue.versionOf(tenant, course, courseVersion),
    };
  }

  /** As things stood at the answer: neither time nor a later version of the course changes the reply. */
  private skillsOf(state: LearnerState, { data, occurredAt, course }: Kept): readonly SkillReport[] {
    return masteryReport(state, { course, now: occurredAt, skills: data.skills });
  }
}

function askOf({ tenant, input: { learner }, identity, now, next }: Arrival, { data: { course } }: Kept): Ask {
  // One choice an answer: sent again, it finds the choice that was made.
  return { tenant, learner, decisionId: uuidV5(`${identity.id}\nnext`), now, count: next, ...(course === undefined ? {} : { course }) };
}

function answeredBy(
  { input: { id } }: Arrival,
  { data: { score } }: Kept,
  { revision, before, after }: { readonly revision: Revision; readonly before: readonly SkillReport[]; readonly after: readonly SkillReport[] },
): Omit<Answered, 'isNew' | 'next'> {
  const skills = after.map(({ skill, mastery, status }, at) => ({ skill, before: before[at]?.mastery ?? mastery, after: mastery, status }));
  return { id, revision, correct: score === null ? null : score >= 0.5, score, skills };
}

function problem({ code, message, field, value }: Flaw): Problem {
  // In a batch the answer's fields lie below `data`; here they are the body's own.
  return new Problem(code, `${message.replaceAll('data.', '')}.`, { field: field.replace(/^data\./, ''), value });
}
