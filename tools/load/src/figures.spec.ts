import { figures } from './figures.js';

const trend = { type: 'trend', values: { med: 1.234, 'p(95)': 2, 'p(99)': 3, max: 4, count: 5 } };

it('shows what counts, and whether it held', () => {
  const text = figures({
    metrics: { 'http_req_duration{phase:load}': trend, 'http_req_duration{phase:warmup}': trend, http_reqs: { type: 'counter', values: { count: 9 } } },
    thresholds: [{ metric: 'checks', threshold: 'rate==1', ok: true }, { metric: 'x', threshold: 'p(99)<=10', ok: false }],
  });
  expect(text.split('\n')).toEqual(['http_req_duration{phase:load}: p50 1.23 ms, p95 2.00 ms, p99 3.00 ms, most 4.00 ms of 5', 'holds  checks: rate==1', 'BROKEN x: p(99)<=10']);
});

it('shows the steps of a rising rate and where it broke', () => {
  const steps = [{ rate: 400, answered: 800, refused: 0, p50: 1, p99: 2, lostShare: 0 }, { rate: 800, answered: 1_000, refused: 600, lostShare: 0.375 }];
  expect(figures({ metrics: {}, thresholds: [], steps, knee: 400 }).split('\n')).toEqual([
    '400/s: 800 answered, 0 refused, p50 1.00 ms, p99 2.00 ms, 0.00 % lost',
    '800/s: 1000 answered, 600 refused, p50 -, p99 -, 37.50 % lost',
    'knee: 400 a second',
  ]);
});
