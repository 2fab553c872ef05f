// The wire message of a strategy: a preset with what is different from it, or a blend that names when which holds.
import { CURRICULUM_PATTERN, type Strategy } from '@trellis/learning';
import { schemaOf } from '@trellis/service';

const GATE = { enum: ['wall', 'weight'] };

const SETTINGS_JSON = {
  type: 'object',
  additionalProperties: false,
  description: 'What is different from the preset',
  properties: {
    objective: { enum: ['teacher', 'course', 'learner'], description: 'Who says what is worked towards' },
    pace: { enum: ['class', 'learner'] },
    choices: { type: 'integer', minimum: 1, maximum: 5, description: 'Options offered at once' },
    vary: {
      type: 'object',
      required: ['content', 'process', 'product', 'affect'],
      additionalProperties: false,
      properties: { content: { type: 'boolean' }, process: { type: 'boolean' }, product: { type: 'boolean' }, affect: { type: 'boolean' } },
    },
    gates: { type: 'object', required: ['hard', 'soft'], additionalProperties: false, description: 'What a prerequisite does, by its strength in the course', properties: { hard: GATE, soft: GATE } },
    masteryAt: { type: ['number', 'null'], exclusiveMinimum: 0, exclusiveMaximum: 1, description: 'P(known) from which every skill counts as mastered; null: the course\'s mark' },
    stuckAfter: { type: 'integer', minimum: 1, maximum: 20, description: 'Pauses of a skill after which a person is asked to help' },
    unitCheck: { type: 'boolean' },
  },
};

const SINGLE_JSON = {
  type: 'object',
  required: ['preset'],
  additionalProperties: false,
  properties: { preset: { enum: ['differentiated', 'individualized', 'personalized'] }, settings: SETTINGS_JSON },
};

const PHASE_NAME = { type: 'string', pattern: CURRICULUM_PATTERN };

const MIX_JSON = {
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
          minItems: 1,
          maxItems: 6,
          items: { type: 'object', required: ['phase', 'strategy'], additionalProperties: false, properties: { phase: PHASE_NAME, strategy: SINGLE_JSON, minutes: { type: 'number', exclusiveMinimum: 0, maximum: 600 } } },
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
          maxItems: 20,
          items: { type: 'object', required: ['objective', 'strategy'], additionalProperties: false, properties: { objective: { type: 'string', pattern: CURRICULUM_PATTERN }, strategy: SINGLE_JSON } },
        },
        otherwise: SINGLE_JSON,
      },
    },
  ],
};

export const STRATEGY_JSON = {
  type: 'object',
  required: ['preset'],
  discriminator: { propertyName: 'preset' },
  oneOf: [
    { additionalProperties: false, properties: { preset: { enum: ['differentiated', 'individualized', 'personalized'] }, settings: SETTINGS_JSON } },
    { required: ['mix'], additionalProperties: false, properties: { preset: { const: 'blended' }, mix: MIX_JSON } },
  ],
};

export const strategySchema = schemaOf<Strategy>(STRATEGY_JSON);
