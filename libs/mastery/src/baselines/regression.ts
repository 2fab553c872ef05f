// Baselines that are one logistic regression on what is known before an answer: an encoding says which numbers those are.
import { logistic } from '../ability.js';
import type { AnswerLog } from '../answer-log.js';
import type { FittedModel, Question } from '../model.js';
import { choice, part, type BaselineOptions } from './fit.js';
import { logitOfRow, ridge } from './sparse-logistic.js';
import { sparseBuilder, type Entry, type SparseRows } from './sparse-rows.js';

/** Column 0 is the intercept, which every row has and no encoder adds. */
export interface Encoding {
  readonly columns: number;
  begin(): Encoder;
}

/** One learner, as the regression sees them. */
export interface Encoder {
  encode(question: Question, add: Entry): void;
  observe(question: Question, right: boolean): void;
}

export interface Regression extends FittedModel {
  readonly weights: Float64Array;
  /** The penalty that the held-out learners chose. */
  readonly l2: number;
}

/** From weak to strong; each fit begins where the one before ended. */
const PENALTIES = [3, 1, 0.3];
/** To tell penalties apart a rough fit does. */
const CHOOSING_GAIN_MIN = 1e-5;
const GAIN_MIN = 1e-7;

/** Chooses the penalty by the log loss of held-out learners, then fits all. */
export function fitRegression(name: string, encoding: Encoding, log: AnswerLog, { seed = 0, progress }: BaselineOptions): Regression {
  const rows = encoded(encoding, log);
  const { fit, choose } = choice(log, seed);
  let from: Float64Array = new Float64Array(encoding.columns);
  let best = { l2: 1, loss: Infinity, weights: from };
  for (const [n, l2] of fit.length === 0 || choose.length === 0 ? [] : PENALTIES.entries()) {
    from = ridge(rows, log.right, fit, { l2, gainMin: CHOOSING_GAIN_MIN, from, progress: part(progress, n / (PENALTIES.length + 1), (n + 1) / (PENALTIES.length + 1)) });
    const loss = meanLoss(rows, log.right, choose, from);
    if (loss < best.loss) best = { l2, loss, weights: from };
  }
  const all = Int32Array.from(log.right, (_, row) => row);
  const weights = ridge(rows, log.right, all, { l2: best.l2, gainMin: GAIN_MIN, from: best.weights, progress: part(progress, PENALTIES.length / (PENALTIES.length + 1), 1) });
  return { name, weights, l2: best.l2, begin: () => predictor(encoding.begin(), weights) };
}

function predictor(encoder: Encoder, weights: Float64Array) {
  let logit = 0;
  const add: Entry = (column, value) => (logit += (weights[column] ?? 0) * value);
  return {
    predict: (question: Question) => {
      logit = weights[0] ?? 0;
      encoder.encode(question, add);
      return logistic(logit);
    },
    observe: (question: Question, right: boolean) => encoder.observe(question, right),
  };
}

function encoded(encoding: Encoding, { learners, starts, item, combination, right, at }: AnswerLog): SparseRows {
  const builder = sparseBuilder(encoding.columns, right.length);
  for (let learner = 0; learner < learners.length; learner++) {
    const encoder = encoding.begin();
    for (let row = starts[learner] ?? 0; row < (starts[learner + 1] ?? 0); row++) {
      const question = { item: item[row] ?? -1, combination: combination[row] ?? 0, at: at?.[row] ?? NaN };
      builder.add(0, 1);
      encoder.encode(question, builder.add);
      builder.endRow();
      encoder.observe(question, right[row] === 1);
    }
  }
  return builder.finish();
}

function meanLoss(x: SparseRows, right: Uint8Array, rows: Int32Array, weights: Float64Array): number {
  let loss = 0;
  for (const row of rows) {
    const logit = logitOfRow(x, row, weights);
    loss += Math.log1p(Math.exp(-Math.abs(logit))) + (logit > 0 === (right[row] === 1) ? 0 : Math.abs(logit));
  }
  return loss / rows.length;
}
