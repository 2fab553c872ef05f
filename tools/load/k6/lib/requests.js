// What is asked of the service, the same in every suite.
import http from 'k6/http';
import { check } from 'k6';
import { classroom, course, ingest, isShort, recommender } from './setting.js';

/** Who waits longer has given up. */
const TIMEOUT = '10s';
const BODY_CHARS_MAX = 300;

const sent = (name, type = 'application/json') => ({ headers: { 'content-type': type }, timeout: TIMEOUT, tags: { name } });

/** An answer; with `next` in one call with what comes next. */
export function give(learner, answer, { next = false } = {}) {
  return noticed(http.post(`${ingest}/v1/learners/${learner}/answers${next ? '?next=1' : ''}`, JSON.stringify(answer), sent(next ? 'answer and next' : 'answer')));
}

export function ask(learner) {
  return noticed(http.post(`${recommender}/v1/learners/${learner}/recommendations`, JSON.stringify({ course, count: 1 }), sent('next')));
}

/** A batch of facts, as it is. */
export function hand(body, type) {
  return noticed(http.post(`${ingest}/v1/events`, body, sent('events', type)));
}

/** `page` is board or groups. */
export function look(page) {
  return noticed(http.get(`${recommender}/v1/classrooms/${classroom}/${page}?course=${course}`, sent(page)));
}

export function isRefusal(status) {
  return status === 429 || status === 503;
}

// A short form may run where much else does.
if (isShort) http.setResponseCallback(http.expectedStatuses(200, 429, 503));

/** Checks that it was answered, and rightly. In a short form it may be refused, if it is said when to come back: then there is nothing to go on with. */
export function isRight(reply, what, holds = () => true) {
  const isExcused = isShort && isRefusal(reply.status) && saysWhen(reply);
  return check(reply, { [what]: (it) => isExcused || (it.status === 200 && holds(it)) }) && !isExcused;
}

export function saysWhen({ headers }) {
  return headers['Retry-After'] !== undefined;
}

let isTold = false;

/** Each virtual user tells the runner of the first thing that went wrong. */
function noticed(reply) {
  const { status, request, body, error } = reply;
  if (status !== 200 && !isRefusal(status) && !isTold) {
    isTold = true;
    console.log(`${request.method} ${request.url}: ${status} ${error} ${String(body ?? '').slice(0, BODY_CHARS_MAX)}`);
  }
  return reply;
}
