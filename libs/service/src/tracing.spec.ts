import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Body, Controller, Get, Headers, Inject, Module, Param, Post } from '@nestjs/common';
import { Open } from './auth.guard.js';
import { createLog } from './logging.js';
import { Metrics } from './metrics.js';
import { OtlpTracing } from './otlp-tracing.js';
import { busy, notFound } from './problems.js';
import { createService, type Service } from './service.js';
import { SPANS_WAITING_MAX } from './span-outbox.js';
import { Collector, LogLines, testConfig } from './testing/index.js';
import { type Carrier, Tracing } from './tracing.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const TRACEPARENT = `00-${TRACE}-${SPAN}-01`;
const BATCH_SPANS = 512;

@Controller('v1')
class TracedController {
  constructor(@Inject(Tracing) private readonly tracing: Tracing) {}

  @Post('learners/:id/answers')
  @Open()
  async answer(@Param('id') id: string, @Body() body: { readonly step: string }): Promise<object> {
    await new Promise((resolve) => setImmediate(resolve));
    await this.tracing.span(`outer ${body.step}`, { 'trellis.events': 1 }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      this.tracing.spanSync(`inner ${body.step}`, {}, () => id);
    });
    return this.tracing.inject();
  }

  @Get('headers')
  @Open()
  carried(@Headers() headers: Carrier): object {
    return { active: this.tracing.inject(), within: this.tracing.within({ traceparent: headers['x-other'] }, () => this.tracing.inject()) };
  }

  @Get('fault')
  @Open()
  fault(): Promise<never> {
    return this.tracing.span('failing', {}, () => Promise.reject(Object.assign(new Error('learner-default.lovelace: gone'), { code: 'EGONE' })));
  }

  @Get('busy')
  @Open()
  busy(): never {
    throw busy('The service is busy.');
  }

  @Get('learners/:id')
  @Open()
  learner(): never {
    throw notFound('There is no such learner.');
  }
}

@Module({ controllers: [TracedController] })
class TracedModule {}

let collector: Collector;
let logTo: LogLines;
beforeEach(async () => {
  collector = await Collector.open();
  logTo = new LogLines();
});
afterEach(() => collector.close());

const start = (endpoint = collector.url): Promise<Service> =>
  createService(TracedModule, { name: 'traced', version: '1.2.3', config: testConfig({ traces: endpoint }), logTo });

const answer = (service: Service, step: string, headers: Record<string, string> = {}) =>
  service.app.inject({ method: 'POST', url: '/v1/learners/lovelace/answers', payload: { step }, headers });

