// Time and turns as ports: what runs soon, what runs later, and what time it is.

export interface Scheduler {
  /** Runs after everything that is ready now, so that calls made together are joined. */
  soon(run: () => void): void;
  /** Runs once after so many milliseconds; the answer cancels it. */
  later(delayMs: number, run: () => void): () => void;
}

export const nodeScheduler: Scheduler = {
  soon: (run) => void setImmediate(run),
  later(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
