import { jest } from '@jest/globals';
import { Metrics } from './metrics.js';
import { createService } from './service.js';
import { LogLines, testConfig } from './testing/index.js';
import { SampleModule } from './testing/sample.module.js';

it('counts requests by method, route and status, never by path', async () => {
  const service = await createService(SampleModule, { name: 'sample', config: testConfig(), logTo: new LogLines() });
  for (const url of ['/v1/learners/zebra', '/v1/learners/quagga', '/zebra', '/v1/me?zebra']) await service.app.inject(url);
  const { payload, headers } = await service.app.inject('/metrics');
  await service.stop();

  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(payload).toContain('trellis_http_request_seconds_count{method="GET",route="/v1/learners/:id",status="404"} 2');
  expect(payload).toContain('trellis_http_request_seconds_count{method="GET",route="(unknown)",status="404"} 1');
  expect(payload).toContain('trellis_http_request_seconds_count{method="GET",route="/v1/me",status="200"} 1');
  expect(payload).toContain('trellis_http_requests_in_flight 0');
  expect(payload).toContain('nodejs_eventloop_lag_p99_seconds');
  expect(payload).not.toMatch(/zebra|quagga/);
});

it('makes a metric once and hands out the same one again', async () => {
  const metrics = new Metrics();
  const options = { name: 'trellis_events_total', help: 'Events', labels: ['kind'] };
  metrics.counter(options).inc({ kind: 'a' }, 2);
  metrics.counter(options).inc({ kind: 'a' });
  metrics.gauge({ name: 'trellis_lag', help: 'Lag' }).set(7);
  metrics.gaugeOf({ name: 'trellis_rows', help: 'Rows' }, () => 5);
  metrics.histogram({ name: 'trellis_batch', help: 'Batch', buckets: [1, 10] }).observe(3);
  const text = await metrics.registry.metrics();
  const lines = ['trellis_events_total{kind="a"} 3', 'trellis_lag 7', 'trellis_rows 5', 'trellis_batch_bucket{le="10"} 1'];
  for (const line of lines) expect(text).toContain(line);
});

it('shows gauges and counters of label sets as they are now, and none that are gone', async () => {
  const metrics = new Metrics();
  let held = [
    { labels: { partition: '0' }, value: 3 },
    { labels: { partition: '1' }, value: 4 },
  ];
  metrics.gaugesOf({ name: 'trellis_lag', help: 'Lag', labels: ['partition'] }, async () => held);
  metrics.countersOf({ name: 'trellis_folded_total', help: 'Folded', labels: ['partition'] }, async () => held);
  await metrics.registry.metrics();
  held = [{ labels: { partition: '1' }, value: 5 }];
  const text = await metrics.registry.metrics();
  expect(text).toContain('# TYPE trellis_lag gauge\ntrellis_lag{partition="1"} 5');
  expect(text).toContain('# TYPE trellis_folded_total counter\ntrellis_folded_total{partition="1"} 5');
  expect(text).not.toContain('partition="0"');
});

it('leaves out, and counts, what nobody answers for, and shows the rest', async () => {
  jest.useFakeTimers();
  const metrics = new Metrics();
  metrics.gauge({ name: 'trellis_head', help: 'Head' }).set(7);
  metrics.gaugesOf({ name: 'trellis_rows', help: 'Rows', labels: ['view'] }, () => Promise.reject(new Error('connection refused')));
  metrics.countersOf({ name: 'trellis_folded_total', help: 'Folded' }, () => new Promise(() => undefined));
  const first = metrics.registry.metrics();
  await jest.advanceTimersByTimeAsync(2000);
  expect(await first).toContain('trellis_head 7');
  const second = metrics.registry.metrics();
  await jest.advanceTimersByTimeAsync(2000);
  jest.useRealTimers();
  const text = await second;
  expect(text).not.toContain('trellis_rows{');
  for (const metric of ['trellis_rows', 'trellis_folded_total']) expect(text).toMatch(new RegExp(`^trellis_metrics_unanswered_total\\{metric="${metric}"\\} [12]$`, 'm'));
});

it('refuses one name for two kinds', () => {
  const metrics = new Metrics();
  metrics.counter({ name: 'trellis_x', help: 'x' });
  expect(() => metrics.gauge({ name: 'trellis_x', help: 'x' })).toThrow('The metric trellis_x already exists as another kind');
});
