// Numbers that look drawn and are the same in every run: they rest on the seed and the iteration alone.
import exec from 'k6/execution';
import { items, learners, rate, seed } from './setting.js';

/** Those of this iteration. */
export function numbers() {
  return seeded(exec.scenario.iterationInTest);
}

/** mulberry32 (Ettinger, public domain), mixed with the place in the run. */
export function seeded(place) {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(place + 1, 0x85ebca6b)) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Zipf's law with exponent 1: the place of a learner by popularity, by the inverse of the harmonic sum's integral. */
export function learner(random, shift = 1) {
  const place = Math.floor(shift * ((learners.length + shift) / shift) ** random() - shift);
  return learners[Math.min(learners.length - 1, Math.max(0, place))];
}

/** Zipf's law alone would have the most popular learner answer in every tenth request, and nobody answers ten times a second. */
const ARRIVALS_PER_HEAD = 5;

/** Who answers: Mandelbrot's form of the law, whose head is flat, so that the busiest come to a few requests a second. */
export function busyLearner(random) {
  return learner(random, Math.max(1, rate / ARRIVALS_PER_HEAD));
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
