import { types } from 'node:util';

/** True of errors from another realm, which `instanceof` misses, and of Fastify's, which are no native errors. */
export function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value);
}

/** The code that Node and its libraries put on their errors, such as `EADDRINUSE`. */
export function errorCode(error: unknown): string | undefined {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}
