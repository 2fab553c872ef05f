// The faults of this adapter. `retriable` tells the one loop that decides whether trying again can help.

/** Redis did not do what was asked. Messages and causes hold nothing secret of the address. */
export class RedisError extends Error {
  override readonly name: string = 'RedisError';

  constructor(what: string, readonly retriable: boolean, cause?: unknown) {
    super(what, cause === undefined ? {} : { cause });
  }
}

/** More reads or writes wait than may. This one was not sent. */
export class BusyError extends RedisError {
  override readonly name = 'BusyError';

  constructor(why: string) {
    super(`busy: ${why}; try again later`, true);
  }
}

/** Rows that were written before this checkpoint may be gone, so it was not written. Begin again at the checkpoint that is left. */
export class RowsLostError extends RedisError {
  override readonly name = 'RowsLostError';

  constructor(view: string, generation: number) {
    super(`${view}, generation ${generation}: Redis has lost or dropped rows since they were written, so their checkpoint was not; begin again at the one that is left`, true);
  }
}

// Answers of the server that say "not now"; every other answer that is an error would be the same again.
const PASSING: ReadonlySet<string> = new Set([
  ...['ASK', 'BUSY', 'CLUSTERDOWN', 'LOADING', 'MASTERDOWN', 'MISCONF', 'MOVED', 'NOREPLICAS', 'NOSCRIPT', 'OOM', 'READONLY', 'TRYAGAIN', 'UNBLOCKED'],
]);
const ADVICE: Readonly<Record<string, string>> = {
  OOM: 'its memory is full; raise maxmemory, or rebuild with fewer views',
  MISCONF: 'it cannot save to its disk and refuses writes',
  READONLY: 'it is a replica now and takes no writes',
};

/** The error as the outside may see it. Those of the client carry the command with its arguments, so only the cleaned text goes on. */
export function faultOf(what: string, error: unknown, hide: (text: string) => string): RedisError {
  if (error instanceof RedisError) return error;
  const message = hide(error instanceof Error ? error.message : String(error));
  const said = error instanceof Error && error.name === 'ReplyError';
  const code = said ? (/^[A-Z]+/.exec(message)?.[0] ?? '') : '';
  // Inside a script the server's own code may come later in the text.
  const passing = !said || PASSING.has(code) || message.includes('OOM command not allowed');
  const advice = ADVICE[message.includes('OOM command not allowed') ? 'OOM' : code];
  return new RedisError(`${what}: ${advice === undefined ? message : `${advice} (${message})`}`, passing, new Error(message));
}
