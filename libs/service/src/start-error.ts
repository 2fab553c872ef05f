/** Why a service cannot start, in one sentence a person can act on. Printed without a stack; the exit code is 1. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
