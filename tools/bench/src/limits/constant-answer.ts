// What constant routes take and give: the body of a request for recommendations by its schema, and an answer made beforehand.
import { CURRICULUM_PATTERN, OPAQUE_PATTERN } from '@trellis/learning';
import { schemaOf } from '@trellis/service';

const answer: unknown = JSON.parse(process.argv[2] ?? '{}');

const learnerSchema = schemaOf<string>({ type: 'string', pattern: OPAQUE_PATTERN });
const askSchema = schemaOf<object>({
  type: 'object',
  additionalProperties: false,
  properties: {
    course: { type: 'string', pattern: CURRICULUM_PATTERN },
    count: { type: 'integer', minimum: 1, maximum: 20 },
    objective: { type: 'string', pattern: CURRICULUM_PATTERN },
    budgetMinutes: { type: 'number', exclusiveMinimum: 0, maximum: 600 },
    requestId: { type: 'string', pattern: '^[\\x21-\\x7e]{1,128}$' },
  },
});

export function constantAnswer(learner: string, body: unknown): unknown {
  learnerSchema.parse(learner, 'learner');
  askSchema.parse(body);
  return answer;
}
