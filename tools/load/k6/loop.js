// From an answer to a next item that knows about it: as two calls, and as one.
import { Counter, Trend } from 'k6/metrics';
import { answer, busyLearner, numbers } from './lib/draw.js';
import { ask, give, isRight } from './lib/requests.js';
import { isDistributed, isShort, rate, seconds, warmupSeconds } from './lib/setting.js';
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
    ...thresholds({ 'answer_to_next{phase:load,calls:one}': isDistributed ? ['p(99)<=25'] : ['p(50)<=3', 'p(99)<=10'], 'answer_to_next{phase:load,calls:two}': ['p(99)<=25'] }),
    missing_from_based_on: ['count==0'],
    ...(isShort ? {} : { 'answer_to_next{phase:load}': ['p(99)<=25'] }),
  },
  summaryTrendStats: STATISTICS,
};

export function two() {
  const random = numbers();
  const who = busyLearner(random);
  const given = give(who, answer(random));
  if (!isRight(given, 'the answer is taken')) return;
  const next = ask(who);
  if (!isRight(next, 'there is a next')) return;
  answerToNext.add(given.timings.duration + next.timings.duration);
  missing.add(next.json('basedOn.revision') < given.json('revision') ? 1 : 0);
}

export function one() {
  const random = numbers();
  const reply = give(busyLearner(random), answer(random), { next: true });
  if (!isRight(reply, 'the answer is taken, with a next', ({ body }) => body.includes('"recommendationId"'))) return;
  answerToNext.add(reply.timings.duration);
  missing.add(reply.json('recommendation.basedOn.revision') < reply.json('revision') ? 1 : 0);
}

export const handleSummary = summaryOf('loop');
