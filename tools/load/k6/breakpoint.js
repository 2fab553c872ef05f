// The rate at which it breaks: steps of a rising rate, the knee is the last one that holds.
import exec from 'k6/execution';
import { learner, numbers } from './lib/draw.js';
import { part } from './lib/parts.js';
import { ask } from './lib/requests.js';
import { isShort, rate, seconds, warmupSeconds } from './lib/setting.js';
import { arrivals, STATISTICS } from './lib/shape.js';
import { summaryOf } from './lib/summary.js';

const STEPS = isShort ? 2 : 10;
/** A step holds while so few are slow or not answered. */
const P99_MS_MAX = 100;
const UNANSWERED_SHARE_MAX = 0.001;
const lasting = Math.max(1, Math.floor(seconds / STEPS));
const steps = Object.fromEntries(
  Array.from({ length: STEPS }, (_, n) => {
    const shape = { perSecond: (rate * (n + 1)) / STEPS, from: warmupSeconds + n * lasting, lasting };
    return [`step_${n + 1}`, { shape, part: part(`step_${n + 1}`, shape) }];
  }),
);

export const options = {
  scenarios: {
    warmup: arrivals('recommend', { perSecond: rate / STEPS, lasting: warmupSeconds, tags: { phase: 'warmup' } }),
    ...Object.fromEntries(Object.entries(steps).map(([name, { shape }]) => [name, arrivals('recommend', { ...shape, tags: { phase: 'load' } })])),
  },
  thresholds: isShort ? { 'http_req_failed{phase:load}': ['rate==0'] } : {},
  summaryTrendStats: STATISTICS,
  discardResponseBodies: true,
};

export function recommend() {
  const reply = ask(learner(numbers()));
  steps[exec.scenario.name]?.part.saw(reply);
}

export const handleSummary = summaryOf('breakpoint', {
  parts: Object.values(steps).map((step) => step.part),
  figures: (parts) => {
    const broken = parts.findIndex(({ p99Ms, refused, failed, unsent, offeredPerSecond }) => (p99Ms ?? Infinity) > P99_MS_MAX || refused + failed + unsent > UNANSWERED_SHARE_MAX * offeredPerSecond * lasting);
    const knee = broken < 0 ? parts.at(-1) : parts[broken - 1];
    return [{ name: 'knee', value: knee?.offeredPerSecond ?? 0, unit: broken < 0 ? 'requests/s or more' : 'requests/s' }];
  },
});
