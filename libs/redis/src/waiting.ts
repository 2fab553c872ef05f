// Waiting with an end: an answer with a deadline, and a gate that lets a few through at a time.
import { BusyError } from './errors.js';

/** The answer, or the error that `late` makes once it has taken too long. What comes later is dropped. */
export async function within<T>(answer: Promise<T>, ms: number, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      answer,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(late()), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

export class Gate {
  private inside = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly options: { readonly what: string; readonly parallelMax: number; readonly waitingMax: number }) {}

  /** Resolves in the order of the calls, once there is room. Whoever came in leaves again. */
  async enter(): Promise<void> {
    const { what, parallelMax, waitingMax } = this.options;
    if (this.inside < parallelMax) {
      this.inside++;
      return;
    }
    if (this.waiting.length >= waitingMax) throw new BusyError(`${this.waiting.length} ${what} wait already`);
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  leave(): void {
    const next = this.waiting.shift();
    // Its place is handed over.
    if (next === undefined) this.inside--;
    else next();
  }
}
