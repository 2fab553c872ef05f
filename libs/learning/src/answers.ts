// A learner answered an item: a fact, so it is never refused for what it says.
import type { DomainEvent } from '@trellis/event-sourcing';
import { CURRICULUM_PATTERN } from './ids.js';
import type { CourseId, ItemId, RecommendationId, SkillId } from './ids.js';

/** As it is kept. Ingest has written in what only the curriculum of that moment knows: skills, course and its version. */
export interface AnswerData {
  readonly item: ItemId;
  readonly skills: readonly SkillId[];
  readonly course?: CourseId;
  readonly courseVersion?: number;
  /** 0..1; null: not graded yet. */
  readonly score: number | null;
  /** 1 is the first try at a presentation. */
  readonly attempt: number;
  readonly hints: number;
  readonly response?: string;
  readonly durationMs?: number;
  /** 0..1, as the learner said. */
  readonly confidence?: number;
  readonly session?: string;
  readonly recommendation?: RecommendationId;
}

export type AnswerGiven = DomainEvent<'AnswerGiven', AnswerData>;

/** As it is sent. */
export interface AnswerInput {
  readonly item: ItemId;
  readonly skills?: readonly SkillId[];
  readonly course?: CourseId;
  readonly response?: string;
  readonly correct?: boolean;
  readonly score?: number;
  readonly attempt?: number;
  readonly hints?: number;
  readonly durationMs?: number;
  readonly confidence?: number;
  readonly session?: string;
  readonly recommendation?: RecommendationId;
}

export const SKILLS_PER_ANSWER_MAX = 16;

/** JSON Schema (2020-12) of `AnswerInput`. */
export const ANSWER_SCHEMA = {
  type: 'object',
  required: ['item'],
  additionalProperties: false,
  properties: {
    item: { type: 'string', pattern: CURRICULUM_PATTERN, description: 'The item that was answered' },
    skills: {
      type: 'array',
      minItems: 1,
      maxItems: SKILLS_PER_ANSWER_MAX,
      uniqueItems: true,
      items: { type: 'string', pattern: CURRICULUM_PATTERN },
      description: 'Needed only for an item that no course knows',
    },
    course: { type: 'string', pattern: CURRICULUM_PATTERN },
    response: { type: 'string', maxLength: 2000, description: 'What was answered; graded by the item\'s key where it has one' },
    correct: { type: 'boolean' },
    score: { type: 'number', minimum: 0, maximum: 1 },
    attempt: { type: 'integer', minimum: 1, maximum: 1000, description: '1 (the default) is the first try at a presentation and counts as evidence' },
    hints: { type: 'integer', minimum: 0, maximum: 1000 },
    durationMs: { type: 'integer', minimum: 0, maximum: 86_400_000 },
    confidence: { type: 'number', minimum: 0, maximum: 1 },
    session: { type: 'string', pattern: CURRICULUM_PATTERN },
    recommendation: { type: 'string', pattern: '^[A-Za-z0-9_-]{8,400}$' },
  },
} as const;
