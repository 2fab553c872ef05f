// JSON Schema (2020-12) of a calibration, as `POST /v1/calibrations` takes it.
import { FLAWS_MAX } from './calibration.js';
import { CURRICULUM_PATTERN } from './ids.js';
import { SKILLS_MAX } from './course-schema.js';

/** Items, and combinations of skills, over all courses of a tenant: as many as a request has room for. */
const FITTED_MAX = 300_000;

const id = { type: 'string', pattern: CURRICULUM_PATTERN } as const;
const number = { type: 'number' } as const;
const probability = { type: 'number', minimum: 0, maximum: 1 } as const;
const count = { type: 'integer', minimum: 0 } as const;
const numbers = { type: 'array', maxItems: 200, items: number } as const;
const text = { type: 'string', maxLength: 1_000 } as const;
const figure = { type: ['number', 'null'] } as const;
const position = { type: ['string', 'null'], maxLength: 64 } as const;
const time = { type: ['number', 'null'] } as const;

/** Every member is required: a number that is left out would be taken from somewhere else. */
const whole = <Properties extends object>(properties: Properties) => ({ type: 'object', required: Object.keys(properties), additionalProperties: false, properties }) as const;

const BKT = { prior: probability, learn: probability, guess: probability, slip: probability } as const;

const figures = whole({ model: text, n: count, auc: figure, logLoss: figure, brier: figure, ece: figure, rmse: figure });

const report = whole({
  engine: text,
  positions: whole({ from: position, to: position }),
  times: whole({ first: time, last: time }),
  learners: count,
  answers: count,
  heldOutLearners: count,
  twins: count,
  seed: { type: 'integer' },
  seconds: { type: 'number', minimum: 0 },
  heldOut: { type: 'array', maxItems: 100, items: figures },
  before: { anyOf: [{ type: 'null' }, whole({ calibration: text, figures: { type: 'array', maxItems: 100, items: figures } })] },
  flaws: { type: 'array', maxItems: FLAWS_MAX, items: whole({ model: text, subject: text, kind: text, detail: text, blocks: { type: 'boolean' } }) },
  recall: text,
  badItems: count,
  card: { type: 'string', maxLength: 60_000, description: 'The model card, as Markdown' },
});

export const CALIBRATION_SCHEMA = whole({
  bkt: whole(BKT),
  ability: whole({ base: number, variance: number, drift: number, skillVariance: number, skillDrift: number }),
  placement: {
    anyOf: [{ type: 'null' }, whole({ features: { type: 'array', maxItems: 200, items: text }, mean: numbers, sd: numbers, weights: numbers, intercept: number })],
    description: 'Logistic regression for placing items; null: the running ability alone',
  },
  recall: whole({ weights: { type: 'array', minItems: 21, maxItems: 21, items: number } }),
  masteredAt: { type: 'number', minimum: 0.5, maximum: 0.999 },
  reviewBelow: { type: 'number', minimum: 0.5, maximum: 0.999 },
  wheelSpin: whole({ wrongInARow: { type: 'integer', minimum: 1 }, pauseAnswers: { type: 'integer', minimum: 1 }, doublings: count, stuckAfter: { type: 'integer', minimum: 1 } }),
  skills: { type: 'array', maxItems: SKILLS_MAX, items: whole({ skill: id, ...BKT }) },
  combinations: { type: 'array', maxItems: FITTED_MAX, items: whole({ skills: { type: 'array', minItems: 1, maxItems: 16, items: id }, easiness: number }) },
  items: { type: 'array', maxItems: FITTED_MAX, items: whole({ item: id, easiness: number }) },
  report,
});
