// One answer in, and what it did to the learner's mastery; on request with the next item, chosen and kept together with it.
import type { Observation, Recorded, Refusal, Revision, Sources } from '@trellis/event-sourcing';
import { recommendationId, type AnswerData, type LearnerId, type SkillId, type TenantId } from '@trellis/learning';
import type { Ask, AskRefusal, Made, Recommender } from '@trellis/recommendation';
import { Problem, uuidV5 } from '@trellis/service';
import { masteryReport, type Catalogue, type LearnerState, type SkillReport, type SkillStatus } from '@trellis/views';
import type { Edge, Flaw } from './edge.js';
import type { AnswerBody, Origin } from './event.schema.js';
import { contradiction } from './intake.js';

export interface Answered {
  readonly id: string;
  readonly revision: Revision;
  readonly correct: boolean | null;
  readonly score: number | null;
  readonly skills: readonly { readonly skill: SkillId; readonly before: number; readonly after: number; readonly status: SkillStatus }[];
  /** Absent if none was asked for; a refusal where the answer was kept and nothing could be chosen. */
  readonly next?: Made | Refusal<AskRefusal>;
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
  readonly id: string;
  readonly observation: Observation;
  readonly data: AnswerData;
  readonly ask: Ask;
}

/** Answers of one learner that arrive at the same moment make each other's choice stale. */
const TRIES_MAX = 5;

export class AnswerDesk {
  constructor(private readonly parts: AnswerDeskParts) {}

  /** `next`: how many items to choose, 0 for none. The same id gives the same reply. */
  async answer(tenant: TenantId, learner: LearnerId, body: AnswerBody & Pick<Origin, 'id'>, next: number): Promise<Answered> {
    const { edge, sources, now } = this.parts;
    const at = now();
    const { id, source, occurredAt, sequence, ...data } = body;
    const origin = { id, ...(source === undefined ? {} : { source }), ...(occurredAt === undefined ? {} : { occurredAt }), ...(sequence === undefined ? {} : { sequence }) };
    const observation = edge.observation(tenant, { ...origin, type: 'AnswerGiven', learner, data }, at);
    if ('code' in observation) throw problem(observation);
    const course = this.parts.catalogue.courseOf(tenant, data.item)?.id;
    const arrival: Arrival = {
      id,
      observation,
      data: this.dataOf(observation),
      // One choice an answer: sent again, it finds the choice that was made.
      ask: { tenant, learner, decisionId: uuidV5(`${observation.event.id}\nnext`), now: at, count: next, ...(course === undefined ? {} : { course }) },
    };
    const known = await sources.store.find(observation.stream, observation.event.id);
    return known === null ? this.keep(arrival) : this.again(arrival, known);
  }

  /** An answer is never refused: on a conflict only the choice is made again, and at last made apart from it. */
  private async keep(arrival: Arrival): Promise<Answered> {
    const { recommender, sources } = this.parts;
    const { observation, ask, data } = arrival;
    for (let tried = 1; tried <= TRIES_MAX; tried++) {
      const loaded = await recommender.learner(ask.tenant, ask.learner);
      const before = this.skillsOf(loaded.state, arrival);
      const after = await recommender.after(ask, loaded, observation);
      const decision = ask.count === 0 ? null : recommender.choose(ask, after);
      const chosen = decision === null || 'refused' in decision ? null : decision;
      const events = chosen === null ? [observation.event] : [observation.event, recommender.event(ask, chosen)];
      const appended = await sources.store.append(observation.stream, events, chosen === null ? 'any' : loaded.revision);
      if (appended === 'conflict') continue;
      // Something came between, or the same answer came twice at once: what the log says counts.
      if (appended.repeated || appended.revision !== loaded.revision + events.length) return this.replyAt(appended.revision - events.length + 1, arrival);
      const answered = this.answered(arrival, { revision: after.revision, before, after: this.skillsOf(after.state, arrival) });
      if (decision === null) return answered;
      return { ...answered, next: 'refused' in decision ? decision : { id: recommendationId(observation.stream, appended.revision), learner: ask.learner, decision } };
    }
    const appended = await sources.store.append(observation.stream, [observation.event], 'any');
    if (appended === 'conflict') throw new Error(`${observation.stream}: ${data.item}: an append that expects nothing cannot conflict`);
    return this.replyAt(appended.revision, arrival);
  }

  private async again(arrival: Arrival, known: Recorded): Promise<Answered> {
    if (known.digest !== arrival.observation.event.digest) throw problem(contradiction(arrival.id));
    // What counts is what was kept then: the curriculum may have changed since.
    return this.replyAt(known.revision, { ...arrival, data: this.dataOf({ stream: known.stream, event: known }) });
  }

  /** The learner just before and just after the log took the answer, and the choice that belongs to it. */
  private async replyAt(revision: Revision, arrival: Arrival): Promise<Answered> {
    const { recommender } = this.parts;
    const { tenant, learner, count } = arrival.ask;
    const before = await recommender.learnerAt(tenant, learner, revision - 1);
    const skillsBefore = this.skillsOf(before.state, arrival);
    const after = await recommender.learnerAt(tenant, learner, revision);
    const answered = this.answered(arrival, { revision, before: skillsBefore, after: this.skillsOf(after.state, arrival) });
    return count === 0 ? answered : { ...answered, next: await recommender.recommend(arrival.ask) };
  }

  private answered(
    { id, data: { score } }: Arrival,
    { revision, before, after }: { readonly revision: Revision; readonly before: readonly SkillReport[]; readonly after: readonly SkillReport[] },
  ): Answered {
    const skills = after.map(({ skill, mastery, status }, at) => ({ skill, before: before[at]?.mastery ?? mastery, after: mastery, status }));
    return { id, revision, correct: score === null ? null : score >= 0.5, score, skills };
  }

  private skillsOf(state: LearnerState, { data, ask }: Arrival): readonly SkillReport[] {
    const course = data.course === undefined ? null : this.parts.catalogue.course(ask.tenant, data.course);
    return masteryReport(state, { course, calibration: this.parts.recommender.calibration, now: ask.now, skills: data.skills });
  }

  private dataOf({ stream, event }: Observation): AnswerData {
    const record = { ...event, stream, revision: 0, position: '' as Recorded['position'], recordedAt: 0 };
    // The codec gives back what `Edge` put in.
    return this.parts.sources.codec.decode(record).data as AnswerData;
  }
}

function problem({ code, message, field, value }: Flaw): Problem {
  // In a batch the answer's fields lie below `data`; here they are the body's own.
  return new Problem(code, `${message.replaceAll('data.', '')}.`, { field: field.replace(/^data\./, ''), value });
}
