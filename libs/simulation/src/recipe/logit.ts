// Log-odds, kept finite.
const { exp, log, max, min } = Math;

export function logit(p: number): number {
  const kept = min(1 - 1e-4, max(1e-4, p));
  return log(kept / (1 - kept));
}

/** The probability of a log-odds, for an estimate that can still be moved. */
export function estimateOf(logOdds: number): number {
  return min(0.999, max(0.001, 1 / (1 + exp(-logOdds))));
}
