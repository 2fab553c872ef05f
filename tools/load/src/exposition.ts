// Prometheus' text format, as far as the figures of a run need it.
export interface Series {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Only those whose name begins so. */
export function seriesOf(text: string, names: readonly string[]): readonly Series[] {
  const found: Series[] = [];
  for (const line of text.split('\n')) {
    if (!names.some((name) => line.startsWith(name))) continue;
    const [, name, labels = '', value] = LINE.exec(line) ?? [];
    if (name !== undefined) found.push({ name, labels: Object.fromEntries([...labels.matchAll(LABEL)].map(([, label, text]) => [label, text])), value: Number(value) });
  }
  return found;
}

/** Counts up to each bound, as Prometheus keeps them; by bound. */
export type Buckets = ReadonlyMap<number, number>;

/** Between the bounds of the bucket that it falls into, as if all in it were spread evenly; null where there is nothing. */
export function quantile(buckets: Buckets, share: number): number | null {
  const bounds = [...buckets].sort(([a], [b]) => a - b);
  const wanted = share * (bounds.at(-1)?.[1] ?? 0);
  if (wanted === 0) return null;
  let [from, below] = [0, 0];
  for (const [to, upTo] of bounds) {
    // Beyond the last bound nothing is known.
    if (upTo >= wanted) return to === Infinity ? from : from + ((to - from) * (wanted - below)) / (upTo - below);
    [from, below] = [to, upTo];
  }
  return from;
}
