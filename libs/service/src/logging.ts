// Structured logs: JSON lines by pino. What must never be in them (query strings, bodies, learner ids, credentials) is kept
// out by what is written at all: a request is logged by its route pattern, an error after its text was scrubbed.

import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Logger, pino } from 'pino';
import { errorCode, isError } from './errors.js';

export type Log = Logger;

/** The injection token of the service's log. */
export const LOG = Symbol('log');

export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Lines are written together: a write a request would cost more than many requests themselves. */
const BUFFER_BYTES = 8 * 1024;
const FLUSH_MS = 200;
const CAUSES_MAX = 5;

export interface LogOptions {
  readonly name: string;
  readonly level: LogLevel;
  /** Standard output if left out. */
  readonly to?: DestinationStream;
}

export function createLog({ name, level, to }: LogOptions): Log {
  const options = {
    level,
    base: { service: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: loggedError },
  };
  return pino(options, to ?? pino.destination({ dest: 1, sync: false, minLength: BUFFER_BYTES, periodicFlush: FLUSH_MS }));
}

/** Ends when everything logged so far is written. */
export function flushLog(log: Log): Promise<void> {
  return new Promise((resolve) => log.flush(() => resolve()));
}

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | undefined;
  readonly stack?: string;
  readonly cause?: LoggedError;
}

function loggedError(error: unknown, depth = 1): LoggedError {
  if (!isError(error)) return { type: typeof error, message: scrubbed(String(error)) };
  return {
    type: error.name,
    message: scrubbed(error.message),
    ...(errorCode(error) !== undefined && { code: errorCode(error) }),
    ...(error.stack !== undefined && { stack: scrubbed(error.stack) }),
    ...(error.cause !== undefined && depth < CAUSES_MAX && { cause: loggedError(error.cause, depth + 1) }),
  };
}

/** Errors name streams, and the name of a learner's stream holds the learner's id. */
function scrubbed(text: string): string {
  return text.replace(/\blearner-([a-z0-9-]{1,63})\.[A-Za-z0-9_-]{1,64}/g, 'learner-$1.*').replace(/\bBearer\s+\S+/gi, 'Bearer *');
}

/** Nest's own messages in our log. What Nest calls "log" are notes about wiring: debug here. */
export class NestLog implements LoggerService {
  constructor(private readonly to: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.to.debug({ context: rest.at(-1) }, String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.to.warn({ context: rest.at(-1) }, scrubbed(String(message)));
  }

  error(message: unknown, ...rest: unknown[]): void {
    const context = rest.at(-1);
    // Nest logs what it then throws from a failed start; whoever started the service says it once.
    if (context === 'ExceptionHandler') return;
    if (isError(message)) this.to.error({ err: message, context }, 'fault');
    else this.to.error({ context }, scrubbed(String(message)));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.log(message, ...rest);
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.to.trace({ context: rest.at(-1) }, String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.to.fatal({ context: rest.at(-1) }, scrubbed(String(message)));
  }
}
