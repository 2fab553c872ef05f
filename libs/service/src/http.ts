// HTTP below Nest: what is parsed and how much of it, who is let in, and what is noted about every request.

import { randomBytes } from 'node:crypto';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { authenticate } from './auth.guard.js';
import type { Gate } from './gate.js';
import type { Keys } from './keys.js';
import type { Visit } from './line.js';
import type { Log } from './logging.js';
import type { Metrics } from './metrics.js';
import { problemOf, sendProblem, unsupported } from './problem.filter.js';
import { busy, malformedJson, type Problem } from './problems.js';
import { addRequestSpans } from './request-spans.js';
import type { Tracing } from './tracing.js';

export const BODY_BYTES_MAX = 5 * 1024 * 1024;
/** For a route that takes a whole document, with `@BodyLimit`. */
export const DOCUMENT_BYTES_MAX = 16 * 1024 * 1024;

/** A whole request must have arrived within this time. */
const REQUEST_MS_MAX = 30_000;
/** Who still waits after this time is told that the service is busy. */
const ANSWER_MS_MAX = 30_000;
/** Longer than the idle time-out of the usual load balancers (60 s), so that they never send into a closing connection. */
const KEEP_ALIVE_MS = 72_000;
/** A recommendation's id holds a stream's name and is the longest part of any path. */
const PATH_PART_CHARS_MAX = 512;

const DOCUMENTATION = /^\/(openapi\.json$|docs$|docs\/)/;
const UNKNOWN_ROUTE = '(unknown)';
/** As nginx counts a client that left before its answer. */
const CLIENT_LEFT = 499;

export interface HttpParts {
  readonly keys: Keys | null;
  readonly gate: Gate;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly tracing: Tracing;
  /** How long a request may wait for its answer. */
  readonly answerMsMax?: number;
}

/** The body of a request in `application/x-ndjson`: the lines as they came, so that a bad line can be refused alone. */
export interface Ndjson {
  readonly ndjson: string;
}

export function isNdjson(body: unknown): body is Ndjson {
  return typeof body === 'object' && body !== null && 'ndjson' in body && body instanceof Lines;
}

class Lines implements Ndjson {
  constructor(readonly ndjson: string) {}
}

export function httpAdapter(parts: HttpParts): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // The gate says so in our own words.
    return503OnClosing: false,
    genReqId: requestIds(),
    routerOptions: { maxParamLength: PATH_PART_CHARS_MAX },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(error, request);
      if (problem === null) throw error;
      // Through here only for targets that the router cannot read; no hook has run.
      sendProblem(reply.header('x-request-id', request.id), problem);
    },
    // No Nest middleware is used, and its plug-in would cost every request a walk.
    skipMiddie: true,
  });
  const instance = adapter.getInstance<FastifyInstance>();
  addParsers(instance);
  addRequestSpans(instance, parts.tracing);
  addHooks(instance, parts);
  return adapter;
}

function addParsers(instance: FastifyInstance): void {
  const parseJson = instance.getDefaultJsonParser('error', 'error');
  instance.removeAllContentTypeParsers();
  const asText = { parseAs: 'string' } as const;
  instance.addContentTypeParser('application/json', asText, (request, body: string, done) => {
    const whenParsed: typeof done = (error, value) => done(error === null || body === '' ? error : whyMalformed(body), value);
    void parseJson(request, body, whenParsed);
  });
  instance.addContentTypeParser('application/x-ndjson', asText, (_request, body: string, done) => done(null, new Lines(body)));
}

/** Parses again to learn where it broke: only a failure pays for that. */
function whyMalformed(body: string): Problem {
  try {
    JSON.parse(body);
    return malformedJson('The body holds a field named __proto__, or a constructor with a prototype; these are never taken.');
  } catch (cause) {
    return malformedJson(`The body is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}.`, { cause });
  }
}

