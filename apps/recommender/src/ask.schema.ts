// The wire message that asks what next.
import { CURRICULUM_PATTERN, OPAQUE_PATTERN, type CourseId, type LearnerId, type ObjectiveId, type TenantId } from '@trellis/learning';
import type { Ask } from '@trellis/recommendation';
import { randomId, schemaOf, uuidV5 } from '@trellis/service';

export interface AskBody {
  readonly course?: CourseId;
  readonly count?: number;
  readonly objective?: ObjectiveId;
  readonly budgetMinutes?: number;
  readonly requestId?: string;
}

export const ASK_JSON = {
  type: 'object',
  additionalProperties: false,
  properties: {
    course: { type: 'string', pattern: CURRICULUM_PATTERN, description: 'The course of the newest enrolment if left out' },
    count: { type: 'integer', minimum: 1, maximum: 20, default: 1 },
    objective: { type: 'string', pattern: CURRICULUM_PATTERN, description: 'The whole course if left out' },
    budgetMinutes: { type: 'number', exclusiveMinimum: 0, maximum: 600 },
    requestId: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$', description: 'The same id returns the same decision' },
  },
};

export const askSchema = schemaOf<AskBody>(ASK_JSON);
export const learnerSchema = schemaOf<LearnerId>({ type: 'string', pattern: OPAQUE_PATTERN, opaque: true });

/** The id of the decision is fixed here, before the first try. */
export function askOf(tenant: TenantId, learner: LearnerId, { requestId, count = 1, ...wish }: AskBody, now: number): Ask {
  const isDrawn = requestId === undefined;
  const decisionId = isDrawn ? randomId() : uuidV5([tenant, 'recommendation', learner, requestId].join('\n'));
  return { tenant, learner, decisionId, isDrawn, now, count, ...wish };
}
