// Items that behave badly, named with the evidence. A name here is a reason to look at an item, not a verdict on it.
import { chanceOfLower, rejected, type Estimated } from './correlation.js';
import type { ResponseCorrelation } from './preferred-responses.js';
import { REST_ANSWERS_MIN, type Discrimination, type ItemStatistics } from './statistics.js';

export type BadItemKind = 'discriminates-backwards' | 'key-likely-wrong' | 'nobody-passes' | 'everybody-passes';

export interface BadItem {
  /** Number in the vocabulary. */
  readonly item: number;
  /**
   * - `discriminates-backwards`: the weaker the learner, the likelier they pass.
   * - `key-likely-wrong`: so, and most learners fail: the right answer may be marked wrong. Or, where responses are known: the able
   *   give another response than the key's.
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
  /** Items with too few answers to say anything of. */
  readonly tooFew: number;
}

/** Of what is named for negative discrimination or for another response, at most this share is expected to be named by chance (Benjamini & Hochberg, 1995). */
export const FALSE_DISCOVERY_RATE = 0.05;
/** The whole interval of the pass rate must lie beyond. */
export const NOBODY_PASS_RATE = 0.05;
export const EVERYBODY_PASS_RATE = 0.97;
export const KEY_PASS_RATE_MAX = 0.5;
/** Learners who answered, before anything is said of a pass rate. */
export const PASS_RATE_ANSWERS_MIN = 50;
const RESPONSE_CHARS_MAX = 40;

/** `responses`: where it is known what was answered. All tests count together towards the rate. */
export function badItems(statistics: readonly ItemStatistics[], responses: readonly ResponseCorrelation[] = []): BadItems {
  const tested = statistics.flatMap((one): Tested[] => (one.discrimination === null ? [] : [{ ...one, discrimination: one.discrimination }]));
  const suspects: Suspect[] = [
    ...tested.map((backwards) => ({ item: backwards.item, chance: chanceOfLower(backwards.discrimination), backwards })),
    ...responses.map((response) => ({ item: response.item, chance: chanceOfLower({ ...response, value: -response.value }), response })),
  ];
  suspects.sort((one, other) => one.chance - other.chance || one.item - other.item);
  const named = suspects.slice(0, rejected(suspects.map(({ chance }) => chance), FALSE_DISCOVERY_RATE));
  const keys: BadItem[] = [];
  const others: BadItem[] = [];
  // A map keeps the order, so the strongest evidence stays first.
  for (const [item, evidence] of Map.groupBy(named, (one) => one.item)) {
    const backwards = evidence.find((one) => one.backwards !== undefined)?.backwards;
    const response = evidence.find((one) => one.response !== undefined)?.response;
    if (response !== undefined) keys.push({ item, kind: 'key-likely-wrong', detail: preference(response) });
    else if (backwards !== undefined && hasWrongKey(backwards)) keys.push({ item, kind: 'key-likely-wrong', detail: `${correlation(backwards.discrimination)}; only ${share(backwards.passRate.value)} pass: the key may be wrong` });
    else if (backwards !== undefined) others.push({ item, kind: 'discriminates-backwards', detail: correlation(backwards.discrimination) });
  }
  const rest = statistics.filter(({ item }) => named.every((one) => one.item !== item));
  return {
    tested: tested.length,
    tooFew: statistics.filter(({ discrimination, answers }) => discrimination === null && answers < PASS_RATE_ANSWERS_MIN).length,
    found: [
      ...keys,
      ...others,
      ...atTheEnd(rest, 'nobody-passes', ({ passRate }) => passRate.high < NOBODY_PASS_RATE),
      ...atTheEnd(rest, 'everybody-passes', ({ passRate }) => passRate.low > EVERYBODY_PASS_RATE),
    ],
  };
}

interface Suspect {
  readonly item: number;
  readonly chance: number;
  readonly backwards?: Tested;
  readonly response?: ResponseCorrelation;
}

interface Tested extends ItemStatistics {
  readonly discrimination: Discrimination;
}

function hasWrongKey({ passRate, discrimination: { strongest, weakest } }: Tested): boolean {
  return passRate.high < KEY_PASS_RATE_MAX && strongest.passRate < weakest.passRate;
}

function preference({ response, value, low, high, learners, yes }: ResponseCorrelation): string {
  return `of ${learners} learners who were right or answered ${quoted(response)}, the abler answered ${quoted(response)} (${yes} did): a correlation of ${interval({ value, low, high })} with ability on other items; the key may be wrong`;
}

/** On one line, and short: it is what a learner wrote. */
function quoted(response: string): string {
  const characters = [...response];
  return JSON.stringify(characters.length > RESPONSE_CHARS_MAX ? `${characters.slice(0, RESPONSE_CHARS_MAX).join('')}…` : response);
}

function interval({ value, low, high }: Estimated): string {
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

function correlation({ value, low, high, learners, strongest, weakest }: Discrimination): string {
  const thirds = `the strongest third passes in ${share(strongest.passRate)}, the weakest in ${share(weakest.passRate)}`;
  return `passing correlates ${interval({ value, low, high })} with ability on other items, over ${learners} learners with ${REST_ANSWERS_MIN} or more of them; ${thirds}`;
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
