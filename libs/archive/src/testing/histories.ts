// Logs with every type of event that a learner's stream may hold, for specs.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DomainEvent, Envelope, EventId, EventStore, Meta, Position, Recorded, StreamName } from '@trellis/event-sourcing';
import { eventSchema, learnerStream, recommendationId, trellisCodec, type LearnerId, type TenantId, type TrellisEvent } from '@trellis/learning';

export const codec = trellisCodec();
export const MORNING = Date.UTC(2026, 2, 2, 8);
export const MINUTE = 60_000;

const folders: string[] = [];

export function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'trellis-archive-'));
  folders.push(made);
  return made;
}

export function removeFolders(): void {
  for (const each of folders.splice(0)) rmSync(each, { recursive: true, force: true });
}

/** An event of a learner before it is in a log. */
export interface Said {
  readonly learner: string;
  readonly type: string;
  readonly data: unknown;
  /** Minutes after the beginning; its place in the log if left out. */
  readonly minute?: number;
  /** Of its id; its place in the log if left out. */
  readonly number?: number;
  readonly tenant?: string;
  readonly meta?: Partial<Meta>;
}

export function idOf(n: number): EventId {
  return `00000000-0000-5000-8000-${n.toString(16).padStart(12, '0')}` as EventId;
}

export function streamOf(learner: string, tenant = 'default'): StreamName {
  return learnerStream(tenant as TenantId, learner as LearnerId);
}

/** A log as a store has it, which may hold what no store takes: repeats, and events that nobody knows. */
export class Log {
  readonly records: Recorded[] = [];
  private readonly lengths = new Map<StreamName, number>();

  constructor(said: readonly Said[]) {
    for (const each of said) this.say(each);
  }

  say({ learner, tenant, type, data, number = this.records.length, minute = this.records.length, meta = {} }: Said): void {
    const schema = eventSchema(type as TrellisEvent['type']);
    // Any data can be written; whether they are those of the type is up to the spec.
    const { bytes } = codec.encode(idOf(number), '0'.repeat(16), { type, data } as DomainEvent, { source: 'api', occurredAt: MORNING + minute * MINUTE, schema, ...meta });
    this.put(streamOf(learner, tenant), type, bytes, idOf(number));
  }

  put(stream: StreamName, type: string, bytes: Uint8Array, id: EventId = idOf(this.records.length)): void {
    const revision = this.lengths.get(stream) ?? 0;
    this.lengths.set(stream, revision + 1);
    const position = String(this.records.length + 1) as Position;
    this.records.push({ id, type, digest: '0'.repeat(16), bytes, stream, revision, position, recordedAt: MORNING + this.records.length });
  }

  get store(): EventStore {
    const reading: Pick<EventStore, 'readAll' | 'read'> = {
      readAll: (range) => pages(this.records.filter(({ stream }) => stream.startsWith(range?.prefix ?? ''))),
      read: (stream, range) => pages(this.records.filter((record) => record.stream === stream && record.revision <= (range?.to ?? Infinity))),
    };
    // Nothing else is asked of a log that is exported or folded.
    return reading as EventStore;
  }

  /** As it comes back from an archive: decoded, without what an archive does not keep. */
  envelopes(): readonly Envelope[] {
    return this.records.flatMap((record) => codec.decode({ ...record, digest: '', position: '' as Position }) ?? []);
  }
}

const PAGE_RECORDS = 7;

async function* pages(records: readonly Recorded[]): AsyncGenerator<readonly Recorded[]> {
  for (let at = 0; at < records.length; at += PAGE_RECORDS) yield records.slice(at, at + PAGE_RECORDS);
}

export interface Answered {
  readonly item?: string;
  readonly skills?: readonly string[];
  readonly score?: number | null;
  readonly minute?: number;
  readonly number?: number;
  readonly more?: object;
  readonly meta?: Partial<Meta>;
}

export function answer(learner: string, { item = 'i1', skills = ['fractions'], score = 1, more = {}, ...rest }: Answered = {}): Said {
  return { learner, type: 'AnswerGiven', data: { item, skills, score, attempt: 1, hints: 0, ...more }, ...rest };
}

const AT = MORNING;
const BY = { by: 'teacher' } as const;

