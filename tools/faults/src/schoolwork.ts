// What the learners of the simulated world do: real events in real bytes, with times that come late and repeat.
import type { EventId, Observation, Outgoing, StreamName } from '@trellis/event-sourcing';
import { classroomStream, eventSchema, learnerStream, trellisCodec, type ClassroomId, type CourseId, type ItemId, type LearnerId, type SkillId, type TenantId } from '@trellis/learning';
import type { Randomness } from './randomness.js';

// The casts of this file name things: every text here keeps to the pattern of its kind.
const TENANT = 'default' as TenantId;
const LEARNERS = ['ana', 'ben', 'cleo'].map((name) => learnerStream(TENANT, name as LearnerId));
const CLASSROOM = classroomStream(TENANT, 'room-1' as ClassroomId);
const SKILLS = ['fractions', 'decimals', 'angles', 'area'] as SkillId[];
const ITEMS = Array.from({ length: 12 }, (_, n) => `item-${n}` as ItemId);

const MORNING = Date.UTC(2026, 2, 2, 8);
const MINUTE_MS = 60_000;
/** Few moments, so that many answers share one. */
const MOMENTS = 40;

export class Schoolwork {
  readonly codec = trellisCodec();
  readonly learners: readonly StreamName[];
  readonly streams: readonly StreamName[];
  private made = 0;

  constructor(private readonly random: Randomness) {
    this.learners = LEARNERS.slice(0, random.between(1, LEARNERS.length));
    this.streams = [...this.learners, CLASSROOM];
  }

  observation(stream: StreamName = this.random.pick(this.streams)): Observation {
    return { stream, event: this.event(stream) };
  }

  event(stream: StreamName): Outgoing {
    const kind = this.random.weighted({ answer: 80, enrolment: 10, later: 4, large: 6 });
    if (stream === CLASSROOM || kind === 'enrolment') return this.encode('LearnerEnrolled', { learner: 'ana', classroom: `room-${this.random.below(3)}`, course: 'algebra' as CourseId });
    if (kind === 'later') return this.fromLaterProgram();
    return this.encode('AnswerGiven', {
      item: this.random.pick(ITEMS),
      skills: this.random.chance(0.2) ? SKILLS.slice(0, 2) : [this.random.pick(SKILLS)],
      score: this.random.pick([0, 0, 1, 1, 0.5, null]),
      attempt: this.random.chance(0.8) ? 1 : 2,
      hints: 0,
      ...(kind === 'large' ? { response: 'because '.repeat(this.random.between(10, 200)) } : {}),
    });
  }

  /** One event each of many learners, who do nothing else. */
  crowd(learners: number): Observation[] {
    return Array.from({ length: learners }, (_, n) => this.observation(learnerStream(TENANT, `c-${n}` as LearnerId)));
  }

  /** The same id with something else in it. */
  contradiction(event: Outgoing): Outgoing {
    const { digest, bytes } = this.encode('AnswerGiven', { item: 'item-other', skills: [SKILLS[0]], score: 0, attempt: 1, hints: 1 });
    return { ...event, type: 'AnswerGiven', digest, bytes };
  }

  strangerId(): EventId {
    return idOf(2 ** 40 + this.random.below(1_000));
  }

  private encode(type: 'AnswerGiven' | 'LearnerEnrolled', data: object): Outgoing {
    const n = ++this.made;
    const occurredAt = MORNING + MINUTE_MS * (this.random.chance(0.6) ? n : this.random.below(MOMENTS));
    const meta = { source: 'api', occurredAt, schema: eventSchema(type), ...(this.random.chance(0.2) ? { sequence: this.random.below(3) } : {}) };
    return this.codec.encode(idOf(n), digestOf(n), { type, data }, meta);
  }

  /** Kept, and passed over by everything that folds. */
  private fromLaterProgram(): Outgoing {
    const n = ++this.made;
    return { id: idOf(n), type: 'DreamReported', digest: digestOf(n), bytes: Uint8Array.of(250, n & 255, 1, 2, 3) };
  }
}

/** Ids come in no order, as hashes do. */
function idOf(n: number): EventId {
  const mixed = Math.imul(n, 0x9e37_79b1) >>> 0;
  return `${mixed.toString(16).padStart(8, '0')}-0000-5000-8000-${n.toString(16).padStart(12, '0')}` as EventId;
}

function digestOf(n: number): string {
  return (Math.imul(n, 0x85eb_ca6b) >>> 0).toString(16).padStart(8, '0') + n.toString(16).padStart(8, '0');
}