function addHooks(instance: FastifyInstance, { keys, gate, log, metrics, answerMsMax = ANSWER_MS_MAX }: HttpParts): void {
  instance.decorateRequest('caller', null);
  instance.decorateRequest('problemCode', null);
  instance.decorateRequest('isAnswered', false);
  instance.decorateRequest('isRefused', false);

  instance.addHook('onRoute', (route) => {
    const bytes = route.config?.bodyBytesMax;
    if (bytes !== undefined) route.bodyLimit = bytes;
    if (route.method === 'GET' || route.method === 'HEAD') route.config = { admittedAs: 'read', ...route.config };
    // Registered by the documentation, which knows nothing of our decorators.
    if (DOCUMENTATION.test(route.path)) route.config = { ...route.config, open: true };
  });

  instance.addHook('onRequest', (request, reply, done) => {
    const { config, bodyLimit } = request.routeOptions;
    reply.header('x-request-id', request.id);

    const { ungated = false, admittedAs = 'write' } = config;
    let visit: Visit | null = null;
    // Fastify's own time-out aborts a controller after every answer, which costs more than all else in this hook.
    const limit = setTimeout(() => {
      if (!reply.sent) sendProblem(reply, busy('The service did not answer in time.'));
    }, answerMsMax);
    // Comes after every answer, and also when there is none because the client has left.
    reply.raw.once('close', () => {
      clearTimeout(limit);
      if (visit !== null) gate.leave(admittedAs, visit);
      if (!request.isAnswered) note(request, reply, CLIENT_LEFT);
    });

    const decided = (refusal: Problem | null): void => {
      // Before anybody is asked who calls. What comes of a body is thrown away, so that the connection stays usable.
      request.isRefused = refusal !== null;
      const problem = refusal ?? (request.is404 ? null : authenticate(request, keys)) ?? encodingProblem(request);
      if (problem === null) done();
      else sendProblem(reply, problem);
    };
    if (ungated) decided(null);
    else visit = gate.enter(admittedAs, bodyBytes(request, bodyLimit), decided);
  });

  instance.addHook('onSend', (_request, reply, payload, done) => {
    // A connection that stays open after the last answer would keep the server from closing.
    if (gate.closed) reply.header('connection', 'close');
    done(null, payload);
  });

  instance.addHook('onResponse', (request, reply, done) => {
    request.isAnswered = true;
    note(request, reply, reply.statusCode);
    done();
  });

  function note(request: FastifyRequest, reply: FastifyReply, status: number): void {
    const route = request.routeOptions.url ?? UNKNOWN_ROUTE;
    const ms = reply.elapsedTime;
    metrics.answered(request.method, route, status, ms / 1000);
    request.span?.end(status);
    // Refusals are counted by the gate; a line for each would cost more than the refusal, just when time is short.
    if (!log.isLevelEnabled(request.isRefused ? 'debug' : 'info')) return;
    const line = { requestId: request.id, method: request.method, route, status, ms: Math.round(ms * 1000) / 1000 };
    const code = request.problemCode !== null && { code: request.problemCode };
    const traceId = request.span !== null && { traceId: request.span.traceId };
    log.info({ ...line, ...code, ...traceId }, 'request');
  }
}

/** What a body may come to. Where the length is not stated, the limit: it is what we would have to hold. */
function bodyBytes({ headers }: FastifyRequest, limit: number): number {
  const stated = headers['content-length'];
  if (stated !== undefined) return Math.min(Number(stated) || 0, limit);
  return headers['transfer-encoding'] === undefined ? 0 : limit;
}

function encodingProblem({ headers }: FastifyRequest): Problem | null {
  const encoding = headers['content-encoding'];
  return encoding === undefined || encoding === 'identity' ? null : unsupported('content-encoding', encoding);
}

/** Unique over processes and restarts, and cheaper than a UUID a request. Never taken from the caller: it is logged. */
function requestIds(): () => string {
  const process = randomBytes(6).toString('base64url');
  let last = 0;
  return () => `${process}-${(++last).toString(36)}`;
}
