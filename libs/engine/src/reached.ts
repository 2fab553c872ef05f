// Servers that a process needs from the start: where one cannot be reached, the fault says what to do.

/** By the name of the adapter's fault. */
const VARIABLES: Readonly<Record<string, string>> = { KurrentError: 'TRELLIS_KURRENT_URL', RedisError: 'TRELLIS_REDIS_URL', KafkaError: 'TRELLIS_KAFKA_BROKERS' };

export class UnreachableError extends Error {
  override readonly name = 'UnreachableError';
  readonly retriable = true;
}

/** What was opened. What trying again cannot help is passed on as it is: it has its own advice. */
export async function reached<Opened>(opening: Promise<Opened>): Promise<Opened> {
  try {
    return await opening;
  } catch (error) {
    const variable = error instanceof Error && 'retriable' in error && error.retriable === true ? VARIABLES[error.name] : undefined;
    if (variable === undefined || !(error instanceof Error)) throw error;
    throw new UnreachableError(`${error.message.replace(/\.$/, '')}; start it, or set ${variable} to where it is`, { cause: error });
  }
}
