// Three times the knee for a minute, half answers and half recommendations; then a third of it, until all is as it was.
import exec from 'k6/execution';
import http from 'k6/http';
import { check } from 'k6';
import { Counter } from 'k6/metrics';
import { answer, busyLearner, numbers } from './lib/draw.js';
import { part } from './lib/parts.js';
import { ask, give, isRefusal, saysWhen } from './lib/requests.js';
import { isShort, rate as knee, seconds, warmupSeconds } from './lib/setting.js';
import { arrivals, STATISTICS } from './lib/shape.js';
import { summaryOf } from './lib/summary.js';

const CLASSES = ['answers', 'recommendations'];
const RECOVERY_SECONDS = isShort ? 3 : 30;
const P99_MS_MAX = 100;
/** Longer than anybody should have to wait. */
const PATIENCE_SECONDS = 0.25;
const phases = {
  warmup: { perSecond: knee / 3, from: 0, lasting: warmupSeconds },
  overload: { perSecond: knee * 3, from: warmupSeconds, lasting: seconds },
  recovery: { perSecond: knee / 3, from: warmupSeconds + seconds, lasting: RECOVERY_SECONDS },
};
const halves = Object.entries(phases).flatMap(([phase, { perSecond, ...when }]) => CLASSES.map((kind) => ({ name: `${phase}_${kind}`, phase, kind, shape: { ...when, perSecond: perSecond / CLASSES.length } })));

const parts = Object.fromEntries(halves.map(({ name, shape }) => [name, part(name, shape)]));
const secondsAfter = Array.from({ length: RECOVERY_SECONDS }, (_, n) => part(`recovery_second_${n + 1}`, { from: phases.recovery.from + n, lasting: 1 }));

/** Neither accepted nor refused: no connection, no answer in time, a fault. */
const broken = new Counter('broken');
const acknowledged = new Counter('acknowledged_answers');

http.setResponseCallback(http.expectedStatuses(200, 429, 503));

export const options = {
  scenarios: Object.fromEntries(halves.map(({ name, phase, kind, shape }) => [name, arrivals(kind, { ...shape, tags: { phase, class: kind }, patienceSeconds: PATIENCE_SECONDS })])),
  thresholds: {
    checks: ['rate==1'],
    broken: ['count==0'],
    ...(isShort ? {} : Object.fromEntries(CLASSES.map((kind) => [`took_overload_${kind}`, [`p(99)<=${P99_MS_MAX}`]]))),
  },
  summaryTrendStats: STATISTICS,
};

export function answers() {
  const random = numbers();
  const who = busyLearner(random);
  const given = answer(random);
  const reply = give(who, given);
  saw(reply);
  if (reply.status !== 200) return;
  acknowledged.add(1);
  // For the runner, which looks for each of them in the log.
  console.log(JSON.stringify({ learner: who, ...given }));
}

export function recommendations() {
  saw(ask(busyLearner(numbers())));
}

function saw(reply) {
  const { name, startTime } = exec.scenario;
  parts[name].saw(reply);
  if (name.startsWith('recovery')) secondsAfter[Math.min(RECOVERY_SECONDS - 1, Math.floor((Date.now() - startTime) / 1_000))].saw(reply);
  broken.add(reply.status === 200 || isRefusal(reply.status) ? 0 : 1);
  check(reply, { 'a refusal says when to come back': (it) => !isRefusal(it.status) || saysWhen(it) });
}

export const handleSummary = summaryOf('overload', {
  parts: [...Object.values(parts), ...secondsAfter],
  figures: (_, metrics) => [
    { name: 'neither accepted nor refused', value: metrics.broken?.values.count ?? 0, unit: 'requests' },
    { name: 'never sent, for want of virtual users', value: metrics.dropped_iterations?.values.count ?? 0, unit: 'requests' },
  ],
});
