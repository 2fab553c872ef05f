// Whether those who did a thing are the abler ones: the correlation of a yes or no with ability (point-biserial), how far off it
// may be, and how likely it is by chance.
import { Z_95 } from '../judging/reliability.js';

export interface Estimated {
  readonly value: number;
  /** 95 % interval. */
  readonly low: number;
  readonly high: number;
}

/** The interval is by Fisher's (1915) transformation. */
export interface Correlation extends Estimated {
  /** Learners it was measured on, and those of them who did the thing. */
  readonly learners: number;
  readonly yes: number;
}

/** Fewer learners, or fewer who did it or did not, and the interval of a correlation means nothing. */
export const CORRELATION_LEARNERS_MIN = 20;
export const CORRELATION_EACH_MIN = 5;

/** Over rows of `did` (1 or 0) and `ability`; null where it cannot be measured. */
export function correlationOf(rows: Int32Array, did: Uint8Array, ability: Float64Array): Correlation | null {
  const n = rows.length;
  let yes = 0;
  let sum = 0;
  for (const row of rows) {
    yes += did[row] as number;
    sum += ability[row] as number;
  }
  if (n < CORRELATION_LEARNERS_MIN || Math.min(yes, n - yes) < CORRELATION_EACH_MIN) return null;
  const mean = sum / n;
  const share = yes / n;
  let squares = 0;
  let products = 0;
  for (const row of rows) {
    const off = (ability[row] as number) - mean;
    squares += off * off;
    products += off * ((did[row] as number) - share);
  }
  if (squares < Number.EPSILON * n) return null;
  const value = products / Math.sqrt(squares * n * share * (1 - share));
  const half = Z_95 / Math.sqrt(n - 3);
  const z = Math.atanh(value);
  return { value, low: Math.tanh(z - half), high: Math.tanh(z + half), learners: n, yes };
}

/** P(a correlation so low) among so many learners where ability and the thing have nothing to do with each other. */
export function chanceOfLower({ value, learners }: Pick<Correlation, 'value' | 'learners'>): number {
  return normalShare(Math.atanh(value) * Math.sqrt(learners - 3));
}

/** How many of the ascending chances may be taken for more than chance, at most the share `rate` of them wrongly (Benjamini & Hochberg, 1995). */
export function rejected(chances: readonly number[], rate: number): number {
  return chances.findLastIndex((chance, n) => chance <= (rate * (n + 1)) / chances.length) + 1;
}

/** Share of a standard normal below z, to a relative error of 1.2e-7, however small it is (Press et al., 1992, "Numerical recipes", 6.2). */
function normalShare(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const series = TAIL.reduceRight((sum, factor) => sum * t + factor, 0);
  const tail = (t * Math.exp(-x * x + series)) / 2;
  return z < 0 ? tail : 1 - tail;
}

const TAIL = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
