import { figures } from './figures.js';
import type { Part, Summary } from './result.js';

const none: Summary = { suite: 'recommend', metrics: {}, thresholds: [], parts: [], figures: [] };
const trend = { type: 'trend', values: { med: 1.234, 'p(95)': 2, 'p(99)': 3, max: 4, count: 5 } };

it('shows what counts, and whether it held', () => {
  const text = figures({
    ...none,
    metrics: { 'http_req_duration{phase:load}': trend, 'http_req_duration{phase:warmup}': trend, http_reqs: { type: 'counter', values: { count: 9 } } },
    thresholds: [{ metric: 'checks', threshold: 'rate==1', ok: true }, { metric: 'x', threshold: 'p(99)<=10', ok: false }],
  });
  expect(text.split('\n')).toEqual(['http_req_duration{phase:load}: p50 1.23 ms, p95 2.00 ms, p99 3.00 ms, most 4.00 ms of 5', 'holds  checks: rate==1', 'BROKEN x: p(99)<=10']);
});

it('shows the parts of a run and what it is about', () => {
  const part: Part = { name: 'json_500', seconds: 10, offeredPerSecond: 4, answered: 30, refused: 6, failed: 1, unsent: 3, answeredPerSecond: 3, eventsPerSecond: 1_500, p50Ms: 1, p95Ms: 1.5, p99Ms: 2, residentMiB: 90 };
  const { eventsPerSecond: _, ...rest } = part;
  const plain = { ...rest, p50Ms: null, p99Ms: null, residentMiB: null };
  const text = figures({ ...none, parts: [part, plain], figures: [{ name: 'knee', value: 400, unit: 'requests/s' }] });
  expect(text.split('\n')).toEqual([
    'json_500: 4.0/s due, 3.0/s answered (1500 events/s): 30 answered, 6 refused, 1 failed, 3 unsent, p50 1.00 ms, p99 2.00 ms, 90 MiB',
    'json_500: 4.0/s due, 3.0/s answered: 30 answered, 6 refused, 1 failed, 3 unsent, p50 -, p99 -',
    'knee: 400 requests/s',
  ]);
});

it('says first where KurrentDB was a double', () => {
  expect(figures({ ...none, isKurrentDouble: true }).split('\n')[0]).toContain('a double of KurrentDB');
});
