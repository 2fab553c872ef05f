// What the public interface says of a learner's plan and history.
import { REASON_JSON, TIME_JSON } from './shown-body.js';

const ESTIMATE_JSON = { type: 'object', properties: { expected: { type: 'number' }, low: { type: 'number' }, high: { type: 'number' } }, description: 'With an interval that holds 80 of 100 learners' };

const WORK_JSON = {
  type: ['object', 'null'],
  description: 'null: the course does not hold it any more',
  properties: { mastered: { type: 'integer' }, needed: { type: 'integer' }, open: { type: 'integer' }, items: ESTIMATE_JSON, minutes: ESTIMATE_JSON, unpractisable: { type: 'array', items: { type: 'string' } } },
};

const DATE_JSON = {
  type: ['object', 'null'],
  properties: {
    due: TIME_JSON,
    daysLeft: { type: 'integer' },
    perDay: { type: ['number', 'null'], description: 'Answers a day that were reckoned with' },
    doneAt: { type: ['string', 'null'], format: 'date-time' },
    probability: { type: ['number', 'null'] },
    holds: { type: ['boolean', 'null'] },
    reason: REASON_JSON,
  },
};

const GOAL_JSON = {
  type: 'object',
  properties: {
    goal: { type: 'string' },
    course: { type: 'string' },
    objective: { type: 'string' },
    skills: { type: 'array', items: { type: 'string' } },
    due: TIME_JSON,
    minutesPerWeek: { type: 'number' },
    at: TIME_JSON,
    title: { type: 'string' },
    work: WORK_JSON,
    date: DATE_JSON,
  },
};

const REVIEWS_JSON = {
  type: 'object',
  properties: {
    days: { type: 'array', description: 'The next 14 times 24 hours', items: { type: 'object', properties: { day: { type: 'integer' }, due: { type: 'integer' }, planned: { type: 'integer' }, minutes: { type: 'number' } } } },
    reviews: { type: 'array', items: { type: 'object', properties: { skill: { type: 'string' }, dueAt: TIME_JSON, day: { type: 'integer' }, moved: { type: 'integer' } } } },
    nextAt: { type: ['string', 'null'], format: 'date-time' },
    dueNow: { type: 'integer' },
  },
};

export const PLAN_JSON = {
  type: 'object',
  required: ['learner', 'course', 'at', 'basedOn', 'versions', 'strategy', 'aim', 'goals', 'answersPerDay', 'reviews', 'stuck', 'selfAssessments', 'readyForAssessment', 'inForce'],
  properties: {
    learner: { type: 'string' },
    course: { type: 'string' },
    at: TIME_JSON,
    basedOn: { type: 'object', properties: { revision: { type: 'integer' }, classroom: { type: 'object' } } },
    versions: { type: 'object' },
    strategy: { type: 'object', description: 'The one that holds now, whose it is, and every setting' },
    aim: { type: 'object', properties: { objective: { type: ['string', 'null'] }, title: { type: 'string' }, by: { type: 'string' }, lostGoals: { type: 'array', items: { type: 'string' } }, readiness: { type: 'object' }, work: WORK_JSON } },
    goals: { type: 'array', items: GOAL_JSON },
    proposed: { type: 'array', items: { type: 'object' } },
    answersPerDay: { type: ['number', 'null'], description: 'Over the last weeks' },
    reviews: REVIEWS_JSON,
    stuck: { type: 'array', items: { type: 'object' }, description: 'Skills to look at with a person, with their evidence' },
    readyForAssessment: {
      type: 'object',
      description: 'Whether the engine thinks that a unit check of the aim would be passed, and why',
      properties: { ready: { type: 'boolean' }, uncertified: { type: 'array', items: { type: 'string' } }, reason: REASON_JSON },
    },
    selfAssessments: {
      type: 'array',
      items: {
        type: 'object',
        properties: { skill: { type: 'string' }, at: TIME_JSON, level: { type: 'number' }, mastery: { type: 'number' }, answers: { type: 'integer' }, right: { type: 'integer' }, agreement: { enum: ['agrees', 'surer', 'less-sure', 'too-few-answers'] }, reason: REASON_JSON },
      },
    },
    preferences: { type: 'object' },
    inForce: { type: 'object', description: 'Every word of a teacher that holds: strategy, objectives, pins, exclusions, attestations, pause' },
    certified: { type: 'array', items: { type: 'object' } },
    placement: { type: ['object', 'null'] },
    assessment: { type: ['object', 'null'] },
  },
};

export const HISTORY_JSON = {
  type: 'object',
  required: ['learner', 'entries', 'next'],
  properties: {
    learner: { type: 'string' },
    entries: {
      type: 'array',
      description: 'The newest first',
      items: {
        type: 'object',
        required: ['revision', 'id', 'kind', 'type', 'at', 'recordedAt', 'source', 'data'],
        properties: {
          revision: { type: 'integer' },
          id: { type: 'string' },
          kind: { enum: ['answered', 'recommended', 'decided', 'told'] },
          type: { type: 'string' },
          at: TIME_JSON,
          recordedAt: TIME_JSON,
          source: { type: 'string' },
          data: { type: 'object', description: 'As it is kept; of a recommendation what was chosen and why' },
        },
      },
    },
    next: { type: ['integer', 'null'], description: 'Ask for it as `before`; null: nothing is older' },
  },
};
