// The wire message that asks what next.
import type { Refusal } from '@trellis/event-sourcing';
import { CURRICULUM_PATTERN, OPAQUE_PATTERN, type ClassroomId, type CourseId, type LearnerId, type ObjectiveId, type TenantId } from '@trellis/learning';
import type { Ask, AskRefusal } from '@trellis/recommendation';
import { Problem, randomId, schemaOf, uuidV5 } from '@trellis/service';

export interface AskBody {
  readonly course?: CourseId;
  readonly count?: number;
  readonly objective?: ObjectiveId;
  readonly budgetMinutes?: number;
  readonly keepGoing?: boolean;
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
    keepGoing: { type: 'boolean', description: 'true: items also when everything of the aim counts as mastered' },
    requestId: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$', description: 'The same id returns the same decision' },
  },
};

export const askSchema = schemaOf<AskBody>(ASK_JSON);
export const learnerSchema = schemaOf<LearnerId>({ type: 'string', pattern: OPAQUE_PATTERN, opaque: true });
export const classroomSchema = schemaOf<ClassroomId>({ type: 'string', pattern: OPAQUE_PATTERN, opaque: true });

/** The id of the decision is fixed here, before the first try. */
export function askOf(tenant: TenantId, learner: LearnerId, { requestId, count = 1, ...wish }: AskBody, now: number): Ask {
  const isDrawn = requestId === undefined;
  const decisionId = isDrawn ? randomId() : uuidV5([tenant, 'recommendation', learner, requestId].join('\n'));
  return { tenant, learner, decisionId, isDrawn, now, count, ...wish };
}

export function askProblem({ refused, detail = '' }: Refusal<AskRefusal>, wish: Pick<AskBody, 'course' | 'objective'>): Problem {
  switch (refused) {
    case 'unknown-course':
      return new Problem('unknown-course', `${detail}.`, { field: 'course', value: wish.course });
    case 'course-not-named':
      return new Problem('missing-field', `${detail}.`, { field: 'course' });
    case 'unknown-objective':
      return new Problem(`refused:${refused}`, `${detail}.`, { status: 422, field: 'objective', value: wish.objective });
  }
}
