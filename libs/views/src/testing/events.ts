// Numbered events of one learner, and courses, for specs.
import type { Envelope, EventId, Meta, Position } from '@trellis/event-sourcing';
import {
  learnerStream,
  type AnswerData,
  type ClassroomId,
  type CourseContent,
  type CourseId,
  type Decision,
  type ItemId,
  type LearnerId,
  type RecommendationId,
  type SkillId,
  type TenantId,
} from '@trellis/learning';

// The casts of this file name things: every text here keeps to the pattern of its kind.

export const MORNING = Date.UTC(2026, 2, 2, 8);
export const MINUTE = 60_000;
export const DAY = 24 * 60 * MINUTE;

const ana = learnerStream('default' as TenantId, 'ana' as LearnerId);

export function idOf(n: number): EventId {
  return `00000000-0000-5000-8000-${n.toString(16).padStart(12, '0')}` as EventId;
}

/** The n-th event of Ana's stream, n minutes after the first unless `meta` says otherwise. */
export function envelope(n: number, { type, data, meta = {} }: { readonly type: string; readonly data: unknown; readonly meta?: Partial<Meta> }): Envelope {
  return {
    id: idOf(n),
    type,
    digest: n.toString(16).padStart(16, '0'),
    bytes: new Uint8Array(0),
    stream: ana,
    revision: n,
    position: String(n) as Position,
    recordedAt: MORNING + n * MINUTE,
    meta: { source: 'api', occurredAt: MORNING + n * MINUTE, schema: 1, ...meta },
    data,
  };
}

export interface AnswerChange {
  readonly item?: string;
  readonly skills?: readonly string[];
  readonly score?: number | null;
  readonly attempt?: number;
  readonly hints?: number;
  readonly recommendation?: string;
  readonly durationMs?: number;
  readonly meta?: Partial<Meta>;
}

/** A right first answer to item `i1` of the skill `fractions`, but for what is changed. */
export function answer(n: number, { item = 'i1', skills = ['fractions'], score = 1, attempt = 1, hints = 0, recommendation, durationMs, meta = {} }: AnswerChange = {}): Envelope {
  const data: AnswerData = {
    item: item as ItemId,
    skills: skills as SkillId[],
    score,
    attempt,
    hints,
    ...(recommendation === undefined ? {} : { recommendation: recommendation as RecommendationId }),
    ...(durationMs === undefined ? {} : { durationMs }),
  };
  return envelope(n, { type: 'AnswerGiven', data, meta });
}

export function enrolment(n: number, classroom: string, course: string): Envelope {
  return envelope(n, {
    type: 'LearnerEnrolled',
    data: { learner: 'ana' as LearnerId, classroom: classroom as ClassroomId, course: course as CourseId },
  });
}

export function offer(n: number, items: readonly string[]): Envelope {
  const data: Decision = {
    wish: { course: 'algebra' as CourseId, count: items.length },
    at: MORNING,
    basedOn: { revision: n - 1, classroom: null },
    versions: { engine: '1', policy: '1', course: 1, calibration: 'default-1', strategy: 'individualized-1' },
    seed: n,
    pacing: { action: 'practise', reason: { key: 'session-practise', params: { open: 1 } } },
    items: items.map((item) => ({
      item: item as ItemId,
      skills: ['fractions' as SkillId],
      action: 'practise',
      prediction: 0.5,
      probability: 1,
      reason: { key: 'keep-practising', params: {} },
    })),
  };
  return envelope(n, { type: 'RecommendationMade', data });
}

/** A diagnostic, and P(known) as it found it. */
export function placement(n: number, priors: Readonly<Record<string, number>>, minute = n): Envelope {
  const known = Object.entries(priors).map(([skill, is]) => ({ skill: skill as SkillId, known: is }));
  return envelope(n, { type: 'PlacementConcluded', data: { placement: 'p1', course: 'algebra', priors: known, questions: 15, why: 'sure', at: MORNING }, meta: { occurredAt: MORNING + minute * MINUTE } });
}

/** A course of these items, each with its skills. */
export function content(items: { readonly [item: string]: readonly string[] }, marks: { readonly [skill: string]: number } = {}): CourseContent {
  const skills = new Set(Object.values(items).flat());
  return {
    title: 'Algebra',
    language: 'en',
    skills: [...skills].map((id) => ({ id: id as SkillId, title: id, prerequisites: [], ...(marks[id] === undefined ? {} : { masteryAt: marks[id] }) })),
    items: Object.entries(items).map(([id, of]) => ({ id: id as ItemId, skills: of as SkillId[], kind: 'practice' })),
    objectives: [],
  };
}
