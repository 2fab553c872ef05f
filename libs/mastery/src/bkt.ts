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

/** P(known) after one graded answer, then after the chance to learn from it. Corbett & Anderson (1995). */
export function trace(known: number, correct: boolean, p: BktParameters): number {
  const posterior = correct ? ifRight(known, p) : ifWrong(known, p);
  return posterior + (1 - posterior) * p.learn;
}

/**
 * The same for a score in 0..1: the two posteriors, weighted by the score (Jeffrey, 1965, "The Logic of Decision",
 * ch. 11: evidence that is itself uncertain). Scores 1 and 0 give exactly what `trace` gives.
 */
export function traceScore(known: number, score: number, p: BktParameters): number {
  if (score === 1 || score === 0) return trace(known, score === 1, p);
  const posterior = score * ifRight(known, p) + (1 - score) * ifWrong(known, p);
  return posterior + (1 - posterior) * p.learn;
}

/** P(right) of the next answer on a skill. */
export function rightProbability(known: number, p: BktParameters): number {
  return known * (1 - p.slip) + (1 - known) * p.guess;
}

function ifRight(known: number, p: BktParameters): number {
  const right = known * (1 - p.slip);
  return right / (right + (1 - known) * p.guess);
}

function ifWrong(known: number, p: BktParameters): number {
  const wrong = known * p.slip;
  return wrong / (wrong + (1 - known) * (1 - p.guess));
}
