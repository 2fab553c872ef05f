// What sources send of each observation. Ingest writes in what only the curriculum of that moment knows, and calls answers by their ids in the log.
import { ANSWER_SCHEMA, type AnswerInput } from './answers.js';
import { CURRICULUM_PATTERN, OPAQUE_PATTERN, SOURCE_ID_PATTERN, SOURCE_PATTERN, type CourseId, type ItemId, type RecommendationId, type SkillId } from './ids.js';
import { FEEDBACK, MOODS, type Feedback, type MoodReported, type Preferences, type SessionEnded, type SessionStarted } from './observations.js';

/** An answer by the id that its source gave it. */
interface AnswerReference {
  readonly answer: string;
  /** Where it is another source than that of the correction. */
  readonly answerSource?: string;
}

/** What something is about. `skills` is needed only where no course knows the item. */
interface ItemReference {
  readonly item: ItemId;
  readonly skills?: readonly SkillId[];
  readonly course?: CourseId;
}

/** The data of each type, as it is sent. */
export interface ObservationInputs {
  readonly AnswerGiven: AnswerInput;
  readonly AnswerScored: AnswerReference & { readonly score: number; readonly by?: string };
  readonly AnswerVoided: AnswerReference & { readonly why?: string };
  readonly HintTaken: ItemReference & { readonly session?: string };
  readonly ContentViewed: ItemReference & { readonly durationMs?: number; readonly session?: string };
  readonly SessionStarted: SessionStarted['data'];
  readonly SessionEnded: SessionEnded['data'];
  readonly SelfAssessed: { readonly skill: SkillId; readonly course?: CourseId; readonly level: number };
  readonly MoodReported: MoodReported['data'];
  readonly PreferenceStated: Preferences;
  readonly FeedbackGiven: ItemReference & { readonly feedback: Feedback; readonly recommendation?: RecommendationId };
}

export type ObservationType = keyof ObservationInputs;

export const PREFERENCE_WORDS_MAX = 20;
const PREFERENCE_CHARACTERS_MAX = 60;

const id = { type: 'string', pattern: CURRICULUM_PATTERN } as const;
const { skills, durationMs, recommendation } = ANSWER_SCHEMA.properties;
const answer = {
  answer: { type: 'string', pattern: SOURCE_ID_PATTERN, description: 'The id that its source gave the answer; it may still be on its way' },
  answerSource: { type: 'string', pattern: SOURCE_PATTERN, description: 'The source of the answer, if it is not that of this event' },
} as const;
const about = { item: id, skills, course: id } as const;
const words = {
  type: 'array',
  maxItems: PREFERENCE_WORDS_MAX,
  uniqueItems: true,
  items: { type: 'string', minLength: 1, maxLength: PREFERENCE_CHARACTERS_MAX },
} as const;

/** JSON Schema (2020-12) of what a learner stated. */
export const PREFERENCES_SCHEMA = {
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  description: 'What the learner stated; what is left out stays as it was, an empty list takes back',
  properties: {
    modalities: words,
    interests: words,
    products: words,
    readingLevel: { type: 'number', minimum: 0, maximum: 20 },
    language: { type: 'string', pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$', expects: 'a language tag such as "es" or "en-GB" (BCP 47)' },
  },
} as const;

/** JSON Schema (2020-12) of each of `ObservationInputs`. */
export const OBSERVATION_SCHEMAS = {
  AnswerGiven: ANSWER_SCHEMA,
  AnswerScored: {
    type: 'object',
    required: ['answer', 'score'],
    additionalProperties: false,
    description: 'An answer got another score, and counts as if it always had it',
    properties: {
      ...answer,
      score: { type: 'number', minimum: 0, maximum: 1 },
      by: { type: 'string', pattern: OPAQUE_PATTERN, opaque: true, expects: '1 to 64 of A-Z a-z 0-9 _ -, without names or addresses', description: 'Who scored it' },
    },
  },
  AnswerVoided: {
    type: 'object',
    required: ['answer'],
    additionalProperties: false,
    description: 'An answer counts for nothing, until it is scored again',
    properties: { ...answer, why: { type: 'string', minLength: 1, maxLength: 200 } },
  },
  HintTaken: { type: 'object', required: ['item'], additionalProperties: false, properties: { ...about, session: id } },
  ContentViewed: { type: 'object', required: ['item'], additionalProperties: false, properties: { ...about, durationMs, session: id } },
  SessionStarted: {
    type: 'object',
    required: ['session'],
    additionalProperties: false,
    properties: { session: id, budgetMinutes: { type: 'number', exclusiveMinimum: 0, maximum: 600, description: 'As long as the learner wants to practise' } },
  },
  SessionEnded: { type: 'object', required: ['session'], additionalProperties: false, properties: { session: id } },
  SelfAssessed: {
    type: 'object',
    required: ['skill', 'level'],
    additionalProperties: false,
    properties: { skill: id, course: id, level: { type: 'number', minimum: 0, maximum: 1, description: 'How well the learner thinks they know it' } },
  },
  MoodReported: { type: 'object', required: ['mood'], additionalProperties: false, properties: { mood: { enum: MOODS, description: 'As the learner said; never inferred' } } },
  PreferenceStated: PREFERENCES_SCHEMA,
  FeedbackGiven: {
    type: 'object',
    required: ['item', 'feedback'],
    additionalProperties: false,
    properties: { ...about, feedback: { enum: FEEDBACK }, recommendation },
  },
} as const satisfies Readonly<Record<ObservationType, object>>;
