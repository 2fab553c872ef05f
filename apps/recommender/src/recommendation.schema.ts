// What the public interface says of a recommendation.

const REASON_JSON = {
  type: 'object',
  required: ['key', 'params', 'text'],
  properties: { key: { type: 'string' }, params: { type: 'object' }, text: { type: 'string' } },
};

export const RECOMMENDATION_JSON = {
  type: 'object',
  required: ['recommendationId', 'learner', 'course', 'at', 'basedOn', 'versions', 'seed', 'pacing', 'items'],
  properties: {
    recommendationId: { type: 'string' },
    learner: { type: 'string' },
    course: { type: 'string' },
    at: { type: 'string', format: 'date-time' },
    basedOn: { type: 'object', required: ['revision'], properties: { revision: { type: 'integer', description: '-1: a learner without history' } } },
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
        action: { enum: ['practise', 'learn', 'review', 'advance', 'rest', 'help'] },
        items: { type: 'integer' },
        minutes: { type: 'number' },
        reviewAt: { type: 'string', format: 'date-time' },
        reason: REASON_JSON,
      },
    },
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
        },
      },
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