describe('a request', () => {
  it('is a span, and what its handler does are spans beneath it', async () => {
    const service = await start();
    await answer(service, 'one');
    await service.stop();
    const [request, outer, inner] = ['POST /v1/learners/:id/answers', 'outer one', 'inner one'].map((name) => collector.span(name));
    expect(request).toMatchObject({
      service: 'traced',
      kind: 'server',
      parentSpanId: undefined,
      isError: false,
      attributes: { 'http.request.method': 'POST', 'http.route': '/v1/learners/:id/answers', 'http.response.status_code': 201 },
    });
    expect(outer).toMatchObject({ kind: 'internal', traceId: request?.traceId, parentSpanId: request?.spanId, attributes: { 'trellis.events': 1 } });
    expect(inner).toMatchObject({ traceId: request?.traceId, parentSpanId: outer?.spanId });
    expect(collector.bodies.join()).not.toContain('lovelace');
  });

  it('keeps its spans to itself among others on the same connections', async () => {
    const service = await start();
    const url = `${await service.listen()}/v1/learners/lovelace/answers`;
    const send = async (step: number) => {
      const body = JSON.stringify({ step: String(step), padding: 'x'.repeat(200_000) });
      const reply = await fetch(url, { method: 'POST', body, headers: { 'content-type': 'application/json' } });
      return (await reply.json()) as { traceparent: string };
    };
    const steps = Array.from({ length: 20 }, (_, step) => step);
    for (const half of [steps.slice(0, 10), steps.slice(10)]) await Promise.all(half.map(send));
    await service.stop();
    const requests = new Map(collector.spans.filter(({ kind }) => kind === 'server').map((span) => [span.spanId, span]));
    expect(requests.size).toBe(20);
    for (const step of steps) {
      const outer = collector.span(`outer ${step}`);
      const request = requests.get(outer.parentSpanId ?? '');
      expect(request?.traceId).toBe(outer.traceId);
      expect(collector.span(`inner ${step}`).parentSpanId).toBe(outer.spanId);
      requests.delete(outer.parentSpanId ?? '');
    }
    expect(requests.size).toBe(0);
  });

  it('goes on with the trace of whoever calls, and hands it on', async () => {
    const service = await start();
    const reply = await answer(service, 'one', { traceparent: TRACEPARENT, tracestate: 'vendor=1' });
    await service.stop();
    const request = collector.span('POST /v1/learners/:id/answers');
    expect(request).toMatchObject({ traceId: TRACE, parentSpanId: SPAN });
    expect(reply.json()).toEqual({ traceparent: `00-${TRACE}-${request.spanId}-01`, tracestate: 'vendor=1' });
  });

  it('is left out when whoever calls leaves the trace out, and hands that on', async () => {
    const service = await start();
    const reply = await answer(service, 'one', { traceparent: `00-${TRACE}-${SPAN}-00` });
    await service.stop();
    expect(collector.spans).toEqual([]);
    expect(reply.json()).toMatchObject({ traceparent: expect.stringMatching(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`)) });
  });

  it('can do a part of its work in the trace that a message carries', async () => {
    const service = await start();
    const reply = await service.app.inject({ url: '/v1/headers', headers: { 'x-other': TRACEPARENT } });
    await service.stop();
    const { traceId, spanId } = collector.span('GET /v1/headers');
    expect(reply.json()).toEqual({ active: { traceparent: `00-${traceId}-${spanId}-01` }, within: { traceparent: TRACEPARENT } });
  });

  it('is marked when the service is at fault, not when the caller is, and says nothing of either', async () => {
    const service = await start();
    for (const url of ['/v1/fault', '/v1/busy', '/v1/learners/lovelace', '/lovelace?lovelace']) await service.app.inject(url);
    await service.stop();
    const seen = collector.spans.map(({ name, isError, attributes }) => [name, isError, attributes['http.response.status_code'], attributes['error.type']]);
    expect(seen).toEqual([
      ['failing', true, undefined, 'EGONE'],
      ['GET /v1/fault', true, 500, '500'],
      ['GET /v1/busy', true, 503, '503'],
      ['GET /v1/learners/:id', false, 404, undefined],
      ['GET', false, 404, undefined],
    ]);
    expect(collector.bodies.join()).not.toContain('lovelace');
  });

  it('for health or metrics is no span', async () => {
    const service = await start();
    for (const url of ['/health/live', '/health/ready', '/metrics']) expect((await service.app.inject(url)).statusCode).toBe(200);
    await service.stop();
    expect(collector.spans).toEqual([]);
  });

  it('is logged with the id of its trace', async () => {
    const service = await start();
    await answer(service, 'one', { traceparent: TRACEPARENT });
    await service.stop();
    expect(logTo.lines.find(({ msg }) => msg === 'request')).toMatchObject({ traceId: TRACE });
  });
});

describe('two services in one process', () => {
  it('each send their own spans', async () => {
    const other = await Collector.open();
    const services = await Promise.all([start(), start(`${other.url}/`)]);
    for (const [index, service] of services.entries()) await answer(service, String(index));
    await Promise.all(services.map((service) => service.stop()));
    expect(collector.spans.map(({ name }) => name)).toEqual(['inner 0', 'outer 0', 'POST /v1/learners/:id/answers']);
    expect(other.spans.map(({ name }) => name)).toEqual(['inner 1', 'outer 1', 'POST /v1/learners/:id/answers']);
    await other.close();
  });
});

describe('a batch of messages', () => {
  it('is a trace of its own, linked once to each span that sent some of them', async () => {
    const tracing = tracingTo(collector.url).tracing;
    const kafka = { traceparent: Buffer.from(TRACEPARENT) };
    await tracing.batch('trellis.ingress process', [kafka, {}, kafka, { traceparent: [TRACEPARENT.replace(SPAN, '00f067aa0ba902b7')] }], async () => {
      tracing.spanSync('inner', {}, () => undefined);
    });
    await tracing.close();
    const batch = collector.span('trellis.ingress process');
    expect(batch).toMatchObject({ kind: 'consumer', parentSpanId: undefined, attributes: { 'messaging.batch.message_count': 4 } });
    expect(batch.links).toEqual([
      { traceId: TRACE, spanId: SPAN },
      { traceId: TRACE, spanId: '00f067aa0ba902b7' },
    ]);
    expect(collector.span('inner').parentSpanId).toBe(batch.spanId);
  });
});

describe('a collector that is', () => {
  it('gone costs spans, which are counted and warned of, and no request', async () => {
    const service = await start(await nobody());
    const metrics = service.app.get(Metrics);
    for (let i = 0; i < 3; i++) expect((await answer(service, String(i))).statusCode).toBe(201);
    await service.stop();
    expect(await spans(metrics)).toEqual({ sent: 0, dropped: 9 });
    // The exporter was still trying: it did not hold up the stop.
    const warning = { spans: 9, reason: 'no time left to send', msg: 'spans did not reach the collector' };
    expect(logTo.lines.filter(({ level }) => level === 'warn')).toEqual([expect.objectContaining(warning)]);
  });

  it('not one costs spans too, and the warning says why', async () => {
    const service = await start(`${collector.url}/elsewhere`);
    await answer(service, 'one');
    const metrics = service.app.get(Metrics);
    await service.stop();
    expect(await spans(metrics)).toEqual({ sent: 0, dropped: 3 });
    expect(logTo.lines.find(({ level }) => level === 'warn')).toMatchObject({ spans: 3, reason: 'Not Found' });
  });

  it('silent is sent no more than the queue holds', async () => {
    const silent = await Collector.open({ answers: false });
    const { tracing, metrics } = tracingTo(silent.url);
    const over = 100;
    for (let i = 0; i < BATCH_SPANS + SPANS_WAITING_MAX + over; i++) tracing.spanSync('work', {}, () => undefined);
    expect(await spans(metrics)).toEqual({ sent: 0, dropped: over });
    await tracing.close();
    expect(await spans(metrics)).toEqual({ sent: 0, dropped: BATCH_SPANS + SPANS_WAITING_MAX + over });
    expect(logTo.lines).toHaveLength(1);
    await silent.close();
  });

  it('well gets everything, and that is counted', async () => {
    const { tracing, metrics } = tracingTo(collector.url);
    for (let i = 0; i < 1_000; i++) tracing.spanSync('work', {}, () => undefined);
    await tracing.close();
    expect(collector.spans).toHaveLength(1_000);
    expect(await spans(metrics)).toEqual({ sent: 1_000, dropped: 0 });
  });
});

it('hands on what the work answers, and what it throws', async () => {
  const { tracing } = tracingTo(collector.url);
  expect(await tracing.span('work', {}, async () => 7)).toBe(7);
  expect(tracing.spanSync('work', {}, () => 8)).toBe(8);
  await expect(tracing.span('work', {}, () => Promise.reject(new TypeError('later')))).rejects.toThrow('later');
  expect(() =>
    tracing.spanSync('work', {}, () => {
      throw new TypeError('at once');
    }),
  ).toThrow('at once');
  expect(tracing.inject()).toEqual({});
  await tracing.close();
  expect(collector.spans.map(({ isError, attributes }) => [isError, attributes['error.type']])).toEqual([
    [false, undefined],
    [false, undefined],
    [true, 'TypeError'],
    [true, 'TypeError'],
  ]);
});

function tracingTo(endpoint: string): { tracing: Tracing; metrics: Metrics } {
  const metrics = new Metrics();
  const log = createLog({ name: 'traced', level: 'warn', to: logTo });
  return { metrics, tracing: new OtlpTracing({ endpoint, service: 'traced', version: '1.2.3', log, metrics }) };
}

async function spans(metrics: Metrics): Promise<Record<string, number>> {
  const counted = await metrics.registry.getSingleMetric('trellis_spans_total')?.get();
  return Object.fromEntries((counted?.values ?? []).map(({ labels, value }) => [String(labels.outcome), value]));
}

/** An address where nobody listens: somebody did a moment ago. */
async function nobody(): Promise<string> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return `http://127.0.0.1:${port}`;
}
