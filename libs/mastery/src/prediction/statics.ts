// What other learners' answers say of an item beside its difficulty. Fixed once fitted.
import type { AnswerLog } from '../answer-log.js';

export interface Statics {
  /** Share of right answers, 0..1; and of answers that came after a right one. */
  readonly rightShare: number;
  readonly afterRightShare: number;
  /** Mean of ln(1 + how many answers the learner had given before). */
  readonly position: number;
  /** Right answers, by number of item and of combination. */
  readonly itemRight: Int32Array;
  readonly combinationRight: Int32Array;
  /** The means by item, drawn to the mean of all by `DRAWN_ROWS` rows. */
  readonly itemAfterRight: Float64Array;
  readonly itemPosition: Float64Array;
}

/** Rows at the mean that every item, and every combination, has beside its own. */
export const DRAWN_ROWS = 5;
export const COMBINATION_DRAWN_ROWS = 20;
/** Of a log without rows. */
const SHARE_PRIOR = 0.65;

export function fitStatics({ vocabulary, starts, item, combination, right }: AnswerLog, learners: readonly number[]): Statics {
  const items = vocabulary.items.length;
  const itemRight = new Int32Array(items);
  const combinationRight = new Int32Array(vocabulary.combinations.length);
  const afterRight = new Drawn(items);
  const positions = new Drawn(items);
  let rows = 0;
  let rightRows = 0;
  for (const learner of learners) {
    const from = starts[learner] ?? 0;
    for (let row = from; row < (starts[learner + 1] ?? 0); row++) {
      const number = item[row] ?? -1;
      const one = right[row] ?? 0;
      rows++;
      rightRows += one;
      if (number >= 0) itemRight[number] = (itemRight[number] ?? 0) + one;
      const skills = combination[row] ?? -1;
      if (skills >= 0) combinationRight[skills] = (combinationRight[skills] ?? 0) + one;
      positions.add(number, Math.log(1 + row - from));
      if (row > from) afterRight.add(number, right[row - 1] ?? 0);
    }
  }
  const rightShare = rows === 0 ? SHARE_PRIOR : rightRows / rows;
  const afterRightShare = afterRight.mean(SHARE_PRIOR);
  const position = positions.mean(0);
  return {
    rightShare,
    afterRightShare,
    position,
    itemRight,
    combinationRight,
    itemAfterRight: afterRight.means(afterRightShare),
    itemPosition: positions.means(position),
  };
}

/** Means by item. */
class Drawn {
  private readonly sums: Float64Array;
  private readonly counts: Float64Array;
  private sum = 0;
  private count = 0;

  constructor(items: number) {
    this.sums = new Float64Array(items);
    this.counts = new Float64Array(items);
  }

  add(item: number, value: number): void {
    this.sum += value;
    this.count++;
    if (item < 0) return;
    this.sums[item] = (this.sums[item] ?? 0) + value;
    this.counts[item] = (this.counts[item] ?? 0) + 1;
  }

  mean(ifNone: number): number {
    return this.count === 0 ? ifNone : this.sum / this.count;
  }

  means(mean: number): Float64Array {
    return this.sums.map((sum, item) => (sum + DRAWN_ROWS * mean) / ((this.counts[item] ?? 0) + DRAWN_ROWS));
  }
}
