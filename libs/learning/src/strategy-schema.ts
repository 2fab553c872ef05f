// What is sent as a strategy: a preset with what is different from it, or a blend that names when which holds.
import { CURRICULUM_PATTERN } from './ids.js';
import { CHOICES_MAX, MIX_OBJECTIVES_MAX, PHASES_MAX } from './strategy.js';

const STUCK_AFTER_MAX = 20;
const PHASE_MINUTES_MAX = 600;

const gate = { enum: ['wall', 'weight'] } as const;
const isOn = { type: 'boolean' } as const;
const id = { type: 'string', pattern: CURRICULUM_PATTERN } as const;
const preset = { enum: ['differentiated', 'individualized', 'personalized'] } as const;

const settings = {
  type: 'object',
  additionalProperties: false,
  description: 'What is different from the preset',
  properties: {
    objective: { enum: ['teacher', 'course', 'learner'], description: 'Who says what is worked towards' },
    pace: { enum: ['class', 'learner'] },
    choices: { type: 'integer', minimum: 1, maximum: CHOICES_MAX, description: 'Options offered at once' },
    vary: {
      type: 'object',
      required: ['content', 'process', 'product', 'affect'],
      additionalProperties: false,
      properties: { content: isOn, process: isOn, product: isOn, affect: isOn },
    },
    gates: {
      type: 'object',
      required: ['hard', 'soft'],
      additionalProperties: false,
      description: 'What a prerequisite does, by its strength in the course',
      properties: { hard: gate, soft: gate },
    },
    masteryAt: { type: ['number', 'null'], exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'P(known) from which every skill counts as mastered; null: the course\'s mark' },
    stuckAfter: { type: 'integer', minimum: 1, maximum: STUCK_AFTER_MAX, description: 'Pauses of a skill after which a person is asked to help' },
    unitCheck: isOn,
  },
} as const;

const single = { type: 'object', required: ['preset'], additionalProperties: false, properties: { preset, settings } } as const;

const mix = {
  type: 'object',
  required: ['by'],
  discriminator: { propertyName: 'by' },
  oneOf: [
    {
      required: ['phases'],
      additionalProperties: false,
      properties: {
        by: { const: 'phase' },
        phases: {
          type: 'array',
          // That it takes two, `strategyFlaw` says better.
          minItems: 1,
          maxItems: PHASES_MAX,
          items: {
            type: 'object',
            required: ['phase', 'strategy'],
            additionalProperties: false,
            properties: { phase: id, strategy: single, minutes: { type: 'number', exclusiveMinimum: 0, maximum: PHASE_MINUTES_MAX } },
          },
        },
      },
    },
    {
      required: ['objectives', 'otherwise'],
      additionalProperties: false,
      properties: {
        by: { const: 'objective' },
        objectives: {
          type: 'array',
          minItems: 1,
          maxItems: MIX_OBJECTIVES_MAX,
          items: { type: 'object', required: ['objective', 'strategy'], additionalProperties: false, properties: { objective: id, strategy: single } },
        },
        otherwise: single,
      },
    },
  ],
} as const;

/** JSON Schema (2020-12) of `Strategy`. What no schema can say, `strategyFlaw` does. */
export const STRATEGY_SCHEMA = {
  type: 'object',
  required: ['preset'],
  discriminator: { propertyName: 'preset' },
  oneOf: [
    { additionalProperties: false, properties: { preset, settings } },
    { required: ['mix'], additionalProperties: false, properties: { preset: { const: 'blended' }, mix } },
  ],
} as const;
