// What is asked of a learner's plan: goals, and every word about this learner. One schema a message.
import { CURRICULUM_PATTERN, GOAL_SKILLS_MAX, GOALS_MAX, PINS_MAX, type By, type CourseId, type ItemId, type ObjectiveId, type Preferences, type SkillId } from '@trellis/learning';
import { schemaOf } from '@trellis/service';
import { STRATEGY_JSON } from './strategy.schema.js';

const ID = { type: 'string', pattern: CURRICULUM_PATTERN };
const NOTE = { type: 'string', minLength: 1, maxLength: 500 };
const BY = { enum: ['learner', 'teacher', 'platform'], description: 'Whose word it is. With a teacher\'s key: teacher. Left out: teacher, or for goals and choices learner' };

/** Whose word it is stands beside it. */
const said = (required: readonly string[], properties: object): { readonly [keyword: string]: unknown } => ({ type: 'object', required, additionalProperties: false, properties: { ...properties, by: BY } });

interface Said {
  readonly by?: By;
}

export interface GoalBody {
  readonly goal: string;
  readonly course: CourseId;
  readonly objective?: ObjectiveId;
  readonly skills?: readonly SkillId[];
  /** RFC 3339. */
  readonly due?: string;
  readonly minutesPerWeek?: number;
}

const GOAL_BODY = {
  type: 'object',
  required: ['goal', 'course'],
  additionalProperties: false,
  description: 'An objective of the course or some of its skills, one of the two',
  properties: {
    goal: ID,
    course: ID,
    objective: ID,
    skills: { type: 'array', minItems: 1, maxItems: GOAL_SKILLS_MAX, uniqueItems: true, items: ID },
    due: { type: 'string', format: 'date-time' },
    minutesPerWeek: { type: 'number', exclusiveMinimum: 0, maximum: 10_080 },
  },
};

export const GOALS_BODY = said(['goals'], {
  goals: { type: 'array', maxItems: GOALS_MAX, items: GOAL_BODY, description: 'All goals from now on; those that are left out are dropped' },
  proposed: { type: 'boolean', default: false, description: 'true: proposed to the learner beside the goals that there are; none before the learner sets it' },
});
export const goalsSchema = schemaOf<Said & { readonly goals: readonly GoalBody[]; readonly proposed?: boolean }>(GOALS_BODY);

const WORDS = { type: 'array', maxItems: 20, uniqueItems: true, items: { type: 'string', minLength: 1, maxLength: 60 } };
export const PREFERENCES_BODY = {
  type: 'object',
  minProperties: 1,
  additionalProperties: false,
  description: 'What the learner stated; what is left out stays as it was, an empty list takes back',
  properties: { modalities: WORDS, interests: WORDS, products: WORDS, readingLevel: { type: 'number', minimum: 0, maximum: 20 }, language: { type: 'string', pattern: '^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$', expects: 'a language tag such as "es" or "en-GB" (BCP 47)' } },
};
export const preferencesSchema = schemaOf<Preferences>(PREFERENCES_BODY);

export const STRATEGY_BODY = said(['strategy'], { strategy: { oneOf: [STRATEGY_JSON, { type: 'null' }], description: 'null takes it back' } });
/** What is in `strategy` is checked by its own schema, whose sentences say more. */
export const strategyBodySchema = schemaOf<Said & { readonly strategy: object | null }>(said(['strategy'], { strategy: { type: ['object', 'null'] } }));

export const OBJECTIVE_BODY = said(['course', 'objective'], {
  course: ID,
  objective: { type: ['string', 'null'], pattern: CURRICULUM_PATTERN, description: 'null takes it back' },
  locked: { type: 'boolean', default: false, description: 'true: neither goals nor requests go past it' },
});
export const objectiveBodySchema = schemaOf<Said & { readonly course: CourseId; readonly objective: ObjectiveId | null; readonly locked?: boolean }>(OBJECTIVE_BODY);

/** As many as the rules let stand. */
const EXCLUDED_MAX = 200;
const NAMED = (max: number, description: string): object => ({ type: 'array', maxItems: max, uniqueItems: true, items: ID, description });

export const PINS_BODY = said(['items'], { items: NAMED(PINS_MAX, 'All pinned items from now on; an empty list takes every pin back'), note: NOTE });
export const pinsSchema = schemaOf<Said & { readonly items: readonly ItemId[]; readonly note?: string }>(PINS_BODY);

export const EXCLUSIONS_BODY = said(['items', 'skills'], {
  items: NAMED(EXCLUDED_MAX, 'All excluded items from now on; an empty list takes every exclusion back'),
  skills: NAMED(EXCLUDED_MAX, 'The same of whole skills'),
  note: NOTE,
});
export const exclusionsSchema = schemaOf<Said & { readonly items: readonly ItemId[]; readonly skills: readonly SkillId[]; readonly note?: string }>(EXCLUSIONS_BODY);

export const ATTESTATION_BODY = said(['skill', 'mastered'], { skill: ID, mastered: { type: ['boolean', 'null'], description: 'null takes it back' }, note: NOTE });
export const attestationSchema = schemaOf<Said & { readonly skill: SkillId; readonly mastered: boolean | null; readonly note?: string }>(ATTESTATION_BODY);

export const PAUSE_BODY = said(['paused'], { paused: { type: 'boolean', description: 'true: the engine chooses nothing for this learner until it goes on' }, note: NOTE });
export const pauseSchema = schemaOf<Said & { readonly paused: boolean; readonly note?: string }>(PAUSE_BODY);

export const ACCEPT_BODY = { type: 'object', additionalProperties: false, properties: { item: { ...ID, description: 'The one that was taken; may be left out where there is one' } } };
export const acceptSchema = schemaOf<{ readonly item?: ItemId }>(ACCEPT_BODY);

export const DECLINE_BODY = {
  type: 'object',
  additionalProperties: false,
  properties: {
    items: { type: 'array', minItems: 1, maxItems: 20, uniqueItems: true, items: ID, description: 'All of the recommendation if left out' },
    why: { enum: ['not-now', 'too-easy', 'too-hard', 'other'], default: 'other' },
  },
};
export const declineSchema = schemaOf<{ readonly items?: readonly ItemId[]; readonly why?: 'not-now' | 'too-easy' | 'too-hard' | 'other' }>(DECLINE_BODY);
