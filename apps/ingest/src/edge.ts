// What the edge makes of a fact before it is kept: the item's skills, a score, a time, an id. Everything that only this
// moment knows is written into the event, so that folds need neither curriculum nor clock.
import type { EventCodec, EventId, Instant, Meta, Observation, StreamName } from '@trellis/event-sourcing';
import {
  eventSchema,
  grade,
  learnerStream,
  type AnswerData,
  type AnswerGiven,
  type AnswerInput,
  type CourseId,
  type Item,
  type ItemId,
  type ObservationInputs,
  type OtherObservation,
  type SkillId,
  type TenantId,
} from '@trellis/learning';
import { digest16, shown, shownValue, timeMs, uuidV5, type ProblemCode } from '@trellis/service';
import type { Catalogue, PublishedCourse } from '@trellis/views';
import type { EventInput } from './event.schema.js';

/** Why one event was not taken. */
export interface Flaw {
  readonly field: string;
  readonly value: string | number | boolean | null;
  readonly code: ProblemCode;
  readonly message: string;
}

/** Where an event is kept, and what tells a repeat from a contradiction. */
export interface Identity {
  readonly stream: StreamName;
  readonly id: EventId;
  readonly digest: string;
}

/** When the edge saw an event first, and its place among those of the same millisecond. */
export interface Arrival {
  readonly at: Instant;
  /** By the edge's own count where it is left out. */
  readonly order?: number;
}

type ObservationData = (AnswerGiven | OtherObservation)['data'];

/** What is said of an item, with what the curriculum of this moment knows of it. */
interface About {
  readonly skills: readonly SkillId[];
  readonly course: PublishedCourse | null;
  /** Null where no course knows it. */
  readonly item: Item | null;
}

type Undefinable<Data> = { [Name in keyof Data]: Data[Name] | undefined };

/** A claimed time further ahead is a clock that is wrong. */
export const AHEAD_MAX_MS = 5 * 60_000;

export class Edge {
  private received = 0;

  constructor(
    private readonly catalogue: Catalogue,
    private readonly codec: EventCodec,
  ) {}

  /** The event as it will be kept, or what is wrong with it. `input` has passed its schema. */
  observation(tenant: TenantId, input: EventInput, arrival: Arrival): Observation | Flaw {
    const data = this.dataOf(tenant, input);
    if ('code' in data) return data;
    const { stream, id, digest } = this.identity(tenant, input);
    return { stream, event: this.codec.encode(id, digest, { type: input.type, data }, this.meta(input, arrival)) };
  }

  /** Knows every course that was published until now. */
  catchUp(): Promise<void> {
    return this.catalogue.catchUp();
  }

  /** Rests on what the source sent alone: the same event has the same identity whatever has changed since. */
  identity(tenant: TenantId, input: EventInput): Identity {
    const { id, source = 'api', learner } = input;
    return { stream: learnerStream(tenant, learner), id: eventId(tenant, source, id), digest: digest16(asSent(input)) };
  }

  private dataOf(tenant: TenantId, { type, data, source = 'api' }: EventInput): ObservationData | Flaw {
    switch (type) {
      case 'AnswerGiven':
        return this.answer(tenant, data);
      case 'AnswerScored':
      case 'AnswerVoided': {
        const { answer, answerSource = source, ...said } = data;
        return { ...said, answer: eventId(tenant, answerSource, answer) };
      }
      case 'HintTaken':
      case 'ContentViewed':
      case 'FeedbackGiven': {
        const about = this.about(tenant, data);
        if ('code' in about) return about;
        const { course: _, ...said } = data;
        const known = { ...said, skills: about.skills };
        // Feedback is about the item, wherever it stands.
        return type === 'FeedbackGiven' || about.course === null ? known : { ...known, course: about.course.id };
      }
      case 'SelfAssessed':
        return this.selfAssessment(tenant, data);
      default:
        return data;
    }
  }

  private answer(tenant: TenantId, input: AnswerInput): AnswerData | Flaw {
    const { item: id, response, correct, score, attempt = 1, hints = 0 } = input;
    if (correct !== undefined && score !== undefined) {
      return { field: 'data.score', value: score, code: 'out-of-range', message: `data.score is ${score} beside data.correct; send one of the two` };
    }
    const about = this.about(tenant, input);
    if ('code' in about) return about;
    const { skills, course, item } = about;
    const { durationMs, confidence, session, recommendation } = input;
    // Always of one shape, which costs half of what leaving members out does: a member that is undefined is not stored.
    const data: Undefinable<AnswerData> = {
      item: id,
      skills,
      course: course?.id,
      courseVersion: course?.version,
      score: scoreOf(correct, score) ?? (item?.key !== undefined && response !== undefined ? scoreOf(grade(item.key, response)) : null),
      attempt,
      hints,
      response,
      durationMs,
      confidence,
      session,
      recommendation,
    };
    return data as AnswerData;
  }

