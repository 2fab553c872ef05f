// What a flood came to: how long the accepted took, what became of the rest, and when it was calm again.
import type { CrowdKind } from './crowd-work.js';
import type { Fate, Flood } from './flood.js';
import { median, percentile } from './statistics.js';

export interface Offered extends Flood {
  readonly kind: (arrival: number) => CrowdKind;
}

/** Quick again: twice what it took before, but within these bounds. */
const NORMAL_MAX = 2;
const NORMAL_P99_MS = { least: 25, most: 100 };
const GOOD_IN_A_ROW = 3;

/** Milliseconds of those of a kind that were accepted; NaN where none was. */
export function acceptedMs({ fates, tookMs, kind }: Offered, of: CrowdKind, percent: number): number {
  const all = fates.flatMap((fate, arrival) => (fate === 'accepted' && kind(arrival) === of ? [tookMs[arrival] ?? NaN] : []));
  return all.length === 0 ? NaN : percentile(all, percent);
}

/** Of each part of the time the 99th percentile of what was accepted, where anything was. */
export function p99sMs({ fates, tookMs }: Flood, parts: number): readonly number[] {
  const each = fates.length / parts;
  return Array.from({ length: parts }, (_, n) => {
    const from = Math.floor(n * each);
    const took = fates.slice(from, Math.floor((n + 1) * each)).flatMap((fate, at) => (fate === 'accepted' ? [tookMs[from + at] ?? NaN] : []));
    return took.length === 0 ? [] : [percentile(took, 99)];
  }).flat();
}

/** The middle of these: what a stall of the machine does not move. */
export function middleP99Ms(all: Flood, parts: number): number {
  const p99s = p99sMs(all, parts);
  return p99s.length === 0 ? NaN : median(p99s);
}

/** In percent of those that were due, or of others that are told. */
export function shareOf({ fates }: Flood, wanted: readonly Fate[], among: (fate: Fate | null) => boolean = () => true): number {
  const all = fates.filter(among);
  return (100 * all.filter((fate) => fate !== null && wanted.includes(fate)).length) / all.length;
}

/**
 * Seconds until the first of three good windows in a row is over: nothing refused, nothing lost, and as quick as before. The
 * whole time and a window more if there are none.
 */
export function recoverySeconds(after: Flood, before: Flood, windows: number): number {
  const { fates, tookMs, seconds } = after;
  const normalMs = Math.min(NORMAL_P99_MS.most, Math.max(NORMAL_P99_MS.least, NORMAL_MAX * percentile([...before.tookMs], 99)));
  const each = fates.length / windows;
  const isGood = Array.from({ length: windows }, (_, n) => {
    const [from, to] = [Math.floor(n * each), Math.floor((n + 1) * each)];
    return fates.slice(from, to).every((fate) => fate === 'accepted') && (from === to || percentile([...tookMs.slice(from, to)], 99) <= normalMs);
  });
  const first = isGood.findIndex((_, n) => n + GOOD_IN_A_ROW <= windows && isGood.slice(n, n + GOOD_IN_A_ROW).every(Boolean));
  return ((first < 0 ? windows + 1 : first + 1) * seconds) / windows;
}

/** The middle of the last third, and of the third before: in the first a heap grows to what so much work needs. */
export function lastThirds(looks: readonly number[]): { readonly last: number; readonly before: number } {
  const third = Math.max(1, Math.floor(looks.length / 3));
  return { last: median(looks.slice(-third)), before: median(looks.length < 2 ? looks : looks.slice(-2 * third, -third)) };
}
