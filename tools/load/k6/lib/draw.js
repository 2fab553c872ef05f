// Numbers that look drawn and are the same in every run: they rest on the seed and the iteration alone.
import exec from 'k6/execution';
import { items, learners, seed } from './setting.js';

/** mulberry32 (Ettinger, public domain), mixed with the place in the run. */
export function numbers() {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(exec.scenario.iterationInTest + 1, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Zipf's law with exponent 1: the place of a learner by popularity, by the inverse of the harmonic sum's integral. */
export function learner(random) {
  const place = Math.floor((learners.length + 1) ** random()) - 1;
  return learners[Math.min(learners.length - 1, Math.max(0, place))];
}

export function item(random) {
  return items[Math.floor(random() * items.length)];
}

/** An answer that no other run has given. */
export function answer(random, now = Date.now()) {
  const { id, skills } = item(random);
  return {
    id: `k6-${seed}-${__ENV.TRELLIS_RUN}-${exec.scenario.name}-${exec.scenario.iterationInTest}`,
    occurredAt: new Date(now).toISOString(),
    item: id,
    skills,
    correct: random() < 0.75,
    durationMs: 5_000 + Math.floor(random() * 60_000),
  };
}
