import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import type { GateOptions } from './gate.js';
import { CROWD_GONE_MS, RUSH_MS_MAX, TURN_MS_MAX, WAIT_CROWD_MS_MAX, WAIT_MS_MAX, WAIT_OVERLOADED_MS_MAX, WAITING_MAX, WORKED_FOR_MAX, WRITES_STALLED_MS } from './limits.js';
import type { AdmissionClass } from './route-config.js';
import { createService, type Service } from './service.js';
import { FixedLoop, LogLines, testConfig } from './testing/index.js';
import { SampleModule, Turnstile } from './testing/sample.module.js';

interface Answered {
  readonly status: number;
  readonly retryAfter: string | undefined;
  readonly detail: string | undefined;
  readonly isReused: boolean;
}

/** Routes that are not answered before the turnstile lets them out. */
const HELD: Readonly<Record<AdmissionClass, readonly [string, string]>> = { write: ['POST', '/v1/wait'], recommendation: ['POST', '/v1/recommendations'], read: ['GET', '/v1/wait'] };

const ONE_EACH = { write: 1, recommendation: 1, read: 1 };

let service: Service;
let url: string;
let agent: Agent;
let loop: FixedLoop;
let turnstile: Turnstile;

async function start(gate: GateOptions = {}): Promise<void> {
  loop = new FixedLoop();
  service = await createService(SampleModule, { name: 'sample', config: testConfig(), logTo: new LogLines(), gate: { loop, workedForMax: ONE_EACH, ...gate } });
  url = await service.listen();
  turnstile = service.app.get(Turnstile);
  agent = new Agent({ keepAlive: true });
}

afterEach(async () => {
  turnstile.open();
  const stopped = service.stop();
  // Those in line are served before a service stops, and its loop turns only when told.
  let isStopped = false;
  void stopped.finally(() => (isStopped = true));
  await until(() => (loop.turn(1), isStopped));
  agent.destroy();
});

