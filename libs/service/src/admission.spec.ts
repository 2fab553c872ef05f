import { Agent, request } from 'node:http';
import type { GateOptions } from './gate.js';
import { ADMISSION, BURST, STANDING_MS, TURN_LATE_MS, YIELD_MS } from './limits.js';
import { createService, type Service } from './service.js';
import { FixedTurns, LogLines, testConfig } from './testing/index.js';
import { SampleModule, Turnstile } from './testing/sample.module.js';

interface Answered {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly detail: string | undefined;
  readonly isReused: boolean;
}

const RECOMMENDATION = ['POST', '/v1/recommendations'] as const;
const READ = ['GET', '/v1/me'] as const;
const WRITE = ['POST', '/v1/events', '[]'] as const;

let service: Service;
let url: string;
let agent: Agent;
let turns: FixedTurns;
let turnstile: Turnstile;

async function start(gate: GateOptions = {}): Promise<void> {
  turns = new FixedTurns();
  service = await createService(SampleModule, { name: 'sample', config: testConfig(), logTo: new LogLines(), gate: { turns, ...gate } });
  url = await service.listen();
  turnstile = service.app.get(Turnstile);
  agent = new Agent({ keepAlive: true });
}

afterEach(async () => {
  turnstile.released.resolve();
  agent.destroy();
  await service.stop();
});

