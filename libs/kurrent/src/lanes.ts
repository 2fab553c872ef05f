// One append at a time for each stream of this process, in the order in which they were asked for; other streams do not wait.
import type { StreamName } from '@trellis/event-sourcing';
import { BusyError } from './errors.js';

export class Lanes {
  private readonly ends = new Map<StreamName, Promise<void>>();
  private waiting = 0;

  constructor(private readonly waitingMax: number) {}

  /** Runs the work once all earlier work on any of the streams is over. All of them are taken in one step, so none waits in a circle. */
  async hold<T>(streams: readonly StreamName[], work: () => Promise<T>): Promise<T> {
    if (this.waiting >= this.waitingMax) throw new BusyError(`${this.waiting} appends wait already`);
    const before = streams.flatMap((stream) => this.ends.get(stream) ?? []);
    let end!: () => void;
    const over = new Promise<void>((resolve) => (end = resolve));
    for (const stream of streams) this.ends.set(stream, over);
    this.waiting++;
    try {
      await Promise.all(before);
    } finally {
      this.waiting--;
    }
    try {
      return await work();
    } finally {
      for (const stream of streams) if (this.ends.get(stream) === over) this.ends.delete(stream);
      end();
    }
  }
}
