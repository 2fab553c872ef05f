// What just happened, as numbers to look up: which answers on which items and skills stand before the one to predict.
import { RING, type Asked, type RunningSkill, type RunningState } from './running-state.js';

/** Keys of which a question has one each. */
export const SINGLE_KEYS = ['skpy', 'skpair2', 'item_py', 'item_sl', 'itemfirst', 'pair', 'pairy', 'pair2y'] as const;
/** After the single keys, one key for each of the last `RING` answers: by item, then by combination. */
export const ITEM_WINDOW_AT = SINGLE_KEYS.length;
export const COMBINATION_WINDOW_AT = ITEM_WINDOW_AT + RING;
export const KEYS_WIDTH = COMBINATION_WINDOW_AT + RING;
/** A question that lacks what a key is made of has this in its place. */
export const NO_KEY = -1;

/** Items and combinations from this number on have no keys. Two such numbers, `SMALL` and `KINDS` fill 52 bits. */
const NUMBERS_MAX = 2 ** 22;
const SMALL = 9;
const KINDS = 16;
const ITEM_WINDOW = SINGLE_KEYS.length;
const COMBINATION_WINDOW = ITEM_WINDOW + 1;

/** Whether the key is of a window: there are many, and most are seen once. */
export function isWindowKey(key: number): boolean {
  return key % KINDS >= ITEM_WINDOW;
}

export function isKeyOf(key: number, name: (typeof SINGLE_KEYS)[number]): boolean {
  return key % KINDS === SINGLE_KEYS.indexOf(name);
}

/** Writes `KEYS_WIDTH` keys into `out`. `skills` are the learner's on the skills asked. */
export function transitionKeys(state: RunningState, { item, combination }: Asked, skills: readonly RunningSkill[], out: Float64Array): void {
  const { answers, ringItem, ringCombination, ringRight } = state;
  const last = (answers + RING - 1) % RING;
  const before = (answers + RING - 2) % RING;
  const lastItem = answers > 0 ? (ringItem[last] as number) : -1;
  const beforeItem = answers > 1 ? (ringItem[before] as number) : -1;
  const right = answers > 0 ? (ringRight[last] as number) : 0;
  // 0 none, 1 wrong, 2 right.
  const lastAnswer = answers > 0 ? right + 1 : 0;
  const beforeAnswer = answers > 1 ? (ringRight[before] as number) + 1 : 0;
  out[0] = answers > 0 ? keyOf(0, ringCombination[last] as number, combination, right) : NO_KEY;
  out[1] = keyOf(1, 0, combination, 3 * beforeAnswer + lastAnswer);
  out[2] = keyOf(2, 0, item, lastAnswer);
  out[3] = keyOf(3, 0, item, 1 + Math.sign(sumOfLast(skills)));
  out[4] = keyOf(4, 0, item, 2 * unseen(skills) > skills.length ? 1 : 0);
  out[5] = keyOf(5, lastItem, item, 0);
  out[6] = keyOf(6, lastItem, item, right);
  out[7] = keyOf(7, beforeItem, item, beforeAnswer === 2 ? 1 : 0);
  for (let back = 0; back < RING; back++) {
    const at = (answers + RING - 1 - back) % RING;
    const there = back < answers;
    out[ITEM_WINDOW_AT + back] = there ? keyOf(ITEM_WINDOW, ringItem[at] as number, item, ringRight[at] as number) : NO_KEY;
    out[COMBINATION_WINDOW_AT + back] = there ? keyOf(COMBINATION_WINDOW, ringCombination[at] as number, combination, ringRight[at] as number) : NO_KEY;
  }
}

function keyOf(kind: number, from: number, to: number, small: number): number {
  if (from < 0 || to < 0 || from >= NUMBERS_MAX || to >= NUMBERS_MAX) return NO_KEY;
  return ((from * NUMBERS_MAX + to) * SMALL + small) * KINDS + kind;
}

function sumOfLast(skills: readonly RunningSkill[]): number {
  let sum = 0;
  for (const { last } of skills) sum += last[0] as number;
  return sum;
}

function unseen(skills: readonly RunningSkill[]): number {
  let count = 0;
  for (const { answers } of skills) if (answers === 0) count++;
  return count;
}
