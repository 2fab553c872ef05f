// The rate at which it breaks: steps of a rising rate, the knee is the last one that holds.
import http from 'k6/http';
import { Counter, Trend } from 'k6/metrics';
import { learner, numbers } from './lib/draw.js';
import { course, isShort, JSON_BODY, rate, recommender, seconds, warmupSeconds } from './lib/setting.js';
import { arrivals, STATISTICS } from './lib/shape.js';
import { summaryOf } from './lib/summary.js';
import exec from 'k6/execution';

const STEPS = isShort ? 2 : 10;
/** A step holds while so few are slow or lost. */
const HOLDS = { p99: 100, lost: 0.001 };
const lasting = Math.max(1, Math.floor(seconds / STEPS));
const steps = Array.from({ length: STEPS }, (_, n) => ({ name: `step_${n + 1}`, perSecond: (rate * (n + 1)) / STEPS, from: warmupSeconds + n * lasting }));

const took = Object.fromEntries(steps.map(({ name }) => [name, new Trend(`took_${name}`, true)]));
const lost = Object.fromEntries(steps.map(({ name }) => [name, new Counter(`lost_${name}`)]));

export const options = {
  scenarios: {
    warmup: arrivals('recommend', { perSecond: rate / STEPS, lasting: warmupSeconds, tags: { phase: 'warmup' } }),
    ...Object.fromEntries(steps.map(({ name, perSecond, from }) => [name, arrivals('recommend', { perSecond, from, lasting, tags: { phase: 'load' } })])),
  },
  thresholds: isShort ? { 'http_req_failed{phase:load}': ['rate==0'] } : {},
  summaryTrendStats: STATISTICS,
  discardResponseBodies: true,
};

export function recommend() {
  const reply = http.post(`${recommender}/v1/learners/${learner(numbers())}/recommendations`, JSON.stringify({ course, count: 1 }), { ...JSON_BODY, tags: { name: 'recommend' } });
  const { name } = exec.scenario;
  if (took[name] === undefined) return;
  if (reply.status === 200) took[name].add(reply.timings.duration);
  else lost[name].add(1);
}

export const handleSummary = summaryOf('breakpoint', (metrics) => {
  const of = steps.map(({ name, perSecond }) => {
    const { values } = metrics[`took_${name}`] ?? { values: { count: 0 } };
    const due = Math.round(perSecond) * lasting;
    // What was neither answered nor refused was not even sent: the generator had nobody left to send it.
    const lostShare = due === 0 ? 0 : Math.max(0, 1 - values.count / due);
    return { rate: Math.round(perSecond), answered: values.count, refused: metrics[`lost_${name}`]?.values.count ?? 0, p50: values.med, p95: values['p(95)'], p99: values['p(99)'], lostShare };
  });
  const broken = of.findIndex(({ p99 = Infinity, lostShare }) => p99 > HOLDS.p99 || lostShare > HOLDS.lost + 2 / (rate * lasting));
  return { steps: of, knee: (broken < 0 ? of.at(-1) : of[broken - 1])?.rate ?? 0, holds: HOLDS };
});
