import { bucketsOf, quantileMs } from './request-seconds.js';

const ROUTE = '/v1/learners/:learner/answers';

function text(counts: readonly (readonly [edge: string, count: number])[], { route = ROUTE, status = 200 } = {}): string {
  return counts.map(([edge, count]) => `trellis_http_request_seconds_bucket{le="${edge}",method="POST",route="${route}",status="${status}"} ${count}`).join('\n');
}

it('takes what was answered with 200 on that route', () => {
  const all = [text([['0.01', 3], ['+Inf', 4]]), text([['0.01', 50]], { status: 503 }), text([['0.01', 70]], { route: '/health/live' })].join('\n');
  expect(bucketsOf(all, ROUTE)).toEqual(new Map([[0.01, 3], [Infinity, 4]]));
});

it('finds a quantile between two readings, evenly within a bucket', () => {
  const before = bucketsOf(text([['0.01', 100], ['0.05', 100], ['+Inf', 100]]), ROUTE);
  const after = bucketsOf(text([['0.01', 150], ['0.05', 198], ['+Inf', 200]]), ROUTE);
  // Of 100 between the two, 50 within 10 ms and 98 within 50: the 74th lies in the middle of those 48.
  expect(quantileMs(before, after, 0.74)).toBeCloseTo(30, 9);
  expect(quantileMs(before, after, 0.99)).toBe(50);
  expect(quantileMs(after, after, 0.99)).toBeNaN();
});