function send(method: string, path: string, body?: string, by: Agent = agent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url + path, { method, headers, agent: by }, async (answer) => {
      let text = '';
      for await (const part of answer) text += String(part);
      const { detail } = JSON.parse(text.startsWith('{') ? text : '{}') as { detail?: string };
      resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'], detail, isReused: sent.reusedSocket });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const statusOf = async (...what: readonly [string, string, string?]): Promise<number> => (await send(...what)).status;

/** Requests that are let in and not answered until the turnstile opens. */
async function hold(count: number, method: string, path: string): Promise<Promise<number>[]> {
  const before = turnstile.inside;
  const held = Array.from({ length: count }, () => statusOf(method, path));
  while (turnstile.inside < before + count) await new Promise((resolve) => setImmediate(resolve));
  return held;
}

/** A turn of the event loop that is `ms` old when the next request is looked at. */
async function turnThatHasTaken(ms: number): Promise<void> {
  turns.end();
  if (!turns.isWatched) await send(...READ);
  turns.ms += ms;
}

/** The event loop comes late, turn after turn, for so long that it is no burst any more. */
async function overload(): Promise<void> {
  await turnThatHasTaken(TURN_LATE_MS);
  turns.end();
  turns.ms += STANDING_MS;
  turns.end();
}

describe('a loop that is late for long', () => {
  const cases = [
    ['on time', 0, [200, 200, 200]],
    ['later than recommendations and reads may wait', ADMISSION.read.turnMs + 1, [503, 503, 200]],
    ['later than writes may wait', ADMISSION.write.turnMs + 1, [503, 503, 503]],
  ] as const;
  it.each(cases)('lets in what may wait as long as the turn has taken: %s', async (_, late, expected) => {
    await start();
    await overload();
    turnstile.released.resolve();
    turns.ms += late;
    expect([await statusOf(...RECOMMENDATION), await statusOf(...READ), await statusOf(...WRITE)]).toEqual(expected);
  });

  it('always answers health and metrics', async () => {
    await start();
    await overload();
    turns.ms += 10_000;
    for (const path of ['/health/live', '/health/ready', '/metrics']) expect(await statusOf('GET', path)).toBe(200);
  });

  it('lets in all again after one turn that came in time', async () => {
    await start();
    await overload();
    turns.ms += ADMISSION.read.turnMs + 1;
    expect(await statusOf(...READ)).toBe(503);
    turns.end();
    turns.end();
    expect(await statusOf(...READ)).toBe(200);
  });

  it('lets in recommendations and reads only after a while when it had to refuse a write', async () => {
    await start();
    await overload();
    turnstile.released.resolve();
    turns.ms += ADMISSION.write.turnMs + 1;
    expect(await statusOf(...WRITE)).toBe(503);
    turns.end();
    turns.end();
    expect([await statusOf(...RECOMMENDATION), await statusOf(...READ), await statusOf(...WRITE)]).toEqual([503, 503, 200]);
    turns.end();
    turns.ms += YIELD_MS;
    turns.end();
    expect([await statusOf(...RECOMMENDATION), await statusOf(...READ), await statusOf(...WRITE)]).toEqual([200, 200, 200]);
  });
});

describe('a loop that is late once', () => {
  it('turns nobody away for a pause that is soon made up', async () => {
    await start();
    await turnThatHasTaken(2_000);
    turns.end();
    turns.ms += ADMISSION.read.turnMs * BURST;
    expect(await statusOf(...READ)).toBe(200);
  });

  it('turns away what a pause has kept waiting for too long', async () => {
    await start();
    await turnThatHasTaken(ADMISSION.read.turnMs * BURST + 1);
    expect([await statusOf(...READ), await statusOf(...WRITE)]).toEqual([503, 200]);
  });
});

describe('requests in flight', () => {
  it('may be many for a moment, and of each kind fewer for long', async () => {
    await start({ admission: { ...ADMISSION, recommendation: { turnMs: 10, inFlightMax: 2 } } });
    const held = await hold(2 * BURST, ...RECOMMENDATION);
    expect(await statusOf(...RECOMMENDATION)).toBe(503);
    turns.ms += STANDING_MS;
    turns.end();
    turns.end();
    expect([await statusOf(...RECOMMENDATION), await statusOf(...READ), await statusOf(...WRITE)]).toEqual([503, 200, 200]);
    turnstile.released.resolve();
    expect(new Set(await Promise.all(held))).toEqual(new Set([200]));
    expect(await statusOf(...RECOMMENDATION)).toBe(200);
  });

  it('are held to the lower number until half of it are left', async () => {
    await start({ admission: { ...ADMISSION, read: { turnMs: 10, inFlightMax: 2 } } });
    await hold(2, 'GET', '/v1/wait');
    turns.ms += STANDING_MS;
    turns.end();
    expect(await statusOf(...READ)).toBe(503);
    turnstile.released.resolve();
    while (turnstile.inside > 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await statusOf(...READ)).toBe(200);
  });
});

describe('a refusal', () => {
  it('says so before a body is parsed and before it is asked who calls, and leaves the connection usable', async () => {
    await start({ admission: { ...ADMISSION, write: { turnMs: 20, inFlightMax: 0 } } });
    const one = new Agent({ keepAlive: true, maxSockets: 1 });
    const refused = await send('POST', '/v1/events', '{'.repeat(1024 * 1024), one);
    expect(refused).toMatchObject({ status: 503, detail: 'The service has as many writes as it can answer in time. What has an id counts once: send it again.' });
    expect(await send('GET', '/v1/me', undefined, one)).toMatchObject({ status: 503, isReused: true });
    expect(await send('GET', '/health/live', undefined, one)).toMatchObject({ status: 200, isReused: true });
    one.destroy();
  });

  it('spreads over some seconds when to come again', async () => {
    await start({ admission: { ...ADMISSION, read: { turnMs: 10, inFlightMax: 0 } } });
    const waits = [];
    for (let asked = 0; asked < 6; asked++) waits.push((await send(...READ)).retryAfter);
    expect(waits).toEqual(['1', '2', '3', '1', '2', '3']);
  });

  it('is counted by what was refused and why', async () => {
    await start({ admission: { ...ADMISSION, recommendation: { turnMs: 10, inFlightMax: 0 } } });
    await send(...RECOMMENDATION);
    await turnThatHasTaken(ADMISSION.read.turnMs * BURST + 1);
    await send(...READ);
    const { payload } = await service.app.inject('/metrics');
    expect(payload).toContain('trellis_http_refused_total{class="recommendation",why="in-flight"} 1');
    expect(payload).toContain('trellis_http_refused_total{class="read",why="late"} 1');
    expect(payload).toContain('trellis_http_refused_total{class="write",why="late"} 0');
  });
});
