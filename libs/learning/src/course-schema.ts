// JSON Schema (2020-12) of course content, as `PUT /v1/courses/{id}` and `course publish` take it.
import { CURRICULUM_PATTERN } from './ids.js';

const id = { type: 'string', pattern: CURRICULUM_PATTERN } as const;
const title = { type: 'string', minLength: 1, maxLength: 500 } as const;
const word = { type: 'string', minLength: 1, maxLength: 64 } as const;

export const SKILLS_MAX = 5_000;
export const ITEMS_MAX = 100_000;
/** An objective is written whole into one event; the whole course needs none. */
export const OBJECTIVE_SKILLS_MAX = 1_000;

const prerequisite = {
  type: 'object',
  required: ['skill', 'strength'],
  additionalProperties: false,
  properties: { skill: id, strength: { enum: ['hard', 'soft'] } },
} as const;

const skill = {
  type: 'object',
  required: ['id', 'title', 'prerequisites'],
  additionalProperties: false,
  properties: {
    id,
    title,
    section: { type: 'string', maxLength: 100 },
    prerequisites: { type: 'array', maxItems: 200, items: prerequisite },
    masteryAt: { type: 'number', minimum: 0.5, maximum: 0.999, description: 'P(known) from which the skill counts as mastered' },
  },
} as const;

const item = {
  type: 'object',
  required: ['id', 'skills', 'kind'],
  additionalProperties: false,
  properties: {
    id,
    title: { type: 'string', maxLength: 500 },
    // An empty list is refused by the course's own rule, which names the item.
    skills: { type: 'array', maxItems: 16, uniqueItems: true, items: id },
    kind: { enum: ['practice', 'lesson', 'assessment'] },
    difficulty: { type: 'number', minimum: -10, maximum: 10, description: 'Logits above or below the average item' },
    tier: { enum: ['support', 'core', 'extension'] },
    modality: word,
    product: word,
    readingLevel: { type: 'number', minimum: 0, maximum: 30 },
    interests: { type: 'array', maxItems: 20, items: word },
    minutes: { type: 'number', exclusiveMinimum: 0, maximum: 600 },
    variantOf: id,
    key: {
      type: 'object',
      required: ['type', 'values'],
      additionalProperties: false,
      properties: {
        type: { enum: ['choice', 'number', 'text'] },
        values: { type: 'array', minItems: 1, maxItems: 50, items: { type: 'string', maxLength: 1000 } },
      },
    },
  },
} as const;

export const COURSE_SCHEMA = {
  type: 'object',
  required: ['title', 'language', 'skills', 'items', 'objectives'],
  additionalProperties: false,
  properties: {
    title,
    language: { type: 'string', pattern: '^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$', description: 'BCP 47' },
    licence: { type: 'string', maxLength: 500 },
    // Empty lists are refused by the course's own rule, which says what is missing.
    skills: { type: 'array', maxItems: SKILLS_MAX, items: skill },
    items: { type: 'array', maxItems: ITEMS_MAX, items: item },
    objectives: {
      type: 'array',
      maxItems: 5_000,
      items: {
        type: 'object',
        required: ['id', 'title', 'skills'],
        additionalProperties: false,
        properties: { id, title, skills: { type: 'array', maxItems: OBJECTIVE_SKILLS_MAX, uniqueItems: true, items: id } },
      },
    },
  },
} as const;