/** One of each type that a learner's stream may hold. `answer`: the number of the answer that is corrected. */
export function oneOfEach(learner: string, corrected = 0): readonly Said[] {
  const course = 'algebra';
  const data: Readonly<Record<string, object>> = {
    AnswerScored: { answer: idOf(corrected), score: 0.25, by: 't1' },
    AnswerVoided: { answer: idOf(corrected + 1), why: 'a mistake' },
    HintTaken: { item: 'i1', skills: ['fractions'], course, session: 's1' },
    ContentViewed: { item: 'i9', skills: ['fractions'], durationMs: 9_000 },
    SessionStarted: { session: 's1', budgetMinutes: 20 },
    SessionEnded: { session: 's1' },
    SelfAssessed: { skill: 'fractions', level: 0.4 },
    MoodReported: { mood: 'tired' },
    PreferenceStated: { interests: ['music', 'fútbol ⚽'], language: 'es' },
    FeedbackGiven: { item: 'i2', skills: ['fractions'], feedback: 'too-hard' },
    GoalProposed: { goal: 'g1', course, skills: ['fractions'], by: 'learner' },
    GoalSet: { goal: 'g1', course, skills: ['fractions'], ...BY, at: AT },
    GoalDropped: { goal: 'g2', ...BY, why: 'enough' },
    RecommendationMade: decision(),
    RecommendationAccepted: { recommendation: recommendationId(streamOf(learner), 3), item: 'i2' },
    RecommendationDeclined: { recommendation: recommendationId(streamOf(learner), 3), item: 'i3', why: 'not-now' },
    MasteryAttested: { skill: 'fractions', mastered: true, ...BY },
    ItemPinned: { item: 'i4', pinned: true, attempts: 0, ...BY },
    ItemExcluded: { skill: 'sums', excluded: true, ...BY },
    StrategyChosen: { strategy: null, ...BY },
    ObjectiveSet: { course, objective: null, locked: false, ...BY },
    EnginePaused: { paused: true, ...BY },
    PlacementStarted: { placement: 'p1', course, seed: 1, at: AT },
    PlacementConcluded: { placement: 'p1', course, priors: [{ skill: 'fractions', known: 0.7 }, { skill: 'sums', known: 0.2 }], questions: 9, why: 'sure', at: AT },
    AssessmentRequested: { assessment: 'a1', course, kind: 'summative', skills: ['fractions'], items: ['i1'], ...BY, at: AT },
    AssessmentCompleted: { assessment: 'a1', certified: ['fractions'], missing: [], at: AT },
    MasteryCertified: { skill: 'fractions', assessment: 'a1', right: 4, asked: 5, known: 0.97, at: AT },
    LearnerEnrolled: { learner, classroom: 'c1', course },
  };
  return Object.entries(data).map(([type, of]) => ({ learner, type, data: of }));
}

function decision(): object {
  const reason = { key: 'keep-practising', params: {} };
  return {
    wish: { course: 'algebra', count: 1 },
    at: AT,
    basedOn: { revision: 2, classroom: null },
    versions: { engine: '1', policy: '1', course: 1, calibration: 'default-1', strategy: 'individualized-1' },
    seed: 3,
    pacing: { action: 'practise', reason },
    items: [{ item: 'i2', skills: ['fractions'], action: 'practise', prediction: 0.5, probability: 1, reason }],
  };
}

/** Numbers that look drawn, the same for the same seed (Mulberry32). */
export function drawing(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Learners who take turns: answers in order and late ones, corrections before and after their answers, repeats, and everything else. */
export function busyLog({ seed = 1, learners = 9, events = 900 } = {}): Log {
  const log = new Log([]);
  const draw = drawing(seed);
  for (let n = 0; n < events; n++) {
    const learner = `l${draw(learners)}`;
    // Some learners have nothing out of order.
    const isCalm = Number(learner.slice(1)) % 3 === 0;
    const kind = draw(20);
    if (kind < 16 || isCalm) {
      const skills = draw(4) === 0 ? [`s${draw(5)}`, `s${5 + draw(5)}`] : [`s${draw(6)}`];
      const more = { ...(draw(2) === 0 ? { durationMs: draw(90_000) } : {}), ...(draw(9) === 0 ? { recommendation: recommendationId(streamOf(learner), 1) } : {}), ...(draw(9) === 0 ? { response: 'é ½ 日本' } : {}) };
      log.say(answer(learner, { item: `i${draw(30)}`, skills, score: draw(12) === 0 ? null : draw(5) / 4, more, minute: !isCalm && draw(15) === 0 ? n - draw(400) : n, ...(draw(30) === 0 ? { meta: { sequence: draw(5) } } : {}) }));
    } else if (kind < 19) {
      const each = oneOfEach(learner, draw(events));
      const said = each[draw(each.length)] as Said;
      log.say({ ...said, minute: draw(4) === 0 ? n - draw(400) : n });
    } else if (log.records.length > 0) {
      const { stream, type, bytes, id } = log.records[draw(log.records.length)] as Recorded;
      log.put(stream, type, bytes, id);
    }
  }
  return log;
}
