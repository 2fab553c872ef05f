// What the public interface says of a recommendation.

import { REASON_JSON } from './shown-body.js';

export const RECOMMENDATION_JSON = {
  type: 'object',
  required: ['recommendationId', 'learner', 'course', 'at', 'basedOn', 'versions', 'seed', 'pacing', 'offer', 'items'],
  properties: {
    recommendationId: { type: 'string' },
    learner: { type: 'string' },
    course: { type: 'string' },
    at: { type: 'string', format: 'date-time' },
    basedOn: {
      type: 'object',
      required: ['revision'],
      properties: {
        revision: { type: 'integer', description: '-1: a learner without history' },
        classroom: { type: 'object', description: 'Whose settings hold', properties: { id: { type: 'string' }, revision: { type: 'integer' } } },
      },
    },
    versions: {
      type: 'object',
      properties: {
        engine: { type: 'string' },
        policy: { type: 'string' },
        course: { type: 'integer' },
        calibration: { type: 'string' },
        strategy: { type: 'string' },
      },
    },
    seed: { type: 'integer' },
    pacing: {
      type: 'object',
      required: ['action', 'reason'],
      properties: {
        action: { enum: ['practise', 'learn', 'review', 'assess', 'advance', 'rest', 'help'] },
        items: { type: 'integer' },
        minutes: { type: 'number' },
        reviewAt: { type: 'string', format: 'date-time' },
        reason: REASON_JSON,
      },
    },
    offer: { enum: ['next', 'options'], description: 'options: the learner takes one of the items' },
    items: {
      type: 'array',
      items: {
        type: 'object',
        required: ['item', 'skills', 'action', 'prediction', 'probability', 'reason'],
        properties: {
          item: { type: 'string' },
          skills: { type: 'array', items: { type: 'string' } },
          action: { enum: ['practise', 'learn', 'review'] },
          prediction: { type: 'number', description: 'P(right answer now)' },
          probability: { type: 'number', description: 'Of this draw given the earlier draws' },
          reason: REASON_JSON,
          fitted: { type: 'array', items: REASON_JSON, description: 'How the item was fitted to the learner' },
          counterfactual: REASON_JSON,
          parts: { type: 'object', description: 'What the score of its skill is made of: worth, readiness, gain, near, again, pause' },
        },
      },
    },
    passed: {
      type: 'array',
      description: 'The best of those that were not chosen, and why',
      items: { type: 'object', properties: { skill: { type: 'string' }, score: { type: 'number' }, probability: { type: 'number' }, reason: REASON_JSON } },
    },
  },
};

export const RECOMPUTED_JSON = {
  oneOf: [
    {
      type: 'object',
      required: ['identical', 'differs', 'recomputed'],
      properties: {
        identical: { type: 'boolean' },
        differs: { type: 'array', items: { type: 'string', description: 'JSON Pointer (RFC 6901) into the decision' } },
        recomputed: RECOMMENDATION_JSON,
      },
    },
    { type: 'object', required: ['gone'], properties: { gone: { type: 'string', description: 'The version that this engine does not hold any more' } } },
  ],
};
