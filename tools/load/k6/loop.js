// From an answer to a next item that knows about it: as two calls, and as one.
import http from 'k6/http';
import { check } from 'k6';
import { Counter, Trend } from 'k6/metrics';
import { answer, learner, numbers } from './lib/draw.js';
import { course, ingest, isShort, JSON_BODY, rate, recommender, seconds, warmupSeconds } from './lib/setting.js';
import { arrivals, STATISTICS, thresholds } from './lib/shape.js';
import { summaryOf } from './lib/summary.js';

/** Milliseconds from sending an answer to having a recommendation that includes it. */
const answerToNext = new Trend('answer_to_next', true);
const missing = new Counter('missing_from_based_on');

const both = (exec) => ({
  [`warmup_${exec}`]: arrivals(exec, { perSecond: rate / 2, lasting: warmupSeconds, tags: { phase: 'warmup', calls: exec } }),
  [exec]: arrivals(exec, { perSecond: rate / 2, from: warmupSeconds, lasting: seconds, tags: { phase: 'load', calls: exec } }),
});

export const options = {
  scenarios: { ...both('two'), ...both('one') },
  thresholds: {
    ...thresholds({ 'answer_to_next{phase:load,calls:one}': ['p(50)<=3', 'p(99)<=10'], 'answer_to_next{phase:load,calls:two}': ['p(99)<=25'] }),
    missing_from_based_on: ['count==0'],
    ...(isShort ? {} : { 'answer_to_next{phase:load}': ['p(99)<=25'] }),
  },
  summaryTrendStats: STATISTICS,
};

export function two() {
  const random = numbers();
  const who = learner(random);
  const given = http.post(`${ingest}/v1/learners/${who}/answers`, JSON.stringify(answer(random)), { ...JSON_BODY, tags: { name: 'answer' } });
  if (!check(given, { 'the answer is taken': ({ status }) => status === 200 })) return;
  const next = http.post(`${recommender}/v1/learners/${who}/recommendations`, JSON.stringify({ course, count: 1 }), { ...JSON_BODY, tags: { name: 'next' } });
  if (!check(next, { 'there is a next': ({ status }) => status === 200 })) return;
  answerToNext.add(given.timings.duration + next.timings.duration);
  missing.add(next.json('basedOn.revision') < given.json('revision') ? 1 : 0);
}

export function one() {
  const random = numbers();
  const reply = http.post(`${ingest}/v1/learners/${learner(random)}/answers?next=1`, JSON.stringify(answer(random)), { ...JSON_BODY, tags: { name: 'answer and next' } });
  if (!check(reply, { 'the answer is taken, with a next': ({ status, body }) => status === 200 && body.includes('"recommendationId"') })) return;
  answerToNext.add(reply.timings.duration);
  missing.add(reply.json('recommendation.basedOn.revision') < reply.json('revision') ? 1 : 0);
}

export const handleSummary = summaryOf('loop');
