import { ofLearners } from '../answer-log.js';
import { DEFAULT_CALIBRATION } from '../calibration.js';
import { randomLog } from '../testing/random-log.js';
import { fitDifficulties } from './difficulties.js';
import { KEYS_MAX, newKeyNumbers, numberFor, numberOf } from './key-numbers.js';
import { newRunningState, observeAnswer, skillsOf, newRunningSkill, type Ground } from './running-state.js';
import { COMBINATION_WINDOW_AT, isWindowKey, ITEM_WINDOW_AT, KEYS_WIDTH, NO_KEY, transitionKeys } from './transition-keys.js';
import { newSums, numberRows, sumTransitions, tablesOf, transitionsOf, withKeys } from './transition-tables.js';

const log = randomLog({ seed: 4, learners: 12, answers: 60, items: 25 });
const ground: Ground = { combinations: log.vocabulary.combinations, ability: DEFAULT_CALIBRATION.ability, difficulties: fitDifficulties(ofLearners(log, [])) };
const everybody = log.learners.map((_, learner) => learner);

describe('numbering keys', () => {
  it('gives each its number, in the order in which they came, and again when asked', () => {
    const numbers = newKeyNumbers();
    const keys = Array.from({ length: 5_000 }, (_, n) => n * 2 ** 39 + 7 * n);
    expect(keys.map((key) => numberFor(numbers, key))).toEqual(keys.map((_, n) => n));
    expect(keys.map((key) => numberFor(numbers, key))).toEqual(keys.map((_, n) => n));
    const again = newKeyNumbers(numbers.keys.slice(0, numbers.size));
    expect(keys.map((key) => numberOf(again, key))).toEqual(keys.map((_, n) => n));
    expect(numberOf(numbers, 5)).toBe(-1);
  });

  it('numbers no more than it may hold', () => {
    const full = { ...newKeyNumbers(Float64Array.of(3, 4)), size: KEYS_MAX };
    expect(numberFor(full, 99)).toBe(-1);
    expect(numberFor(full, 4)).toBe(1);
  });
});

describe('the keys of a question', () => {
  it('are few before the first answer', () => {
    const keys = keysAfter([]);
    expect(Array.from(keys, (key) => key !== NO_KEY).slice(0, ITEM_WINDOW_AT)).toEqual([false, true, true, true, true, false, false, false]);
    expect(keys.subarray(ITEM_WINDOW_AT).every((key) => key === NO_KEY)).toBe(true);
  });

  it('tell right answers from wrong ones', () => {
    const right = keysAfter([[3, 1]]);
    const wrong = keysAfter([[3, 0]]);
    // skpy, skpair2, item_py, item_sl (item 8 has the skill of item 3), pairy; then one of each window. itemfirst and pair do not.
    const differ = Array.from(right, (key, n) => (key === wrong[n] ? [] : [n])).flat();
    expect(differ).toEqual([0, 1, 2, 3, 6, ITEM_WINDOW_AT, COMBINATION_WINDOW_AT]);
  });

  it('are of windows as far as 20 answers back, one table for all lags', () => {
    const keys = keysAfter(Array.from({ length: 30 }, (): [number, number] => [3, 1]));
    const window = keys.subarray(ITEM_WINDOW_AT, COMBINATION_WINDOW_AT);
    expect(window.length).toBe(20);
    expect(new Set(window).size).toBe(1);
    expect(isWindowKey(window[0] ?? 0)).toBe(true);
    expect(isWindowKey(keys[0] ?? 0)).toBe(false);
  });

  it('leave out what hangs on an item where there is none', () => {
    const keys = keysAfter([[-1, 1], [3, 1]], -1);
    expect(Array.from(keys.subarray(2, 8))).toEqual([NO_KEY, NO_KEY, NO_KEY, NO_KEY, NO_KEY, NO_KEY]);
    expect(keysAfter([[3, 1], [-1, 1]]).subarray(ITEM_WINDOW_AT)[0]).toBe(NO_KEY);
  });
});

describe('summing transitions', () => {
  const numbered = numberRows(log, ground);
  const sums = newSums(numbered, 1);

  it('sums by key what the rows of the learners named fell short of or exceeded', () => {
    sumTransitions(log, [2, 5], ground, numbered, sums);
    // Each row with a learner's first answer behind it has one "previous combination" key.
    const ofFirstKind = tablesOf(numbered, sums).keys.filter((key) => key % 16 === 0);
    expect(ofFirstKind.length).toBeGreaterThan(0);
    expect(seenOf(tablesOf(numbered, sums), (key) => key % 16 === 0)).toBe(2 * 59);
    expect(seenOf(tablesOf(numbered, sums), (key) => key % 16 === 8)).toBe(2 * (40 * 20 + 190));
  });

  it('gives by hand what one learner gives in two answers', () => {
    const two = { ...ofLearners(log, [0]), starts: Int32Array.of(0, 2), item: Int32Array.of(0, 5), combination: Int32Array.of(0, 0), right: Uint8Array.of(1, 0) };
    const own = numberRows(two, ground);
    const table = newSums(own, 1);
    sumTransitions(two, [0], ground, own, table);
    const pair = tablesOf(own, table);
    const at = pair.keys.findIndex((key) => key % 16 === 5);
    // First answer: p = .65, g = .35, w = .2275. v = .705 / (1 + .705 * .2275) = .6075555...; the skill's .51 / (1 + .51 * .2275) = .4569790...
    // Their means .2126444... and .1599426... (single precision), so p = logistic(.6190392... + .3725871...) = .7294090...
    expect(pair.surprise[at]).toBeCloseTo(-0.729409, 6);
    expect(pair.variance[at]).toBeCloseTo(0.729409 * 0.270591, 6);
    expect(pair.seen[at]).toBe(1);
  });

  it('starts anew each time', () => {
    sumTransitions(log, [2], ground, numbered, sums);
    const once = tablesOf(numbered, sums);
    sumTransitions(log, [2], ground, numbered, sums);
    expect([...tablesOf(numbered, sums).surprise].join()).toBe([...once.surprise].join());
  });

  it('drops windows seen less often than asked, and nothing else', () => {
    sumTransitions(log, everybody, ground, numbered, sums);
    const all = tablesOf(numbered, sums);
    const twice = tablesOf(numbered, { ...sums, seenAtLeast: 2 });
    const dropped = withKeys(all, (key, seen) => isWindowKey(key) && seen === 1);
    expect(twice.keys.length).toBe(all.keys.length - dropped.keys.length);
    expect(dropped.keys.length).toBeGreaterThan(0);
  });

  it('finds every key again in the tables', () => {
    sumTransitions(log, everybody, ground, numbered, sums);
    const tables = tablesOf(numbered, sums);
    const { numbers } = transitionsOf(tables);
    expect(tables.keys.findIndex((key, n) => numberOf(numbers, key) !== n)).toBe(-1);
  });
});

function keysAfter(history: readonly (readonly [item: number, right: number])[], item = 8): Float64Array {
  const state = newRunningState(ground);
  for (const [before, right] of history) observeAnswer(state, ground, { item: before, combination: 3 }, right);
  const out = new Float64Array(KEYS_WIDTH);
  transitionKeys(state, { item, combination: 3 }, skillsOf(state, ground, 3, newRunningSkill(ground), []), out);
  return out;
}

function seenOf({ keys, seen }: { readonly keys: Float64Array; readonly seen: Int32Array }, passes: (key: number) => boolean): number {
  return keys.reduce((sum, key, n) => sum + (passes(key) ? (seen[n] ?? 0) : 0), 0);
}
