// The one place where an error becomes an answer, whoever raised it: a controller, a guard, Fastify's parsers or its router.

import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { errorCode, isError } from './errors.js';
import { LOG, type Log } from './logging.js';
import { busy, forbidden, malformedJson, notFound, Problem, PROBLEM_TYPE, tooLarge, unauthenticated } from './problems.js';

/** A fault has no code of the closed list: there is nothing that the caller could put right. */
const FAULT = {
  type: 'about:blank',
  title: 'Internal Server Error',
  status: 500,
  detail: 'The service could not answer. The fault is logged under the id in the header x-request-id.',
};

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(@Inject(LOG) private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = problemOf(error, request);
    const about = { requestId: request.id, route: request.routeOptions.url };
    if (problem === null) this.log.error({ err: error, ...about }, 'fault');
    // What the caller may try again is still trouble of ours; being full is not, and has no cause.
    else if (problem.status >= 500 && problem.cause !== undefined) this.log.warn({ err: problem.cause, ...about }, 'turned away');
    // An answer that has begun cannot be taken back; cutting the connection tells the client that it is not whole.
    if (reply.raw.headersSent) reply.raw.destroy();
    else if (problem === null) sendBody(reply, FAULT);
    else sendProblem(reply, problem);
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem): void {
  // The code goes into the request log: operators count refusals by it.
  reply.request.problemCode = problem.code;
  reply.headers(problem.headers);
  sendBody(reply, problem.body);
}

/** What an error says to the caller; null for a fault, which is nobody's business but ours. */
export function problemOf(error: unknown, request: FastifyRequest): Problem | null {
  if (error instanceof Problem) return error;
  // Nest wraps Fastify's own errors and keeps the original, which knows more.
  const inner = error instanceof HttpException && isError(error.cause) ? error.cause : error;
  if (!isError(inner)) return null;
  // A fault that its adapter calls retriable: trying again may help, and does no harm.
  if ('retriable' in inner && inner.retriable === true) {
    return busy('The service cannot take this at the moment. Send it again later: what has an id counts once.', { cause: inner });
  }
  return byFastifyCode(inner, request) ?? byStatus(inner, request);
}

function byFastifyCode(error: Error, request: FastifyRequest): Problem | null {
  switch (errorCode(error)) {
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return malformedJson('The body is empty; its content type promises JSON.', { cause: error });
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return malformedJson('The body is not valid JSON.', { cause: error });
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return malformedJson('The body is not as long as Content-Length says.', { cause: error });
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return tooLarge(`The body is over the limit of ${request.routeOptions.bodyLimit} bytes; send it in smaller parts.`, {
        cause: error,
      });
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return unsupported('content-type', request.headers['content-type'] ?? '');
    case 'FST_ERR_BAD_URL':
      return notFound('The path holds a percent sign that starts no valid escape.', { status: 400, cause: error });
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return tooLarge('A part of the path is too long.', { status: 414, cause: error });
    default:
      return null;
  }
}

/** Whatever else carries a status: exceptions of Nest and of plugins. */
function byStatus(error: Error, request: FastifyRequest): Problem | null {
  const status = error instanceof HttpException ? error.getStatus() : 'statusCode' in error ? error.statusCode : undefined;
  if (typeof status !== 'number' || status < 400 || (status >= 500 && status !== 503)) return null;
  const cause = { cause: error };
  switch (status) {
    case 401:
      return unauthenticated('This needs a key: Authorization: Bearer <key>.');
    case 403:
      return forbidden('This key may not do that.');
    case 404:
      return notFound(`There is no ${request.method} route with this path.`, cause);
    case 413:
      return tooLarge('The request is too large.', cause);
    case 415:
      return unsupported('content-type', request.headers['content-type'] ?? '');
    case 429:
    case 503:
      return busy('The service is busy.', { status, cause: error });
    default:
      return new Problem('wrong-type', error.message, { status, cause: error });
  }
}

export function unsupported(field: 'content-type' | 'content-encoding', value: string): Problem {
  const right =
    field === 'content-type'
      ? 'application/json, or application/x-ndjson where the route takes events'
      : 'left out: bodies are sent uncompressed';
  return new Problem('wrong-type', `${field} is "${value}"; it must be ${right}.`, { status: 415, field, value });
}

function sendBody(reply: FastifyReply, body: { readonly status: number }): void {
  // As text, so that Fastify neither looks for a serializer nor doubts the content type.
  void reply.code(body.status).header('content-type', PROBLEM_TYPE).send(JSON.stringify(body));
}
