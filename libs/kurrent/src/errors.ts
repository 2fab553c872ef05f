// The faults of this adapter. `retriable` tells the one loop that decides whether trying again can help.

/** KurrentDB did not do what was asked. Messages and causes hold nothing secret of the connection string. */
export class KurrentError extends Error {
  override readonly name: string = 'KurrentError';

  constructor(what: string, readonly retriable: boolean, cause?: unknown) {
    super(what, cause === undefined ? {} : { cause });
  }
}

/** The events may be in the stream or not, and KurrentDB could not be asked. Sending them again with their ids is safe. */
export class UnknownOutcomeError extends KurrentError {
  override readonly name = 'UnknownOutcomeError';

  constructor(stream: string, cause: unknown) {
    super(`${stream}: KurrentDB did not say whether the events were written; send them again with the same ids`, true, cause);
  }
}

/** More appends wait than the queue may hold, or others were faster for too long. Nothing of this one was written. */
export class BusyError extends KurrentError {
  override readonly name = 'BusyError';

  constructor(why: string) {
    super(`busy: ${why}; try again later`, true);
  }
}

/** A stream with a name of ours holds an event that was not written by this store. */
export class ForeignEventError extends KurrentError {
  override readonly name = 'ForeignEventError';

  constructor(readonly stream: string, readonly revision: bigint) {
    super(`${stream}@${revision} was not written by this store; give it a namespace of its own if others use such stream names`, false);
  }
}

/** The target of a copy does not hold what the source holds at the same place. */
export class CopyDiffersError extends KurrentError {
  override readonly name = 'CopyDiffersError';

  constructor(readonly position: string, detail: string) {
    super(`the copy differs at position ${position} of the source: ${detail}`, false);
  }
}

// What KurrentDB refuses for good: trying the same again would only be refused again.
const REFUSALS: ReadonlySet<string> = new Set([
  'access-denied',
  'append-record-size-exceeded',
  'invalid-argument',
  'maximum-append-size-exceeded',
  'stream-deleted',
  'stream-tombstoned',
  'transaction-max-size-exceeded',
  'unsupported',
]);

/** The client's own name of an error, or an empty text for one that it does not know. */
export function typeOf(error: unknown): string {
  return error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : '';
}

export function isRefused(error: unknown): boolean {
  return REFUSALS.has(typeOf(error));
}
