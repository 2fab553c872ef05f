// What many measurements of one thing come to.

/** The middle and the ends of what several rounds gave. */
export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** Of an even number the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = ascending(values);
  const middle = sorted.length >>> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** The least value that at least `percent` of all are not above (nearest rank): always one that was measured. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = ascending(values);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? NaN;
}

export function spread(values: readonly number[]): Spread {
  const sorted = ascending(values);
  return { median: median(sorted), min: sorted[0] ?? NaN, max: sorted.at(-1) ?? NaN };
}

function ascending(values: readonly number[]): readonly number[] {
  if (values.length === 0) throw new Error('nothing was measured');
  return values.toSorted((a, b) => a - b);
}
