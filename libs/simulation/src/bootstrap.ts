// How far figures would move with other students: whole students are drawn anew with replacement (Efron & Tibshirani, 1993, "An
// Introduction to the Bootstrap"). Every policy is judged on the same draws, which is what makes a difference of a hundredth visible.
import { seeded } from '@trellis/mastery';

/** A pooled share: by student, what the sums above and below the line are made of. */
export interface Ratio {
  readonly above: Float64Array;
  readonly below: Float64Array;
}

export interface Estimate {
  readonly value: number;
  /** 95 %, by percentiles. */
  readonly low: number;
  readonly high: number;
}

export interface Difference extends Estimate {
  /** One-sided: how likely a lead at least as large is if there is none. Never 0: draws are finite. */
  readonly p: number;
}

export interface BootstrapOptions {
  readonly seed: number;
  readonly resamples: number;
}

export const RESAMPLES = 4_000;
export const RESAMPLES_MAX = 100_000;
/** Policies of one comparison. */
export const RATIOS_MAX = 200;

/** By ratio: its value in each draw. All ratios are of the same students, in the same order. */
export function resampled(ratios: readonly Ratio[], { seed, resamples }: BootstrapOptions): readonly Float64Array[] {
  if (!(Number.isInteger(resamples) && resamples >= 2 && resamples <= RESAMPLES_MAX)) throw new Error(`resamples: ${resamples} is not a whole number from 2 to ${RESAMPLES_MAX}`);
  if (ratios.length > RATIOS_MAX) throw new Error(`ratios: ${ratios.length} are more than ${RATIOS_MAX}`);
  const students = ratios[0]?.above.length ?? 0;
  for (const { above, below } of ratios) {
    if (above.length !== students || below.length !== students) throw new Error(`students: ${above.length} and ${below.length} stand beside ${students}`);
  }
  const values = ratios.map(() => new Float64Array(resamples));
  const random = seeded(seed);
  const times = new Uint16Array(students);
  for (let n = 0; n < resamples; n++) {
    draw(times, random);
    for (let one = 0; one < ratios.length; one++) (values[one] as Float64Array)[n] = weighted(ratios[one] as Ratio, times);
  }
  return values;
}

/** The share of all students together. NaN without any room. */
export function pooled({ above, below }: Ratio): number {
  return sum(above) / sum(below);
}

export function estimate(ratio: Ratio, draws: Float64Array): Estimate {
  return percentiles(pooled(ratio), draws);
}

/** How far `a` leads `b`; both with their values in the same draws. */
export function difference(a: Ratio, b: Ratio, drawsOfA: Float64Array, drawsOfB: Float64Array): Difference {
  if (drawsOfA.length !== drawsOfB.length) throw new Error(`draws: ${drawsOfA.length} stand beside ${drawsOfB.length}`);
  const leads = drawsOfA.map((value, n) => value - (drawsOfB[n] as number)).filter((lead) => !Number.isNaN(lead));
  let against = 0;
  for (const lead of leads) if (lead <= 0) against++;
  return { ...percentiles(pooled(a) - pooled(b), leads), p: (against + 1) / (leads.length + 1) };
}

/** In how many groups of students, in their order, `a` comes out above `b`; a last group that is not full does not count. */
export function groupsWon(a: Ratio, b: Ratio, groupSize: number): { readonly won: number; readonly groups: number } {
  const groups = Math.floor(a.above.length / groupSize);
  let won = 0;
  for (let group = 0; group < groups; group++) {
    const part = ({ above, below }: Ratio): number => sum(above.subarray(group * groupSize, (group + 1) * groupSize)) / sum(below.subarray(group * groupSize, (group + 1) * groupSize));
    if (part(a) > part(b)) won++;
  }
  return { won, groups };
}

/** How many times each student is drawn, in as many draws as there are students. */
function draw(times: Uint16Array, random: () => number): void {
  times.fill(0);
  const students = times.length;
  for (let n = 0; n < students; n++) {
    const student = (random() * students) | 0;
    times[student] = (times[student] as number) + 1;
  }
}

function weighted({ above, below }: Ratio, times: Uint16Array): number {
  let over = 0;
  let under = 0;
  for (let student = 0; student < times.length; student++) {
    const drawn = times[student] as number;
    over += drawn * (above[student] as number);
    under += drawn * (below[student] as number);
  }
  return over / under;
}

function percentiles(value: number, draws: Float64Array): Estimate {
  const sorted = draws.filter((one) => !Number.isNaN(one)).sort();
  return { value, low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) };
}

/** Between the two nearest, as R's default (type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = sorted[Math.floor(place)] ?? NaN;
  const above = sorted[Math.ceil(place)] ?? NaN;
  return below + (above - below) * (place - Math.floor(place));
}

function sum(values: Float64Array): number {
  let all = 0;
  for (const value of values) all += value;
  return all;
}
