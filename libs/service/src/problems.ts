// Everything a service answers with when it does not do what was asked: RFC 9457 problem details with a code from one closed list.

import type { Refusal } from '@trellis/event-sourcing';
import { shownValue } from './shown.js';

/** 400: the message itself is wrong. 409 and 422: the message is fine but does not fit what is known. */
const PROBLEMS = {
  'unknown-item': { status: 422, title: 'No such item' },
  'unknown-skill': { status: 422, title: 'No such skill' },
  'unknown-course': { status: 422, title: 'No such course' },
  'missing-field': { status: 400, title: 'A field is missing' },
  'unknown-field': { status: 400, title: 'A field is not known' },
  'wrong-type': { status: 400, title: 'A value is of the wrong type' },
  'out-of-range': { status: 400, title: 'A value is out of range' },
  'time-before-1970': { status: 400, title: 'A time lies before 1970' },
  'id-not-opaque': { status: 400, title: 'An id is not opaque' },
  'conflicting-duplicate': { status: 409, title: 'The same id was sent with different content' },
  'malformed-json': { status: 400, title: 'The body is not valid JSON' },
  'too-large': { status: 413, title: 'The request is too large' },
  busy: { status: 503, title: 'The service is busy' },
  'not-allowed': { status: 403, title: 'This is not allowed' },
  'not-found': { status: 404, title: 'There is no such thing' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;

export type ProblemCode = keyof typeof PROBLEMS | `refused:${string}`;

export const PROBLEM_CODES = Object.keys(PROBLEMS) as readonly (keyof typeof PROBLEMS)[];

export const PROBLEM_TYPE = 'application/problem+json';

/** A client that was turned away may try again after this many seconds. */
export const RETRY_AFTER_SECONDS = 1;

export interface ProblemBody {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ProblemCode;
  readonly field?: string;
  readonly value?: string | number | boolean | null;
}

export interface ProblemOptions {
  readonly status?: number;
  readonly field?: string;
  /** What was found; shortened before anybody sees it. */
  readonly value?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** Thrown by a controller, answered by the filter. It reaches the caller as it is, so it holds nothing but what the caller sent. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly body: ProblemBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    readonly detail: string,
    options: ProblemOptions = {},
  ) {
    super(detail, { cause: options.cause });
    const known = isRefused(code) ? { status: 409, title: 'The rules refuse this' } : PROBLEMS[code];
    this.status = options.status ?? known.status;
    this.headers = options.headers ?? NONE;
    this.body = {
      type: `urn:trellis:problem:${code}`,
      title: known.title,
      status: this.status,
      detail,
      code,
      ...(options.field !== undefined && { field: options.field }),
      ...('value' in options && { value: shownValue(options.value) }),
    };
  }
}

/** 409 where the state of things says no (the default), 422 where the command itself can never be right. */
export function refused(refusal: Refusal, status: 409 | 422 = 409): Problem {
  return new Problem(`refused:${refusal.refused}`, refusal.detail ?? `The rules refuse this: ${refusal.refused}.`, { status });
}

export function notFound(detail: string, options: ProblemOptions = {}): Problem {
  return new Problem('not-found', detail, options);
}

export function busy(detail: string, options: ProblemOptions = {}): Problem {
  return new Problem('busy', detail, { headers: { 'retry-after': String(RETRY_AFTER_SECONDS) }, ...options });
}

/** No key, or one that nobody knows. */
export function unauthenticated(detail: string): Problem {
  return new Problem('not-allowed', detail, { status: 401, headers: { 'www-authenticate': 'Bearer' } });
}

/** A key that may not do this. */
export function forbidden(detail: string): Problem {
  return new Problem('not-allowed', detail);
}

export function tooLarge(detail: string, options: ProblemOptions = {}): Problem {
  return new Problem('too-large', detail, options);
}

export function malformedJson(detail: string, options: ProblemOptions = {}): Problem {
  return new Problem('malformed-json', detail, options);
}

const NONE = {};

function isRefused(code: ProblemCode): code is `refused:${string}` {
  return code.startsWith('refused:');
}
