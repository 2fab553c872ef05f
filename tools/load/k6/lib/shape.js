// The shape of a run: an open model, so that a slow server cannot slow its own test, and a warm-up that does not count.
import { isShort, rate, seconds, warmupSeconds } from './setting.js';

/** Requests that are under way at once; more would be a queue in the generator. */
const VUS_MAX = 1_000;

/** Made while it runs, virtual users would come too late: there are enough from the start for answers that take so long. */
const USUAL_SECONDS = 0.2;

/** At one rate. */
export function arrivals(exec, { perSecond = rate, from = 0, lasting = seconds, tags, patienceSeconds }) {
  return { executor: 'constant-arrival-rate', rate: whole(perSecond), duration: `${lasting}s`, ...users(exec, { perSecond, from, tags, patienceSeconds }) };
}

/** At a rate that comes to a share of the full one after a share of the time, stage for stage. */
export function waves(exec, { begin, stages, from, tags }) {
  return {
    executor: 'ramping-arrival-rate',
    startRate: whole(rate * begin),
    stages: stages.map(({ lasting, to }) => ({ duration: `${Math.round(1_000 * seconds * lasting)}ms`, target: whole(rate * to) })),
    ...users(exec, { perSecond: rate, from, tags }),
  };
}

function users(exec, { perSecond, from, tags, patienceSeconds = USUAL_SECONDS }) {
  return { exec, timeUnit: '1s', startTime: `${from}s`, preAllocatedVUs: Math.min(VUS_MAX, Math.max(10, Math.ceil(perSecond * patienceSeconds))), maxVUs: VUS_MAX, gracefulStop: '5s', tags };
}

function whole(perSecond) {
  return Math.max(1, Math.round(perSecond));
}

/** A warm-up at the same rate, then what counts. */
export function warmedUp(exec) {
  return {
    warmup: arrivals(exec, { lasting: warmupSeconds, tags: { phase: 'warmup' } }),
    load: arrivals(exec, { from: warmupSeconds, tags: { phase: 'load' } }),
  };
}

/** Correctness holds in every form; times and a generator that keeps up only where time is measured. */
export function thresholds(times = {}) {
  return {
    'checks{phase:load}': ['rate==1'],
    'http_req_failed{phase:load}': ['rate==0'],
    // Named so that the summary has it.
    'http_reqs{phase:load}': ['count>0'],
    ...(isShort ? Object.fromEntries(Object.keys(times).map((metric) => [metric, ['max>=0']])) : { ...times, dropped_iterations: ['count==0'] }),
  };
}

export const STATISTICS = ['avg', 'min', 'med', 'p(90)', 'p(95)', 'p(99)', 'p(99.9)', 'max', 'count'];
