// The faults of this adapter. `retriable` tells the one loop that decides whether trying again can help.

/** Kafka did not do what was asked. Messages hold nothing secret of the address. */
export class KafkaError extends Error {
  override readonly name = 'KafkaError';

  constructor(what: string, readonly retriable: boolean, cause?: unknown) {
    super(what, cause === undefined ? {} : { cause });
  }
}

// What brokers refuse for good. The client's own word is about its next try, not about ours: it calls a broker that is down final.
const REFUSALS: ReadonlySet<string> = new Set([
  'CLUSTER_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'ILLEGAL_SASL_STATE',
  'INVALID_CONFIG',
  'INVALID_PARTITIONS',
  'INVALID_REPLICATION_FACTOR',
  'INVALID_TOPIC_EXCEPTION',
  'MESSAGE_TOO_LARGE',
  'NON_EMPTY_GROUP',
  'POLICY_VIOLATION',
  'RECORD_LIST_TOO_LARGE',
  'SASL_AUTHENTICATION_FAILED',
  'TOPIC_AUTHORIZATION_FAILED',
  'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
]);

/** The error as the outside may see it. */
export function fault(what: string, error: unknown): KafkaError {
  if (error instanceof KafkaError) return error;
  const innermost = causeOf(error);
  const isRefused = REFUSALS.has(typeOf(error)) || (innermost instanceof Error && innermost.name === 'KafkaJSSASLAuthenticationError');
  return new KafkaError(`${what}: ${innermost instanceof Error ? innermost.message : String(innermost)}`, !isRefused, error);
}

/** What the broker called the error, such as `UNKNOWN_MEMBER_ID`; empty for one that no broker gave. */
export function typeOf(error: unknown): string {
  const innermost = causeOf(error);
  return innermost instanceof Error && 'type' in innermost && typeof innermost.type === 'string' ? innermost.type : '';
}

/** The client wraps errors in others that no longer say what they were. */
function causeOf(error: unknown): unknown {
  let innermost = error;
  for (let depth = 0; depth < CAUSES_MAX && innermost instanceof Error; depth++) {
    // Of several that failed together the first.
    const inner: unknown = 'errors' in innermost && Array.isArray(innermost.errors) ? innermost.errors[0] : innermost.cause;
    if (!(inner instanceof Error)) break;
    innermost = inner;
  }
  return innermost;
}

const CAUSES_MAX = 8;
