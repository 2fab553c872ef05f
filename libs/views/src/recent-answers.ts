// What a learner answered last, and which recommendations that answered.

export interface RecentAnswer {
  /** `hash48` of the item. */
  readonly item: number;
  /** `hash48` of the recommendation it answers, 0 for none. */
  readonly recommendation: number;
}

export const RECENT_MAX = 20;

/** The newest last. The fold changes it in place. */
export class RecentAnswers implements Iterable<RecentAnswer> {
  /** Two for each answer: objects would lie all over memory, and answers of learners who take turns would wait for each of them. */
  private readonly numbers: number[] = [];

  get length(): number {
    return this.numbers.length / 2;
  }

  /** A full list forgets the oldest. */
  push({ item, recommendation }: RecentAnswer): void {
    const { numbers } = this;
    if (numbers.length < 2 * RECENT_MAX) {
      numbers.push(item, recommendation);
      return;
    }
    for (let n = 2; n < 2 * RECENT_MAX; n++) numbers[n - 2] = numbers[n] as number;
    numbers[2 * RECENT_MAX - 2] = item;
    numbers[2 * RECENT_MAX - 1] = recommendation;
  }

  /** Whether one of them is of this item. */
  tried(item: number): boolean {
    return this.has(item, 0);
  }

  /** Whether one of them answers this recommendation. */
  answered(recommendation: number): boolean {
    return this.has(recommendation, 1);
  }

  /** Two numbers for each answer, as rows keep them. */
  stored(): readonly number[] {
    return this.numbers;
  }

  *[Symbol.iterator](): Generator<RecentAnswer, void> {
    const { numbers } = this;
    for (let n = 0; n < numbers.length; n += 2) yield { item: numbers[n] as number, recommendation: numbers[n + 1] as number };
  }

  private has(number: number, from: 0 | 1): boolean {
    const { numbers } = this;
    for (let n = from; n < numbers.length; n += 2) if (numbers[n] === number) return true;
    return false;
  }
}
