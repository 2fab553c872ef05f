// Items that behave badly, named with the evidence. A name here is a reason to look at an item, not a verdict on it.
import { REST_ANSWERS_MIN, type Discrimination, type ItemStatistics } from './statistics.js';

export type BadItemKind = 'discriminates-backwards' | 'key-likely-wrong' | 'nobody-passes' | 'everybody-passes';

export interface BadItem {
  /** Number in the vocabulary. */
  readonly item: number;
  /**
   * - `discriminates-backwards`: the weaker the learner, the likelier they pass.
   * - `key-likely-wrong`: so, and most learners fail: the right answer may be marked wrong.
   * - `nobody-passes`, `everybody-passes`: it tells learners apart hardly or not at all.
   */
  readonly kind: BadItemKind;
  /** A sentence with the numbers. */
  readonly detail: string;
}

export interface BadItems {
  /** The strongest evidence first within a kind; kinds in the order of `BadItemKind`, wrong keys before all. */
  readonly found: readonly BadItem[];
  /** Items whose discrimination was tested. */
  readonly tested: number;
}

/** Of the items named for negative discrimination, at most this share is expected to be named by chance (Benjamini & Hochberg, 1995). */
export const FALSE_DISCOVERY_RATE = 0.05;
/** The whole interval of the pass rate must lie beyond. */
export const NOBODY_PASS_RATE = 0.05;
export const EVERYBODY_PASS_RATE = 0.97;
export const KEY_PASS_RATE_MAX = 0.5;
/** Learners who answered, before anything is said of a pass rate. */
export const PASS_RATE_ANSWERS_MIN = 50;

export function badItems(statistics: readonly ItemStatistics[]): BadItems {
  const tested = statistics.flatMap((one) => (one.discrimination === null ? [] : [{ ...one, discrimination: one.discrimination, chance: chanceOf(one.discrimination) }]));
  tested.sort((one, other) => one.chance - other.chance || one.item - other.item);
  const backwards = tested.slice(0, rejected(tested.map(({ chance }) => chance)));
  const [keys, others] = [backwards.filter(hasWrongKey), backwards.filter((one) => !hasWrongKey(one))];
  return {
    tested: tested.length,
    found: [
      ...keys.map((one): BadItem => ({ item: one.item, kind: 'key-likely-wrong', detail: `${correlation(one.discrimination)}; only ${share(one.passRate.value)} pass: the key may be wrong` })),
      ...others.map((one): BadItem => ({ item: one.item, kind: 'discriminates-backwards', detail: correlation(one.discrimination) })),
      ...atTheEnd(statistics, 'nobody-passes', ({ passRate }) => passRate.high < NOBODY_PASS_RATE),
      ...atTheEnd(statistics, 'everybody-passes', ({ passRate }) => passRate.low > EVERYBODY_PASS_RATE),
    ],
  };
}

interface Tested extends ItemStatistics {
  readonly discrimination: Discrimination;
}

function hasWrongKey({ passRate, discrimination: { strongest, weakest } }: Tested): boolean {
  return passRate.high < KEY_PASS_RATE_MAX && strongest.passRate < weakest.passRate;
}

function correlation({ value, low, high, learners, strongest, weakest }: Discrimination): string {
  const thirds = `the strongest third passes in ${share(strongest.passRate)}, the weakest in ${share(weakest.passRate)}`;
  return `passing correlates ${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}) with ability on other items, over ${learners} learners with ${REST_ANSWERS_MIN} or more of them; ${thirds}`;
}

function atTheEnd(statistics: readonly ItemStatistics[], kind: BadItemKind, isThere: (one: ItemStatistics) => boolean): readonly BadItem[] {
  return statistics
    .filter((one) => one.answers >= PASS_RATE_ANSWERS_MIN && isThere(one))
    .sort((one, other) => other.answers - one.answers || one.item - other.item)
    .map(({ item, answers, passRate: { value, low, high } }) => ({
      item,
      kind,
      detail: `${Math.round(value * answers)} of ${answers} learners pass at their first answer, ${share(value)} (${share(low)} to ${share(high)})`,
    }));
}

function share(value: number): string {
  return `${(100 * value).toFixed(1)} %`;
}

/** P(a correlation so low) where ability says nothing about passing: one-sided, since a positive one is as it should be. */
function chanceOf({ value, learners }: Discrimination): number {
  return normalShare(Math.atanh(value) * Math.sqrt(learners - 3));
}

/** How many of the ascending chances Benjamini & Hochberg's procedure takes. */
function rejected(chances: readonly number[]): number {
  const last = chances.findLastIndex((chance, n) => chance <= (FALSE_DISCOVERY_RATE * (n + 1)) / chances.length);
  return last + 1;
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
