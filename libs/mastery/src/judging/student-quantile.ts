// Quantiles of Student's t: how far noise reaches where it was itself estimated from few learners.

/** For a share of 0.5 to 1 and at least 3 degrees of freedom, to about a hundredth: the expansion of Fisher & Cornish (1960). */
export function studentQuantile(share: number, freedom: number): number {
  const z = normalQuantile(share);
  const [z3, z5, z7] = [z ** 3, z ** 5, z ** 7];
  return (
    z +
    (z3 + z) / (4 * freedom) +
    (5 * z5 + 16 * z3 + 3 * z) / (96 * freedom ** 2) +
    (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * freedom ** 3)
  );
}

/** To 4.5e-4 (Abramowitz & Stegun, 1964, 26.2.23). */
export function normalQuantile(share: number): number {
  if (share < 0.5) return -normalQuantile(1 - share);
  const t = Math.sqrt(-2 * Math.log(1 - share));
  return t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}
