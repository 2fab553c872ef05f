import type { GateOptions } from './gate.js';
import { createService, type Service } from './service.js';
import { FixedClock, LogLines, testConfig } from './testing/index.js';
import { SampleModule, Turnstile } from './testing/sample.module.js';

const MIB = 1024 * 1024;
const JSON_TYPE = { 'content-type': 'application/json' };
const logTo = new LogLines();
let service: Service;

beforeAll(async () => {
  service = await createService(SampleModule, { name: 'sample', config: testConfig(), logTo, clock: new FixedClock(1234) });
});
afterAll(() => service.stop());

const post = (url: string, payload: string, headers: Record<string, string> = JSON_TYPE) =>
  service.app.inject({ method: 'POST', url, payload, headers });

describe('problems', () => {
  const get = (url: string) => service.app.inject(url);
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const text = { 'content-type': 'text/plain' };
  const gzip = { ...JSON_TYPE, 'content-encoding': 'gzip' };
  const none = (method: string) => `There is no ${method} route with this path.`;
  const learner = { field: 'id', value: 'l1', detail: 'There is no such learner.' };
  const score = { field: 'score', value: 7, detail: 'score is 7; it must be a number, 0 to 1.' };

  it.each([
    ['a controller', 404, 'not-found', () => get('/v1/learners/l1'), learner],
    ['a refusal', 422, 'refused:too-many-goals', () => post('/v1/goals', '{}'), { detail: 'A learner has at most 5 goals.' }],
    ['a schema', 400, 'out-of-range', () => post('/v1/learners/l1/answers', '{"item":"i","score":7}'), score],
    ['a query', 400, 'wrong-type', () => get('/v1/courses?count=many'), { field: 'query.count', value: 'many' }],
    ['an unknown route', 404, 'not-found', () => get('/v1/nowhere'), { detail: none('GET') }],
    ['another method', 404, 'not-found', () => service.app.inject({ method: 'DELETE', url: '/v1/me' }), { detail: none('DELETE') }],
    ['an unreadable path', 400, 'not-found', () => get('/v1/learners/%zz'), {}],
    ['an endless path', 414, 'too-large', () => get(`/v1/learners/${'l'.repeat(600)}`), {}],
    ['half a document', 400, 'malformed-json', () => post('/v1/events', '[{"id":'), { detail: expect.stringContaining('end of JSON') }],
    ['no document', 400, 'malformed-json', () => post('/v1/events', ''), { detail: expect.stringContaining('empty') }],
    ['a poisoned document', 400, 'malformed-json', () => post('/v1/events', '{"__proto__":{"a":1}}'), {}],
    ['a form', 415, 'wrong-type', () => post('/v1/events', 'a=1', form), { field: 'content-type' }],
    ['plain text', 415, 'wrong-type', () => post('/v1/events', 'a', text), { field: 'content-type', value: 'text/plain' }],
    ['a body without a type', 415, 'wrong-type', () => post('/v1/events', '[]', {}), { field: 'content-type', value: '' }],
    ['a compressed body', 415, 'wrong-type', () => post('/v1/events', 'x', gzip), { field: 'content-encoding', value: 'gzip' }],
  ])('have one shape and one content type when they come from %s', async (_from, status, code, ask, more) => {
    const answer = await ask();
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ type: `urn:trellis:problem:${code}`, status, code, title: expect.any(String), ...more });
    expect(answer.headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'x-request-id': expect.any(String),
    });
  });

  it('hide a fault and log it once, with its cause and without the learner', async () => {
    const answer = await service.app.inject('/v1/fault/ada-lovelace');
    expect(answer.statusCode).toBe(500);
    const detail = expect.stringContaining('x-request-id');
    expect(answer.json()).toEqual({ type: 'about:blank', title: 'Internal Server Error', status: 500, detail });
    const faults = logTo.lines.filter(({ msg }) => msg === 'fault');
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatchObject({
      level: 'error',
      route: '/v1/fault/:id',
      requestId: answer.headers['x-request-id'],
      err: { message: 'learner-default.*: still in conflict', cause: { message: 'the disk is full' } },
    });
    expect(logTo.text).not.toContain('ada-lovelace');
  });
});

it('says busy, and logs why, when an adapter calls its fault retriable', async () => {
  const answer = await service.app.inject('/v1/full');
  expect(answer.headers['retry-after']).toBe('1');
  const detail = 'The service cannot take this at the moment. Send it again later: what has an id counts once.';
  expect(answer.json()).toMatchObject({ status: 503, code: 'busy', detail });
  const logged = logTo.lines.find(({ msg }) => msg === 'turned away');
  expect(logged).toMatchObject({ level: 'warn', route: '/v1/full', err: { message: 'no space left' } });
});

