// The faults of this adapter. `retriable` tells the one loop that decides whether trying again can help.

/** Kafka did not do what was asked. Messages hold nothing secret of the address. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';

  constructor(what: string, readonly retriable: boolean, cause?: unknown) {
    super(what, cause === undefined ? {} : { cause });
  }
}

/** The error as the outside may see it. */
export function fault(what: string, error: unknown): KafkaError {
  if (error instanceof KafkaError) return error;
  const { message = String(error), retriable = true } = error as { readonly message?: string; readonly retriable?: boolean };
  return new KafkaError(`${what}: ${message}`, retriable, error);
}

/** What the client calls an error by, such as `UNKNOWN_MEMBER_ID`. */
export function typeOf(error: unknown): string {
  return error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : '';
}
