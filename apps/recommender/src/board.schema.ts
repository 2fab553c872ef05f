// What the public interface says of a class board and of groups.
import { REASON_JSON, TIME_JSON } from './shown-body.js';

const READINESS_JSON = {
  type: 'object',
  description: 'Temporary: what the aim builds on and what was shown lately of it; no label of ability',
  properties: { readiness: { type: 'number' }, prerequisites: { type: ['number', 'null'] }, recent: { type: ['number', 'null'] }, answers: { type: 'integer' } },
};

const FLAG_JSON = {
  type: 'object',
  required: ['flag', 'reason'],
  properties: {
    flag: { enum: ['paused', 'stuck', 'wheel-spinning', 'rapid', 'idle', 'behind', 'ahead', 'review-load', 'surer', 'less-sure'] },
    skill: { type: 'string' },
    since: TIME_JSON,
    reason: REASON_JSON,
  },
};

const ROW_JSON = {
  type: 'object',
  required: ['learner', 'aim', 'strategy', 'readiness', 'working', 'group', 'calendarDays', 'reviewsDue', 'flags'],
  properties: {
    learner: { type: 'string' },
    aim: {
      type: 'object',
      description: 'What this learner works towards, prerequisites included, and how much of it is mastered',
      properties: { objective: { type: ['string', 'null'] }, title: { type: 'string' }, by: { enum: ['locked', 'request', 'learner-objective', 'classroom', 'goals', 'course'] }, mastered: { type: 'integer' }, needed: { type: 'integer' } },
    },
    strategy: { type: 'object', properties: { name: { type: 'string' }, source: { enum: ['learner', 'group', 'classroom', 'default'] }, phase: { type: 'string' } } },
    readiness: READINESS_JSON,
    working: { type: ['object', 'null'], description: 'The skills of the newest answer', properties: { skills: { type: 'array', items: { type: 'object' } }, run: { type: 'integer' }, at: TIME_JSON } },
    group: { type: ['string', 'null'] },
    calendarDays: { type: ['integer', 'null'], description: 'Days before (above 0) or behind the calendar' },
    reviewsDue: { type: 'integer' },
    flags: { type: 'array', items: FLAG_JSON, description: 'What to look at, the gravest first, each with its evidence' },
  },
};

const PACE_JSON = {
  type: 'object',
  properties: {
    expected: { type: ['number', 'null'], description: 'Skills that should be mastered by now; null: there is no calendar' },
    actual: { type: 'number', description: 'Mean over learners' },
    days: { type: 'integer' },
    learners: { type: 'array', items: { type: 'object', properties: { learner: { type: 'string' }, actual: { type: 'integer' }, days: { type: 'integer' } } } },
    dates: {
      type: 'array',
      items: {
        type: 'object',
        properties: { objective: { type: 'string' }, title: { type: 'string' }, due: TIME_JSON, finishing: { type: 'integer' }, learners: { type: 'integer' }, holds: { type: ['boolean', 'null'] }, reason: REASON_JSON },
      },
    },
    reason: REASON_JSON,
  },
};

export const BOARD_JSON = {
  type: 'object',
  required: ['classroom', 'course', 'objective', 'phase', 'learners', 'totals', 'pace'],
  properties: {
    classroom: { type: 'string' },
    course: { type: 'string' },
    objective: { type: ['object', 'null'], properties: { objective: { type: 'string' }, title: { type: 'string' }, locked: { type: 'boolean' }, due: TIME_JSON } },
    phase: { type: ['string', 'null'] },
    learners: { type: 'array', items: ROW_JSON, description: 'In the order of the roster' },
    totals: {
      type: 'object',
      properties: { learners: { type: 'integer' }, done: { type: 'integer' }, mastered: { type: 'number' }, reviewsDue: { type: 'integer' }, flags: { type: 'object', description: 'Learners with such a flag' } },
    },
    pace: PACE_JSON,
  },
};

export const GROUP_JSON = {
  type: 'object',
  required: ['group', 'title', 'learners', 'kind'],
  properties: {
    group: { type: 'string' },
    title: { type: 'string' },
    learners: { type: 'array', items: { type: 'string' } },
    kind: { enum: ['shared-gap', 'mixed-readiness', 'interest', 'extension', 'own'] },
    about: { type: 'string', description: 'The skill of a gap, an interest' },
  },
};

export const GROUPS_JSON = {
  type: 'object',
  required: ['classroom', 'groups', 'suggestion'],
  properties: {
    classroom: { type: 'string' },
    groups: { type: 'array', items: GROUP_JSON, description: 'As they are' },
    suggestion: {
      type: 'object',
      required: ['kind', 'objective', 'title', 'groups', 'notes'],
      properties: {
        kind: { enum: ['shared-gap', 'mixed-readiness', 'interest', 'extension'] },
        objective: { type: ['string', 'null'] },
        title: { type: 'string' },
        groups: { type: 'array', items: { ...GROUP_JSON, properties: { ...GROUP_JSON.properties, reason: REASON_JSON, readiness: { type: 'object', properties: { low: { type: 'number' }, high: { type: 'number' }, mean: { type: 'number' } } } } } },
        notes: { type: 'array', description: 'Learners kept where the teacher put them, or left over, and why', items: { type: 'object', properties: { learner: { type: 'string' }, group: { type: ['string', 'null'] }, reason: REASON_JSON } } },
      },
    },
  },
};
