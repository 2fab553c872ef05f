// Counters and histograms of services between two readings, and quantiles from a histogram's buckets.
import type { Exposition, Sample } from './status-exposition.js';

/** What a service said first and last. The same object twice where it has been asked only once. */
export interface Span {
  readonly first: Exposition;
  readonly last: Exposition;
}

/** How many observations were at or below each bound; the last bound is infinite. */
export type Buckets = ReadonlyMap<number, number>;

/** Every sample of a counter with what it has grown by. One that has become smaller belongs to a service that was restarted. */
export function increases({ first, last }: Span, name: string): readonly Sample[] {
  const before = new Map((first.get(name) ?? []).map(({ labels, value }) => [keyOf(labels), value]));
  return (last.get(name) ?? []).map(({ labels, value }) => {
    const earlier = before.get(keyOf(labels)) ?? 0;
    return { labels, value: value >= earlier ? value - earlier : value };
  });
}

/** All of a histogram's series together, over all services. */
export function buckets(samples: readonly Sample[]): Buckets {
  const sums = new Map<number, number>();
  for (const { labels, value } of samples) {
    const bound = labels['le'] === '+Inf' ? Infinity : Number(labels['le']);
    sums.set(bound, (sums.get(bound) ?? 0) + value);
  }
  return new Map([...sums].sort(([a], [b]) => a - b));
}

export function observations(counts: Buckets): number {
  return counts.get(Infinity) ?? 0;
}

/**
 * Evenly spread within a bucket, as Prometheus has it. What lies above the highest bound is said to be that bound. Null where
 * nothing was observed.
 */
export function quantile(counts: Buckets, share: number): number | null {
  const rank = share * observations(counts);
  if (rank === 0) return null;
  let [lower, below] = [0, 0];
  for (const [bound, count] of counts) {
    if (count >= rank) return bound === Infinity ? lower : lower + ((bound - lower) * (rank - below)) / (count - below);
    [lower, below] = [bound, count];
  }
  return lower;
}

function keyOf(labels: Sample['labels']): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}
