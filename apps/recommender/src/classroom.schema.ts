// What a teacher arranges for a classroom. One schema a message.
import { CLASSROOM_LEARNERS_MAX, CURRICULUM_PATTERN, GROUPS_MAX, OPAQUE_PATTERN, type By, type CourseId, type Group, type LearnerId, type ObjectiveId } from '@trellis/learning';
import { schemaOf } from '@trellis/service';
import { STRATEGY_JSON } from './strategy.schema.js';

const ID = { type: 'string', pattern: CURRICULUM_PATTERN };
const LEARNERS = { type: 'array', maxItems: CLASSROOM_LEARNERS_MAX, items: { type: 'string', pattern: OPAQUE_PATTERN, opaque: true } };
const BY = { enum: ['learner', 'teacher', 'platform'], description: 'Whose word it is. With a teacher\'s key: teacher. Left out: teacher, or with a platform\'s key platform' };
const DATE = { type: 'string', format: 'date-time' };

interface Said {
  readonly by?: By;
}

const said = (required: readonly string[], properties: object): { readonly [keyword: string]: unknown } => ({ type: 'object', required, additionalProperties: false, properties: { ...properties, by: BY } });

export const ROSTER_BODY = {
  type: 'object',
  required: ['course', 'learners'],
  additionalProperties: false,
  properties: { course: ID, learners: { ...LEARNERS, minItems: 1 } },
};
export const rosterSchema = schemaOf<{ readonly course: CourseId; readonly learners: readonly LearnerId[] }>(ROSTER_BODY);

const GROUP_ID = { ...ID, description: 'One of the classroom\'s groups' };
export const CLASS_STRATEGY_BODY = said(['strategy'], { strategy: { oneOf: [STRATEGY_JSON, { type: 'null' }], description: 'null takes it back' }, group: GROUP_ID });
/** What is in `strategy` is checked by its own schema, whose sentences say more. */
export const classStrategySchema = schemaOf<Said & { readonly strategy: object | null; readonly group?: string }>(said(['strategy'], { strategy: { type: ['object', 'null'] }, group: GROUP_ID }));

export const CLASS_OBJECTIVE_BODY = said(['course', 'objective'], {
  course: ID,
  objective: { type: ['string', 'null'], pattern: CURRICULUM_PATTERN, description: 'null takes it back' },
  locked: { type: 'boolean', default: false, description: 'true: nobody goes past it' },
  due: DATE,
});
export const classObjectiveSchema = schemaOf<Said & { readonly course: CourseId; readonly objective: ObjectiveId | null; readonly locked?: boolean; readonly due?: string }>(CLASS_OBJECTIVE_BODY);

export const PHASE_BODY = said(['phase'], { phase: { ...ID, description: 'One of the blended strategy in force' } });
export const phaseSchema = schemaOf<Said & { readonly phase: string }>(PHASE_BODY);

export const CALENDAR_BODY = said(['course', 'entries'], {
  course: ID,
  entries: {
    type: 'array',
    maxItems: 200,
    description: 'All of them from now on; an empty list takes the calendar back',
    items: { type: 'object', required: ['objective', 'due'], additionalProperties: false, properties: { objective: ID, due: DATE } },
  },
});
export const calendarSchema = schemaOf<Said & { readonly course: CourseId; readonly entries: readonly { readonly objective: ObjectiveId; readonly due: string }[] }>(CALENDAR_BODY);

const GROUP_PROPERTIES = {
  group: ID,
  title: { type: 'string', minLength: 1, maxLength: 200 },
  learners: LEARNERS,
  kind: { enum: ['shared-gap', 'mixed-readiness', 'interest', 'extension', 'own'], description: 'own: a group of the teacher\'s, which no suggestion touches' },
  about: { type: 'string', minLength: 1, maxLength: 200 },
};
const GROUP_BODY = { type: 'object', required: ['group', 'title', 'learners', 'kind'], additionalProperties: false, properties: GROUP_PROPERTIES };

export const GROUPS_BODY = said(['groups'], {
  groups: { type: 'array', maxItems: GROUPS_MAX, items: GROUP_BODY, description: 'All groups of the classroom from now on' },
  suggestion: {
    type: 'array',
    maxItems: GROUPS_MAX,
    description: 'The groups of the suggestion that they were made from, as it gave them: what differs is remembered and kept at the next one',
    items: { ...GROUP_BODY, properties: { ...GROUP_PROPERTIES, reason: { type: 'object' }, readiness: { type: 'object' } } },
  },
});
export const groupsBodySchema = schemaOf<Said & { readonly groups: readonly Group[]; readonly suggestion?: readonly Group[] }>(GROUPS_BODY);
