// Waiting for one of two things, one of which stays while the other comes again and again. `Promise.race` would leave each of the
// results in the promise that stays: pages of events would be kept in memory until it resolves.

export class Due {
  isSet = false;
  private isOver = false;
  private wake: (() => void) | null = null;

  /** Is due when this resolves. */
  after(time: Promise<unknown>): void {
    this.isSet = true;
    // Who gives the time does not fail: a pause that is cut short resolves.
    void time.then(() => {
      this.isOver = true;
      this.wake?.();
    });
  }

  /** What comes first; `'due'` is answered once. */
  async or<Result>(next: Promise<Result>): Promise<Result | 'due'> {
    if (!this.isSet) return next;
    const result = this.isOver ? 'due' : await this.first(next);
    if (result === 'due') this.isSet = this.isOver = false;
    return result;
  }

  private first<Result>(next: Promise<Result>): Promise<Result | 'due'> {
    return new Promise((resolve, reject) => {
      const wake = (): void => resolve('due');
      this.wake = wake;
      void next.then(resolve, reject).then(() => {
        if (this.wake === wake) this.wake = null;
      });
    });
  }
}
