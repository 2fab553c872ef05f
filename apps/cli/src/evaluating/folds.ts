// Which learners are predicted by models fitted on which others. A learner stands whole on one side.
import { seeded, shuffle } from '@trellis/mastery';

/** By number in the log, ascending. */
export interface Fold {
  readonly train: readonly number[];
  readonly test: readonly number[];
}

export const FOLD_ORDERS = ['id-order', 'seed'] as const;
export type FoldOrder = (typeof FOLD_ORDERS)[number];

/** Every learner is in the test part of one fold: the k-th of the order in fold k modulo `count`. */
export function foldsOf(learners: readonly string[], { count, by, seed }: { readonly count: number; readonly by: FoldOrder; readonly seed: number }): readonly Fold[] {
  const order = by === 'seed' ? shuffled(learners.length, seed) : byId(learners);
  const foldOf = new Int32Array(learners.length);
  for (const [k, learner] of order.entries()) foldOf[learner] = k % count;
  const numbers = learners.map((_, learner) => learner);
  return Array.from({ length: count }, (_, fold) => ({
    train: numbers.filter((learner) => foldOf[learner] !== fold),
    test: numbers.filter((learner) => foldOf[learner] === fold),
  }));
}

/** Numbers by value, if all ids are numbers. */
function byId(learners: readonly string[]): readonly number[] {
  const numeric = learners.every((id) => /^\d{1,15}$/.test(id));
  const before = (a: string, b: string): number => (numeric ? Number(a) - Number(b) : 0) || (a < b ? -1 : a > b ? 1 : 0);
  return learners.map((_, learner) => learner).sort((a, b) => before(learners[a] ?? '', learners[b] ?? ''));
}

/** The numbers below `count`. */
export function shuffled(count: number, seed: number): readonly number[] {
  return shuffle(Array.from({ length: count }, (_, n) => n), seeded(seed));
}
