import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Report } from './status-report.js';
import { algebra, place, removeFolders, serving } from './testing.js';

interface Told {
  readonly ready: boolean;
  readonly checks?: Readonly<Record<string, string | null>>;
  readonly metrics: string;
  readonly metricsStatus?: number;
}

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
afterAll(removeFolders);

/** A service that says these things, one after the other, the last one for ever. */
async function service(...told: readonly Told[]): Promise<{ readonly url: string; readonly keys: (string | undefined)[] }> {
  const keys: (string | undefined)[] = [];
  let read = 0;
  const http = createServer((request, response) => {
    const { ready, checks = {}, metrics, metricsStatus = 200 } = told[Math.min(read, told.length - 1)] ?? { ready: false, metrics: '' };
    keys.push(request.headers.authorization);
    if (request.url === '/metrics') {
      read += 1;
      return response.writeHead(metricsStatus).end(metrics);
    }
    return response.writeHead(ready ? 200 : 503).end(JSON.stringify({ ready, checks }));
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  const close = (): void => {
    http.closeAllConnections();
    http.close();
  };
  closing.push(close);
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, keys };
}

const QUICK = ['--every', '0.05'];
const UNUSED = 'http://127.0.0.1:9';

const ingest = (accepted: number): string => `
trellis_events_total{source="http",outcome="accepted"} ${accepted}
trellis_events_total{source="kafka",outcome="parked"} 2
trellis_append_seconds_bucket{le="0.001"} 50
trellis_append_seconds_bucket{le="0.002"} 100
trellis_append_seconds_bucket{le="+Inf"} 100
trellis_append_conflicts_total 3
trellis_log_head 1000
trellis_log_writable 1
trellis_log_damaged_positions 0
trellis_ingress_lag_events{topic="trellis.ingress",partition="10"} 7
trellis_ingress_lag_events{topic="trellis.ingress",partition="2"} 0
trellis_ingress_paused{topic="trellis.ingress",partition="10"} 1
trellis_relay_active 0
trellis_dependency_up{dependency="log"} 1
nodejs_eventloop_lag_p99_seconds 0.0125
process_resident_memory_bytes 104857600
process_cpu_seconds_total 5
`;
const projector = (partition: string, lag: number): string => `
trellis_projector_lag_events{view="learner",partition="${partition}"} ${lag}
trellis_projector_lag_seconds{view="learner",partition="${partition}"} ${lag / 10}
trellis_projector_position{view="learner"} ${1000 - lag}
trellis_projector_late_refolds_total{view="learner"} 4
trellis_rows{view="learner"} 31
trellis_view_built{view="learner"} 1
trellis_append_seconds_bucket{le="0.001"} 0
trellis_append_seconds_bucket{le="0.002"} 0
trellis_append_seconds_bucket{le="+Inf"} 0
trellis_relay_active 1
trellis_relay_position 990
trellis_relay_lag_events 10
trellis_relay_published_total 900
`;

describe('status of several services', () => {
  it('adds what is counted, and takes the highest of what is measured', async () => {
    const one = await service({ ready: true, metrics: ingest(100) }, { ready: true, metrics: ingest(110) });
    const two = await service({ ready: true, metrics: projector('0', 20) });
    const three = await service({ ready: true, metrics: projector('1', 5) });
    const ran = await place().trellis(['status', ...QUICK, '--json', ...[one, two, three].flatMap(({ url }) => ['--url', url])]);
    const report = ran.json<Report>();
    expect(ran).toMatchObject({ code: 0, err: '' });
    expect(report.ok).toBe(true);
    const [accepted, parked] = report.events;
    expect(accepted).toMatchObject({ source: 'http', outcome: 'accepted', total: 110 });
    expect(accepted?.perSecond).toBeCloseTo(10 / (report.seconds ?? 0), 9);
    expect(parked).toEqual({ source: 'kafka', outcome: 'parked', total: 2, perSecond: 0 });
    expect(report.latency).toEqual({ since: 'start', of: [{ what: 'append', count: 100, p50Ms: 1, p95Ms: 1.9, p99Ms: 1.98 }] });
    expect(report.log).toEqual({ head: 1000, writable: true, damagedPositions: 0, conflicts: 3 });
    expect(report.views).toMatchObject([
      { view: 'learner', built: true, position: 995, rows: 31, lateRefolds: 8, gapsHealed: null, partitions: [{ partition: '0', lagEvents: 20, lagSeconds: 2 }, { partition: '1', lagEvents: 5, lagSeconds: 0.5 }] },
    ]);
    expect(report.ingress).toEqual([
      { topic: 'trellis.ingress', partition: '2', lagEvents: 0, paused: null },
      { topic: 'trellis.ingress', partition: '10', lagEvents: 7, paused: true },
    ]);
    expect(report.relay).toEqual({ active: 2, position: 990, lagEvents: 10, published: 1800 });
    expect(report.services[0]).toEqual({ url: one.url, ready: true, why: [], eventLoopP99Ms: 12.5, memoryBytes: 104857600, cpu: 0, dependencies: { log: true } });
  });

  it('says why one is not ready or cannot be asked, shows the others, and leaves with 1', async () => {
    const one = await service({ ready: true, metrics: ingest(1) });
    const two = await service({ ready: false, checks: { log: 'the disk is full', views: null }, metrics: 'trellis_dependency_up{dependency="kafka"} 0' });
    const ran = await place().trellis(['status', ...QUICK, '--url', one.url, '--url', two.url, '--url', UNUSED]);
    expect(ran.code).toBe(1);
    expect(ran.out).toMatch(/^Trellis at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC: 3 services, NOT ready: 2\n/);
    for (const line of [`${two.url} log: the disk is full`, `${two.url} kafka does not answer`, `${UNUSED} cannot be reached: `]) expect(ran.out).toContain(`\n  ${line}`);
    expect(ran.out).toMatch(/\nlog {2}head 1,000, writable, 3 conflicts\n/);
  });

  it.each([
    [{ ready: true, metrics: '{}', metricsStatus: 401 }, '/metrics answered 401 (--key or TRELLIS_KEY, of the role operator)'],
    [{ ready: true, metrics: '<html>' }, `line 1 is not in Prometheus' text format: "<html>"`],
  ])('is not ok where the metrics cannot be read: %j', async (told, why) => {
    const { url } = await service(told);
    const ran = await place().trellis(['status', '--json', '--url', url]);
    expect(ran.code).toBe(1);
    expect(ran.json<Report>().services[0]?.why).toEqual([why]);
  });

  it('shows its key, from the command line or the environment', async () => {
    const { url, keys } = await service({ ready: true, metrics: '' });
    await place().trellis(['status', ...QUICK, '--url', url, '--key', 'given']);
    await place().trellis(['status', ...QUICK, '--url', url], { env: { TRELLIS_KEY: 'kept' } });
    expect(new Set(keys)).toEqual(new Set(['Bearer given', 'Bearer kept']));
  });

  it.each([
    [['--url', 'localhost:7077'], '--url is "localhost:7077"; it must be an address such as'],
    [['--every', '0'], 'It must be a number of seconds from 0.05 to 3600'],
    [['--json', '--watch'], '--json and --watch exclude each other'],
  ])('refuses %j', async (words, why) => {
    const ran = await place().trellis(['status', ...words]);
    expect(ran.code).toBe(2);
    expect(ran.err).toContain(why);
  });
});

describe('watching', () => {
  it('writes over the screen on a terminal until Ctrl-C, and gives the cursor back', async () => {
    const { url } = await service({ ready: true, metrics: ingest(100) }, { ready: true, metrics: ingest(140) });
    const stop = new AbortController();
    let out = '';
    const write = (text: string): void => {
      out += text;
      if (out.split('\u001b[H').length > 3) stop.abort();
    };
    const ran = await place().trellis(['status', ...QUICK, '--url', url], { stdout: { isTTY: true, write }, signal: stop.signal });
    expect(ran).toMatchObject({ code: 130, err: 'trellis: interrupted.\n' });
    const [start, first = '', second = ''] = out.split('\u001b[H');
    expect(start).toBe('\u001b[?25l\u001b[2J');
    expect(first).toMatch(/accepted by http +100 +-/);
    expect(first).toContain('latency  since start');
    expect(second).toMatch(/accepted by http +140 +[\d,.]+/);
    expect(second).toMatch(/latency +in [\d.]+ s/);
    expect(out.endsWith('\u001b[?25h')).toBe(true);
  });

  it('does not let a low window scroll', async () => {
    const { url } = await service({ ready: true, metrics: ingest(100) });
    const stop = new AbortController();
    let out = '';
    const stdout = { isTTY: true, rows: 6, write: (text: string) => ((out += text), text.includes('\u001b[J') && stop.abort()) };
    await place().trellis(['status', '--url', url], { stdout, signal: stop.signal });
    expect(out.split('\n')).toHaveLength(6);
    expect(out).toMatch(/\.\.\. and \d+ more lines: make the window higher/);
  });

  it('goes on when a service goes away', async () => {
    const { url } = await service({ ready: true, metrics: ingest(100) });
    const stop = new AbortController();
    let out = '';
    const write = (text: string): void => {
      out += text;
      for (const close of closing.splice(0)) void close();
      if (out.includes('cannot be reached')) stop.abort();
    };
    const ran = await place().trellis(['status', '--watch', ...QUICK, '--url', url], { stdout: { write }, signal: stop.signal });
    expect(ran.code).toBe(130);
    expect(out).toContain(`  ${url} cannot be reached: nobody listens there`);
  });
});

it('shows a real engine: what it answers, and how far its views are', async () => {
  const at = await algebra();
  const engine = await serving(join(at.cwd, '.trellis'));
  closing.push(() => engine.stop());
  at.file('a.csv', 'learner,item,correct\nana,q1,1\nbob,q1,0\n');
  expect((await at.trellis(['import', 'a.csv', '--url', engine.url])).code).toBe(0);
  const ran = await at.trellis(['status', ...QUICK, '--json', '--url', engine.url]);
  const report = ran.json<Report>();
  expect(ran.code).toBe(0);
  expect(report).toMatchObject({ ok: true, services: [{ url: engine.url, ready: true, eventLoopP99Ms: expect.any(Number), memoryBytes: expect.any(Number) }], log: { writable: true } });
  expect(report.events.find(({ outcome }) => outcome === 'accepted')?.total).toBe(2);
  expect(report.views.map(({ view }) => view)).toEqual(['calibration', 'classroom', 'course', 'learner']);
  expect(report.latency.of.map(({ what }) => what)).toContain('recommendation');
});
