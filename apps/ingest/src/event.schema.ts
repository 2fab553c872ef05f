// The wire message of an event, and of one answer. One schema gives validation and documentation.
import { ANSWER_SCHEMA, OBSERVATION_SCHEMAS, OPAQUE_PATTERN, SOURCE_ID_PATTERN, SOURCE_PATTERN, type AnswerInput, type LearnerId, type ObservationInputs, type ObservationType } from '@trellis/learning';
import { schemaOf } from '@trellis/service';

/** Where a fact comes from and when it happened. */
export interface Origin {
  readonly id: string;
  readonly source?: string;
  readonly occurredAt?: string;
  readonly sequence?: number;
}

/** Each type with data of its own. */
export type EventInput = {
  readonly [Type in ObservationType]: Origin & { readonly type: Type; readonly learner: LearnerId; readonly data: ObservationInputs[Type] };
}[ObservationType];

export type AnswerBody = Partial<Origin> & AnswerInput;

export const learnerId = { type: 'string', pattern: OPAQUE_PATTERN, opaque: true, expects: '1 to 64 of A-Z a-z 0-9 _ -, without names or addresses' } as const;

const origin = {
  id: { type: 'string', pattern: SOURCE_ID_PATTERN, description: 'The id that the source gave it; the same id of the same source is effective once' },
  source: { type: 'string', pattern: SOURCE_PATTERN, description: 'Who says so; "api" if left out' },
  occurredAt: { type: 'string', format: 'date-time', description: 'RFC 3339; the time of arrival if left out or more than 5 minutes ahead' },
  sequence: { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description: 'Order among events of the same time' },
} as const;

export const EVENT_JSON = {
  type: 'object',
  discriminator: { propertyName: 'type' },
  oneOf: Object.entries(OBSERVATION_SCHEMAS).map(([type, data]) => ({
    title: type,
    required: ['id', 'type', 'learner', 'data'],
    additionalProperties: false,
    properties: { ...origin, type: { const: type }, learner: learnerId, data },
  })),
} as const;

export const ANSWER_JSON = {
  type: 'object',
  required: ['item'],
  additionalProperties: false,
  properties: { ...origin, ...ANSWER_SCHEMA.properties },
} as const;

export const eventSchema = schemaOf<EventInput>(EVENT_JSON);
export const answerSchema = schemaOf<AnswerBody>(ANSWER_JSON);