  /** Skills that are named, else those of the item. */
  private about(tenant: TenantId, input: { readonly item: ItemId; readonly skills?: readonly SkillId[]; readonly course?: CourseId }): About | Flaw {
    const { item: id } = input;
    const course = this.courseOf(tenant, input);
    if (course !== null && 'code' in course) return course;
    const item = course?.items.get(id) ?? null;
    const skills = input.skills ?? item?.skills;
    if (skills === undefined) {
      const [where, which] = course === null ? ['in no published course', 'a course'] : [`not in course "${course.id}"`, 'the course'];
      return flaw('data.item', id, 'unknown-item', `is ${where} and data.skills is missing; publish ${which} with it or name its skills`);
    }
    const stranger = course === null ? undefined : skills.find((skill) => !course.skills.has(skill));
    if (course !== null && stranger !== undefined) {
      return flaw('data.skills', stranger, 'unknown-skill', `is not a skill of course "${course.id}"; name its skills or publish the course with it`);
    }
    return { skills, course, item };
  }

  /** Nothing but the skill says what it is about, so somebody must know it. */
  private selfAssessment(tenant: TenantId, { skill, course: named, level }: ObservationInputs['SelfAssessed']): ObservationData | Flaw {
    if (named === undefined) {
      if (this.catalogue.coursesOf(tenant).some(({ skills }) => skills.has(skill))) return { skill, level };
      return flaw('data.skill', skill, 'unknown-skill', 'is a skill of no published course; publish a course with it');
    }
    const course = this.catalogue.course(tenant, named);
    if (course === null) return unknownCourse(named);
    return course.skills.has(skill) ? { skill, level } : flaw('data.skill', skill, 'unknown-skill', `is not a skill of course "${named}"; name one of its skills or publish the course with it`);
  }

  /** The course that is named, else the one that the item belongs to. */
  private courseOf(tenant: TenantId, { item, course: named }: { readonly item: ItemId; readonly course?: CourseId }): PublishedCourse | Flaw | null {
    if (named === undefined) return this.catalogue.courseOf(tenant, item);
    return this.catalogue.course(tenant, named) ?? unknownCourse(named);
  }

  private meta({ type, source = 'api', occurredAt, sequence }: EventInput, { at: now, order }: Arrival): Meta {
    const claimed = occurredAt === undefined ? null : timeMs(occurredAt);
    if (claimed !== null && claimed <= now + AHEAD_MAX_MS) {
      const schema = eventSchema(type);
      return sequence === undefined ? { source, occurredAt: claimed, schema } : { source, occurredAt: claimed, sequence, schema };
    }
    return {
      source,
      occurredAt: now,
      timeBasis: 'received',
      ...(claimed === null ? {} : { claimedAt: claimed }),
      // Within one millisecond the order of arrival is all there is.
      sequence: sequence ?? order ?? ++this.received,
      schema: eventSchema(type),
    };
  }
}

/** What tells a repeat from a contradiction: only what the source sent, in one order of fields. */
function asSent({ type, learner, occurredAt, sequence, data }: EventInput): string {
  // By name, so that fields which later versions know change nothing in what was sent before.
  if (type !== 'AnswerGiven') return JSON.stringify([type, learner, occurredAt, sequence, Object.entries(data).sort(([a], [b]) => (a < b ? -1 : 1))]);
  const { item, skills, course, response, correct, score, attempt, hints, durationMs, confidence, session, recommendation } = data;
  return JSON.stringify([
    type, learner, occurredAt, sequence,
    item, skills, course, response, correct, score, attempt, hints, durationMs, confidence, session, recommendation,
  ]);
}

/** Under which an event of a source is kept, and found again. */
function eventId(tenant: TenantId, source: string, id: string): EventId {
  return uuidV5(`${tenant}\n${source}\n${id}`);
}

function unknownCourse(id: CourseId): Flaw {
  return flaw('data.course', id, 'unknown-course', 'is not published; publish it or leave it out');
}

function scoreOf(correct: boolean | null | undefined, score?: number): number | null {
  if (score !== undefined) return score;
  return correct === undefined || correct === null ? null : correct ? 1 : 0;
}

function flaw(field: string, value: string, code: ProblemCode, rest: string): Flaw {
  return { field, value: shownValue(value), code, message: `${field} is ${shown(value)}; it ${rest}` };
}
