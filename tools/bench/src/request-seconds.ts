// How long requests took by the service's own clock: its histogram, read before and after.

/** Requests that took at most so many seconds, by the upper edge of a bucket, in ascending order. */
export type Buckets = ReadonlyMap<number, number>;

export async function requestSeconds(url: URL, route: string): Promise<Buckets> {
  return bucketsOf(await (await fetch(new URL('/metrics', url))).text(), route);
}

/** Of those that were answered with 200. */
export function bucketsOf(text: string, route: string): Buckets {
  const buckets = new Map<number, number>();
  for (const [, labels = '', count] of text.matchAll(/^trellis_http_request_seconds_bucket\{(.*)\} (\d+)$/gm)) {
    const label = (name: string): string | undefined => new RegExp(`\\b${name}="([^"]*)"`).exec(labels)?.[1];
    if (label('route') !== route || label('status') !== '200') continue;
    const edge = label('le') === '+Inf' ? Infinity : Number(label('le'));
    buckets.set(edge, (buckets.get(edge) ?? 0) + Number(count));
  }
  return buckets;
}

/** As Prometheus does: evenly within a bucket, and never beyond the last edge. NaN where nothing came between. */
export function quantileMs(before: Buckets, after: Buckets, quantile: number): number {
  const counts = [...after].map(([edge, count]) => [edge, count - (before.get(edge) ?? 0)] as const).sort(([a], [b]) => a - b);
  const wanted = quantile * (counts.at(-1)?.[1] ?? 0);
  if (wanted === 0) return NaN;
  let [lower, below] = [0, 0];
  for (const [edge, count] of counts) {
    if (count >= wanted) return 1000 * (edge === Infinity ? lower : lower + ((edge - lower) * (wanted - below)) / (count - below));
    [lower, below] = [edge, count];
  }
  return NaN;
}
