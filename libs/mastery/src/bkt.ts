// Bayesian knowledge tracing: the probability that a skill is known, from the answers on it.
// Corbett & Anderson (1995), "Knowledge tracing", User Modeling and User-Adapted Interaction 4, 253-278.

/** Probabilities, each in 0..1; `guess + slip < 1`, or a right answer would speak against knowing. */
export interface BktParameters {
  /** Known before the first answer. */
  readonly prior: number;
  /** Becomes known at a chance to practise. */
  readonly learn: number;
  /** A right answer without knowing. */
  readonly guess: number;
  /** A wrong answer in spite of knowing. */
  readonly slip: number;
}

/** With forgetting at each chance to practise, for predicting. Shown mastery leaves time to recall. */
export interface ForgettingBktParameters extends BktParameters {
  /** Known no more at the next answer. */
  readonly forget: number;
}

/** P(known) after one graded answer, then after the chance to learn from it. Corbett & Anderson (1995). */
export function trace(known: number, correct: boolean, p: BktParameters): number {
  return 1 - traceUnknown(1 - known, correct ? 1 : 0, p);
}

/**
 * The same for P(not known), which is what folds carry: after a long run of right answers P(known) is 1 to the last bit and
 * no wrong answer would be heard any more, while P(not known) keeps its digits. A score between 0 and 1 gives the two
 * posteriors weighted by it (Jeffrey, 1965, "The Logic of Decision", ch. 11: evidence that is itself uncertain).
 */
export function traceUnknown(unknown: number, score: number, p: BktParameters): number {
  return posteriorUnknown(unknown, score, p) * (1 - p.learn);
}

/** P(not known) given the answer alone, before the chance to learn from it. */
export function posteriorUnknown(unknown: number, score: number, p: BktParameters): number {
  if (score === 1) return afterRight(unknown, p);
  if (score === 0) return afterWrong(unknown, p);
  return score * afterRight(unknown, p) + (1 - score) * afterWrong(unknown, p);
}

/** As `traceUnknown`, with forgetting: for `forget` 0 its very bits. */
export function traceUnknownForgetting(unknown: number, score: number, p: ForgettingBktParameters): number {
  const posterior = posteriorUnknown(unknown, score, p);
  return posterior * (1 - p.learn) + (1 - posterior) * p.forget;
}

/** P(right) of the next answer on a skill. */
export function rightProbability(known: number, p: BktParameters): number {
  return known * (1 - p.slip) + (1 - known) * p.guess;
}

function afterRight(unknown: number, p: BktParameters): number {
  const guessed = unknown * p.guess;
  return guessed / (guessed + (1 - unknown) * (1 - p.slip));
}

function afterWrong(unknown: number, p: BktParameters): number {
  const missed = unknown * (1 - p.guess);
  return missed / (missed + (1 - unknown) * p.slip);
}