function send(method: string, path: string, body?: string, by: Agent = agent): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url + path, { method, headers, agent: by }, (answer) => {
      text(answer).then((body) => {
        const { detail } = JSON.parse(body.startsWith('{') ? body : '{}') as { detail?: string };
        resolve({ status: answer.statusCode ?? 0, retryAfter: answer.headers['retry-after'], detail, isReused: sent.reusedSocket });
      }, reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}

async function metric(name: string): Promise<number> {
  const { payload } = await service.app.inject('/metrics');
  return Number(payload.split('\n').find((line) => line.startsWith(`${name} `))?.split(' ').at(-1));
}

/** Sends one and resolves once it waits inside, with the promise of its status. */
async function hold(kind: AdmissionClass): Promise<{ readonly status: Promise<number> }> {
  const before = turnstile.entries;
  const status = send(...HELD[kind]).then((answer) => answer.status);
  await until(() => turnstile.entries > before);
  return { status };
}

/** Sends one and resolves once it stands in line. */
async function lineUp(kind: AdmissionClass): Promise<{ readonly answered: Promise<Answered> }> {
  const before = await metric('trellis_http_requests_waiting');
  const answered = send(...HELD[kind]);
  while ((await metric('trellis_http_requests_waiting')) === before) await new Promise((resolve) => setImmediate(resolve));
  return { answered };
}

describe('a line', () => {
  it('forms where all places are taken, and moves up when one is free', async () => {
    await start();
    const first = await hold('read');
    const second = await lineUp('read');
    loop.turn();
    expect(turnstile.entries).toBe(1);
    turnstile.letOut();
    expect(await first.status).toBe(200);
    await until(() => (loop.turn(), turnstile.entries === 2));
    turnstile.open();
    expect((await second.answered).status).toBe(200);
  });

  it('is overtaken by nobody who comes when a place is free', async () => {
    await start();
    const first = await hold('read');
    await lineUp('read');
    turnstile.letOut();
    expect(await first.status).toBe(200);
    // Resolves only if it has to wait.
    await lineUp('read');
    expect([turnstile.entries, await metric('trellis_http_requests_waiting')]).toEqual([1, 2]);
  });

  it('turns away who has waited for too long, in order, and tells them although nobody leaves', async () => {
    await start();
    await hold('read');
    const early = await lineUp('read');
    loop.ms += WAIT_MS_MAX - 1;
    const late = await lineUp('read');
    loop.turn(1);
    expect(await early.answered).toMatchObject({ status: 503, retryAfter: '1', detail: expect.stringContaining('come before reading') });
    expect(await metric('trellis_http_requests_waiting')).toBe(1);
    turnstile.open();
    await until(() => (loop.turn(), turnstile.entries === 2));
    expect((await late.answered).status).toBe(200);
  });

  it('lets nobody wait for long once a crowd stays, until it is gone', async () => {
    await start({ crowdMin: 3 });
    await hold('read');
    const early = await lineUp('read');
    const second = await lineUp('read');
    loop.ms += RUSH_MS_MAX - 5;
    const late = await lineUp('read');
    expect(await metric('trellis_http_requests_waiting')).toBe(3);
    loop.turn(5);
    expect([(await early.answered).status, (await second.answered).status]).toEqual([503, 503]);
    expect(await metric('trellis_http_requests_waiting')).toBe(1);
    loop.turn(WAIT_OVERLOADED_MS_MAX - 5);
    expect((await late.answered).status).toBe(503);
    // It is empty, but the crowd may only have been turned away.
    loop.turn(CROWD_GONE_MS - WAIT_OVERLOADED_MS_MAX - 1);
    const again = await lineUp('read');
    loop.turn(WAIT_OVERLOADED_MS_MAX);
    expect((await again.answered).status).toBe(503);
    loop.turn(CROWD_GONE_MS);
    await lineUp('read');
    loop.turn(WAIT_MS_MAX - 1);
    expect(await metric('trellis_http_requests_waiting')).toBe(1);
  });

  it('of a crowd of a moment is worked off', async () => {
    await start({ crowdMin: 3 });
    await hold('read');
    const [early, late] = [await lineUp('read'), await lineUp('read')];
    loop.turn(WAIT_CROWD_MS_MAX - 1);
    turnstile.letOut();
    await until(() => (loop.turn(), turnstile.entries === 2));
    loop.turn(WAIT_CROWD_MS_MAX);
    expect(await metric('trellis_http_requests_waiting')).toBe(1);
    turnstile.open();
    await until(() => (loop.turn(), turnstile.entries === 3));
    expect([(await early.answered).status, (await late.answered).status]).toEqual([200, 200]);
  });

  it('lets nobody wait for long where a crowd comes back as soon as it is turned away', async () => {
    await start({ crowdMin: 3 });
    const held = await hold('read');
    const early = [await lineUp('read'), await lineUp('read')];
    loop.turn(WAIT_CROWD_MS_MAX);
    for (const { answered } of early) expect((await answered).status).toBe(503);
    loop.turn(RUSH_MS_MAX);
    const again = [await lineUp('read'), await lineUp('read')];
    loop.turn(WAIT_OVERLOADED_MS_MAX);
    for (const { answered } of again) expect((await answered).status).toBe(503);
    turnstile.open();
    expect(await held.status).toBe(200);
  });

  it('is not waited in for long by a crowd', async () => {
    await start({ crowdMin: 3 });
    const held = await hold('read');
    const waiting = [await lineUp('read'), await lineUp('read')];
    loop.turn(WAIT_CROWD_MS_MAX - 1);
    expect(await metric('trellis_http_requests_waiting')).toBe(2);
    loop.turn(10);
    for (const { answered } of waiting) expect((await answered).status).toBe(503);
    turnstile.open();
    expect(await held.status).toBe(200);
  });

  it.each(['recommendation', 'read'] as const)('of a %s is as impatient as all others', async (kind) => {
    await start({ crowdMin: 4 });
    const held = [await hold('write'), await hold(kind)];
    const waiting = [await lineUp('write'), await lineUp('write')];
    loop.ms += RUSH_MS_MAX - WAIT_OVERLOADED_MS_MAX;
    waiting.push(await lineUp(kind));
    loop.turn(WAIT_OVERLOADED_MS_MAX);
    for (const { answered } of waiting) expect((await answered).status).toBe(503);
    turnstile.open();
    for (const { status } of held) expect(await status).toBe(200);
  });

  it('forgets who has left', async () => {
    await start();
    await hold('read');
    const other = new Agent();
    const leaving = request(`${url}/v1/wait`, { agent: other }).on('error', () => {
      // It is cut below.
    });
    leaving.end();
    while ((await metric('trellis_http_requests_waiting')) === 0) await new Promise((resolve) => setImmediate(resolve));
    leaving.destroy();
    while ((await metric('trellis_http_requests_waiting')) === 1) await new Promise((resolve) => setImmediate(resolve));
    expect(await metric('trellis_http_requests_in_flight')).toBe(1);
    loop.turn(WAIT_MS_MAX);
    expect(await metric('trellis_http_refused_total{class="read",why="waited"}')).toBe(0);
  });

  it('has an end', async () => {
    await start({ requestsMax: WAITING_MAX + 10 });
    const held = await hold('write');
    const waiting = Array.from({ length: WAITING_MAX }, () => service.app.inject({ method: 'POST', url: '/v1/wait' }));
    while ((await metric('trellis_http_requests_waiting')) < WAITING_MAX) await new Promise((resolve) => setImmediate(resolve));
    expect(await send(...HELD.write)).toMatchObject({ status: 503 });
    expect(await metric('trellis_http_refused_total{class="write",why="line"}')).toBe(1);
    loop.turn(WAIT_MS_MAX);
    expect(new Set((await Promise.all(waiting)).map(({ statusCode }) => statusCode))).toEqual(new Set([503]));
    turnstile.open();
    expect(await held.status).toBe(200);
  });
});

describe('what is asked again comes after what was done', () => {
  it.each(['recommendation', 'read'] as const)('a %s waits while a write waits', async (kind) => {
    await start({ workedForMax: { write: 1, recommendation: 2, read: 2 } });
    await hold('write');
    await lineUp('write');
    const { answered } = await lineUp(kind);
    loop.turn(WRITES_STALLED_MS - 1);
    expect(turnstile.entries).toBe(1);
    // The write leaves, the next is let in and nobody waits in front any more.
    turnstile.letOut();
    await until(() => (loop.turn(), turnstile.entries === 3));
    expect(turnstile.order).toEqual(['write', 'write', kind]);
    turnstile.open();
    expect((await answered).status).toBe(200);
  });

  it('but not while the log answers no write at all', async () => {
    await start();
    await hold('write');
    loop.turn(WRITES_STALLED_MS);
    await lineUp('write');
    await hold('read');
    await hold('recommendation');
    expect(turnstile.order).toEqual(['write', 'read', 'recommendation']);
  });

  it('health and metrics never wait', async () => {
    await start();
    for (const kind of ['write', 'recommendation', 'read'] as const) await hold(kind);
    for (const kind of ['write', 'recommendation', 'read'] as const) await lineUp(kind);
    for (const path of ['/health/live', '/health/ready', '/metrics']) expect((await send('GET', path)).status).toBe(200);
  });
});

it('begins no more in a turn of the event loop that has taken its time', async () => {
  await start({ workedForMax: WORKED_FOR_MAX });
  await hold('write');
  loop.ms += TURN_MS_MAX - 1;
  await hold('write');
  loop.ms += 1;
  await lineUp('write');
  loop.turn();
  loop.turn();
  await until(() => turnstile.entries === 3);
});

describe('a refusal', () => {
  const refusing = { workedForMax: { write: 0, recommendation: 0, read: 0 } };
  const refused = async (method: string, path: string, body?: string, by?: Agent): Promise<Answered> => {
    const answered = send(method, path, body, by);
    while ((await metric('trellis_http_requests_waiting')) === 0) await new Promise((resolve) => setImmediate(resolve));
    loop.turn(WAIT_MS_MAX);
    return answered;
  };

  it('comes before the body is parsed, and leaves the connection usable', async () => {
    await start(refusing);
    const one = new Agent({ keepAlive: true, maxSockets: 1 });
    const detail = 'The service has more answers and events than it can take in time. Send it again later: what has an id counts once.';
    expect(await refused('POST', '/v1/events', '{'.repeat(1024 * 1024), one)).toMatchObject({ status: 503, detail });
    expect(await refused('GET', '/v1/me', undefined, one)).toMatchObject({ status: 503, isReused: true });
    expect(await send('GET', '/health/live', undefined, one)).toMatchObject({ status: 200, isReused: true });
    one.destroy();
  });

  it('spreads over some seconds when to come again', async () => {
    await start(refusing);
    const waits = [];
    for (let asked = 0; asked < 6; asked++) waits.push((await refused('GET', '/v1/me')).retryAfter);
    expect(waits).toEqual(['1', '2', '3', '1', '2', '3']);
  });

  it('is counted by what was refused and why, from zero on', async () => {
    await start(refusing);
    await refused('POST', '/v1/recommendations');
    expect(await metric('trellis_http_refused_total{class="recommendation",why="waited"}')).toBe(1);
    expect(await metric('trellis_http_refused_total{class="write",why="waited"}')).toBe(0);
    expect(await metric('trellis_http_requests_in_flight')).toBe(0);
  });
});
