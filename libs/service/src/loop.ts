// Time and turns of the event loop, as the gate needs them; specs bring their own.

export interface Loop {
  /** Milliseconds of any clock that does not jump. */
  now(): number;
  /** Calls back once the loop has handled what is ready, in order. */
  afterTurn(callback: () => void): void;
  /** Calls back once, after at least so long. */
  after(ms: number, callback: () => void): void;
}

export const NODE_LOOP: Loop = {
  now: () => performance.now(),
  afterTurn: (callback) => {
    setImmediate(callback);
  },
  // Nobody in line keeps a process alive; their connections do.
  after: (ms, callback) => {
    setTimeout(callback, ms).unref();
  },
};
