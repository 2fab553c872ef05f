// A school day in minutes: a morning rush, a lesson, a change of classes, another lesson, noon, the end.
import exec from 'k6/execution';
import { KINDS, MIX_THRESHOLDS, request } from './lib/mix.js';
import { part } from './lib/parts.js';
import { rate, seconds, warmupSeconds } from './lib/setting.js';
import { arrivals, STATISTICS, thresholds, waves } from './lib/shape.js';
import { summaryOf } from './lib/summary.js';

/** How much of the day it takes to come to which share of the full rate. */
const DAY = [
  { lasting: 0.15, to: 1 }, // the morning rush
  { lasting: 0.3, to: 1 }, // a lesson
  { lasting: 0.02, to: 0.2 }, // everybody changes rooms,
  { lasting: 0.05, to: 0.2 },
  { lasting: 0, to: 1 }, // and begins again at once
  { lasting: 0.28, to: 1 },
  { lasting: 0.03, to: 0.3 }, // noon
  { lasting: 0.1, to: 0.3 },
  { lasting: 0.07, to: 0.02 }, // the end
];
const EARLY = 0.1;

const parts = Object.fromEntries(KINDS.map((kind) => [kind, part(kind, { from: warmupSeconds, lasting: seconds })]));

export const options = {
  scenarios: {
    warmup: arrivals('mixed', { perSecond: rate / 3, lasting: warmupSeconds, tags: { phase: 'warmup' } }),
    day: waves('mixed', { begin: EARLY, stages: DAY, from: warmupSeconds, tags: { phase: 'load' } }),
  },
  thresholds: { ...thresholds({ took_answer: ['p(99)<=25'], took_next: ['p(99)<=25'], took_board: ['p(99)<=100'] }), ...MIX_THRESHOLDS },
  summaryTrendStats: STATISTICS,
};

export function mixed() {
  const { kind, reply } = request();
  if (exec.scenario.name === 'day') parts[kind].saw(reply);
}

export const handleSummary = summaryOf('mixed', { parts: Object.values(parts) });