describe('bodies', () => {
  it('are parsed from JSON', async () => {
    expect((await post('/v1/events', '[1,2,3]')).json()).toEqual({ entries: 3 });
    expect((await post('/v1/events', '[1]', { 'content-type': 'application/json; charset=utf-8' })).json()).toEqual({ entries: 1 });
  });

  it('come as raw lines from NDJSON, so that a bad line can be refused alone', async () => {
    const answer = await post('/v1/events', '{"id":1}\n{broken\n{"id":3}', { 'content-type': 'application/x-ndjson' });
    expect(answer.json()).toEqual({ lines: 3 });
  });

  it('that look like NDJSON but came as JSON are JSON', async () => {
    expect((await post('/v1/events', '{"ndjson":"a\\nb"}')).json()).toEqual({ entries: null });
  });

  it('are refused over the limit, by what is said and by what comes', async () => {
    const detail = 'The body is over the limit of 5242880 bytes; send it in smaller parts.';
    const problem = { status: 413, code: 'too-large', detail };
    expect((await post('/v1/events', JSON.stringify('x'.repeat(5 * MIB)))).json()).toMatchObject(problem);
    expect((await post('/v1/events', '[]', { ...JSON_TYPE, 'content-length': String(6 * MIB) })).json()).toMatchObject(problem);
    expect((await post('/v1/events', JSON.stringify('x'.repeat(5 * MIB - 2)))).statusCode).toBe(200);
  });

  it('may be larger where a route says so', async () => {
    expect((await post('/v1/documents', JSON.stringify('x'.repeat(5 * MIB)))).json()).toEqual({ length: 5 * MIB });
    const over = await post('/v1/documents', JSON.stringify('x'.repeat(6 * MIB)));
    expect(over.json()).toMatchObject({ status: 413, detail: expect.stringContaining('6291456') });
  });
});

it('takes the time from the clock it was given', async () => {
  expect((await service.app.inject('/v1/now')).json()).toEqual({ now: 1234 });
});

describe('the gate', () => {
  const narrowed = (gate: GateOptions) =>
    createService(SampleModule, { name: 'narrow', config: testConfig(), logTo: new LogLines(), gate });

  it('answers 503 busy over the limit of requests, except for health and metrics, and opens again', async () => {
    const narrow = await narrowed({ requestsMax: 1 });
    const turnstile = narrow.app.get(Turnstile);
    const first = narrow.app.inject('/v1/wait').then((answer) => answer.statusCode);
    await turnstile.entered.promise;

    const second = await narrow.app.inject('/v1/me');
    expect(second.json()).toMatchObject({ status: 503, code: 'busy', detail: 'The service already answers 1 requests, its maximum.' });
    expect(second.headers['retry-after']).toBe('1');
    for (const url of ['/health/ready', '/metrics']) expect((await narrow.app.inject(url)).statusCode).toBe(200);

    turnstile.released.resolve();
    expect(await first).toBe(200);
    expect((await narrow.app.inject('/v1/me')).statusCode).toBe(200);
    await narrow.stop();
  });

  it('answers 503 busy over the limit of bytes, counting the whole limit where no length is stated', async () => {
    const narrow = await narrowed({ bodyBytesMax: 100 });
    const url = `${await narrow.listen()}/v1/events`;
    const send = async (body: string | Blob) => {
      const stream = typeof body === 'string' ? body : body.stream();
      const answer = await fetch(url, { method: 'POST', headers: JSON_TYPE, body: stream, duplex: 'half' } as RequestInit);
      return answer.json();
    };
    expect(await send('[]')).toEqual({ entries: 0 });
    expect(await send(JSON.stringify('x'.repeat(100)))).toMatchObject({ status: 503, code: 'busy' });
    expect(await send(new Blob(['[]']))).toMatchObject({ status: 503, code: 'busy' });
    expect(await send('[]')).toEqual({ entries: 0 });
    await narrow.stop();
  });
});

it('tells who has waited too long that it is busy, and takes no harm from the answer that comes later', async () => {
  const hasty = await createService(SampleModule, { name: 'hasty', config: testConfig(), logTo, answerMsMax: 1 });
  const turnstile = hasty.app.get(Turnstile);
  try {
    const answer = await hasty.app.inject('/v1/wait');
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '1']);
    expect(answer.json()).toMatchObject({ code: 'busy', detail: 'The service did not answer in time.' });
    turnstile.released.resolve();
    await new Promise((resolve) => setImmediate(resolve));
    expect(turnstile.happened).toEqual(['answered']);
  } finally {
    turnstile.released.resolve();
    await hasty.stop();
  }
});
