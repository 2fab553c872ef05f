// Expectation-maximisation from one start: each step makes the answers likelier, until it hardly does.
import type { ForgettingBktParameters } from '../bkt.js';
import { bounded, type BktBounds } from './bounds.js';
import { expected, likeliest, Workspace, type ExpectedCounts } from './expectation.js';
import type { Sequences } from './sequences.js';

export interface EmOptions {
  readonly bounds: BktBounds;
  readonly iterationsMax: number;
  /** Stops where an iteration gains no more log likelihood than so much. */
  readonly gainMin: number;
  /** What is believed before the first answer of the skill; none where absent. */
  readonly belief?: Belief;
}

/**
 * Parameters worth so many observed chances each, added to the counts (Beck & Chang, 2007, "Identifiability: a fundamental
 * problem of student modeling", UM: Dirichlet priors).
 */
export interface Belief {
  readonly parameters: ForgettingBktParameters;
  readonly weight: number;
}

export interface EmFit {
  readonly parameters: ForgettingBktParameters;
  /** Of the answers under the parameters, natural logarithm; without the belief. */
  readonly logLikelihood: number;
  /** What is maximised: with the logarithm of the belief, but for a constant. */
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
}

export function expectationMaximisation(sequences: Sequences, start: ForgettingBktParameters, options: EmOptions): EmFit {
  const { bounds, iterationsMax, gainMin, belief } = options;
  const workspace = new Workspace(sequences);
  let parameters = bounded(start, bounds);
  let last = -Infinity;
  for (let iterations = 1; ; iterations++) {
    const counts = expected(sequences, parameters, workspace);
    const { logLikelihood } = counts;
    const objective = belief === undefined ? logLikelihood : logLikelihood + logDensity(parameters, belief);
    const converged = objective - last <= gainMin;
    if (converged || iterations >= iterationsMax) return { parameters, logLikelihood, objective, iterations, converged };
    last = objective;
    if (belief !== undefined) believe(counts, belief);
    parameters = likeliest(counts, bounds, parameters);
  }
}

function believe(counts: ExpectedCounts, { parameters: p, weight }: Belief): void {
  counts.sequences += weight;
  counts.knownAtFirst += weight * p.prior;
  counts.unknown += weight;
  counts.guessed += weight * p.guess;
  counts.known += weight;
  counts.slipped += weight * p.slip;
  counts.stepsUnknown += weight;
  counts.learned += weight * p.learn;
  counts.stepsKnown += weight;
  counts.forgot += weight * p.forget;
}

function logDensity(p: ForgettingBktParameters, { parameters: b, weight }: Belief): number {
  return weight * (mixed(b.prior, p.prior) + mixed(b.learn, p.learn) + mixed(b.guess, p.guess) + mixed(b.slip, p.slip) + mixed(b.forget, p.forget));
}

/** Where the belief gives an outcome no weight, its logarithm does not count: 0 times minus infinity is 0 here. */
function mixed(belief: number, value: number): number {
  return (belief > 0 ? belief * Math.log(value) : 0) + (belief < 1 ? (1 - belief) * Math.log(1 - value) : 0);
}
