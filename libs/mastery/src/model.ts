// What every model of the next answer can do. What comes next is asked before the answer is known, so nothing leaks.
import type { AnswerLog } from './answer-log.js';
import type { Logistic } from './logistic.js';


/** An answer that is about to be given. */
export interface Question {
  /** The number of the item in the vocabulary; -1 for none. May be one that no training row had. */
  readonly item: number;
  readonly combination: number;
  /** Milliseconds; NaN where there are no times. */
  readonly at: number;
}

/** One learner, as a model sees them. Starts empty. */
export interface LearnerModel {
  /** P(right), 0..1, from what was observed so far. Changes nothing. */
  predict(question: Question): number;
  /** Takes the answer in. */
  observe(question: Question, right: boolean): void;
}

export interface FittedModel {
  /** As reports print it. */
  readonly name: string;
  begin(): LearnerModel;
  /** Of a model that is one: what each feature weighs. */
  readonly regression?: Logistic;
}

/** P(right) of every row of the log, each predicted before it was observed. Rows as in the log. */
export function predictions(model: FittedModel, { starts, item, combination, right, at }: AnswerLog): Float64Array {
  const out = new Float64Array(item.length);
  for (let learner = 0; learner + 1 < starts.length; learner++) {
    const one = model.begin();
    for (let row = starts[learner] ?? 0; row < (starts[learner + 1] ?? 0); row++) {
      const question = { item: item[row] ?? -1, combination: combination[row] ?? 0, at: at?.[row] ?? NaN };
      out[row] = one.predict(question);
      one.observe(question, right[row] === 1);
    }
  }
  return out;
}
