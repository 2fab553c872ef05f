// The whole of it as a process: the first start, the next one, the end, and what keeps it from starting.
import { hash } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { join } from 'node:path';
import { openEngine } from '@trellis/engine';
import { learnerStream, type LearnerId, type TenantId } from '@trellis/learning';
import { call, chain, endProcesses, folder, removeFolders, startProcess, until, type Process } from './testing.js';

afterEach(() => {
  endProcesses();
  removeFolders();
});

/** The requests that the output shows as curl lines, made without curl. */
function tried(output: string): Promise<Response>[] {
  const lines = [...output.matchAll(/curl -s -X (\w+) (http:\S+) -H '([\w-]+): ([^']+)' -d '([^']+)'/g)];
  return lines.map(([, method = '', url = '', header = '', value = '', body = '']) => fetch(url, { method, headers: { [header]: value }, body }));
}

/** Of metrics in Prometheus' text. */
async function metric(url: string, line: string): Promise<number | null> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const value = text.split('\n').find((each) => each.startsWith(`${line} `))?.slice(line.length + 1);
  return value === undefined ? null : Number(value);
}

it('starts with a sample that answers the two lines it prints, and goes on with the same data', async () => {
  const data = folder();
  const first = startProcess({ TRELLIS_DATA: data }, '--sample');
  const url = await first.url();
  expect(first.output()).toMatch(/class \S+: 12 learners, 339 answers/);
  const [answered, asked, ...others] = await Promise.all(tried(first.output()));
  expect([answered?.status, asked?.status, others.length]).toEqual([200, 200, 0]);
  expect(await answered?.json()).toMatchObject({ correct: true, score: 1, skills: [{ before: expect.any(Number), after: expect.any(Number) }] });
  expect(await asked?.json()).toMatchObject({ learner: 'learner-01', course: 'elementary-algebra', items: [{}, {}, {}] });
  await until('the rows have caught up', async () => (await metric(url, 'trellis_projector_lag_events{view="learner",partition="log"}')) === 0);
  const mastery = await call<{ basedOn: object; skills: object }>('GET', `${url}/v1/learners/learner-01/mastery`);
  expect(await first.stop()).toBe(0);

  const second = startProcess({ TRELLIS_DATA: data }, '--sample');
  const resumed = await call<{ basedOn: object; skills: object }>('GET', `${await second.url()}/v1/learners/learner-01/mastery`);
  expect([resumed.body.basedOn, resumed.body.skills]).toEqual([mastery.body.basedOn, mastery.body.skills]);
  expect(second.output()).not.toContain('12 learners');
  expect((await Promise.all(tried(second.output()))).map(({ status }) => status)).toEqual([200, 200]);
  expect(await second.stop('SIGTERM')).toBe(0);
});

describe('the end', () => {
  /** Everything but the last bytes of an answer. */
  async function begun(url: string, body: string): Promise<{ socket: Socket; answer: Promise<string>; finish: () => void }> {
    const { port, hostname } = new URL(url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.setEncoding('utf8').on('data', (more: string) => (text += more));
    const answer = once(socket, 'close').then(() => text);
    socket.write(`POST /v1/learners/slow/answers HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, -5)}`);
    await until('the request has arrived', async () => (await metric(url, 'trellis_http_requests_in_flight')) === 1);
    return { socket, answer, finish: () => socket.write(body.slice(-5)) };
  }

  it('answers the request in flight, lets in nobody more, and keeps all it has acknowledged', async () => {
    const data = folder();
    const process = startProcess({ TRELLIS_DATA: data });
    const url = await process.url();
    await call('PUT', `${url}/v1/courses/chain`, chain());
    const slow = await begun(url, JSON.stringify({ id: 'last', item: 's1-1', correct: true }));
    process.child.kill('SIGINT');
    await until('nobody is let in', () => fetch(`${url}/health/live`).then(() => false, () => true));
    slow.finish();
    expect(await slow.answer).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*"id":"last","revision":0,"correct":true/i);
    expect(await process.exited).toBe(0);
    const engine = await openEngine(data, { now: Date.now });
    expect(engine.opened).toMatchObject({ torn: null });
    expect((await engine.recommender.learner('default' as TenantId, 'slow' as LearnerId)).state.answers).toBe(1);
    await engine.close();
  });

  it('amid a crowd loses nothing that was acknowledged', async () => {
    const data = folder();
    const process = startProcess({ TRELLIS_DATA: data });
    const url = await process.url();
    await call('PUT', `${url}/v1/courses/chain`, chain());
    const acknowledged: { learner: string; revision: number }[] = [];
    const sender = async (learner: string): Promise<void> => {
      for (;;) {
        // Whoever comes too late finds nobody: that ends the sender.
        const reply = await call<{ revision: number }>('POST', `${url}/v1/learners/${learner}/answers?next=1`, { item: 's1-1', correct: true }).catch(() => null);
        if (reply?.status !== 200) return;
        acknowledged.push({ learner, revision: reply.body.revision });
        if (acknowledged.length === 60) process.child.kill('SIGINT');
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, at) => sender(`learner-${at}`)));
    expect(await process.exited).toBe(0);
    expect(acknowledged.length).toBeGreaterThanOrEqual(60);
    const engine = await openEngine(data, { now: Date.now });
    for (const { learner, revision } of acknowledged) {
      const types: string[] = [];
      for await (const page of engine.sources.store.read(learnerStream('default' as TenantId, learner as LearnerId), { from: revision, to: revision + 1 })) types.push(...page.map(({ type }) => type));
      expect(types).toEqual(['AnswerGiven', 'RecommendationMade']);
    }
    await engine.close();
  });
});

describe('it does not start, and says why in one sentence,', () => {
  async function refused(process: Process): Promise<string> {
    expect(await process.exited).toBe(1);
    expect(process.output()).not.toContain('Trellis is ready');
    expect(process.errors()).toMatch(/^trellis: [^\n]+\.\n$/);
    return process.errors();
  }

  it('where the port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const { port } = taken.address() as AddressInfo;
    const data = folder();
    expect(await refused(startProcess({ TRELLIS_DATA: data, TRELLIS_PORT: String(port) }))).toBe(
      `trellis: Port ${port} on 127.0.0.1 is already in use: stop the program that uses it, or choose another port with TRELLIS_PORT=<port>.\n`,
    );
    taken.close();
    // It has let go of the data.
    await (await openEngine(data, { now: Date.now })).close();
  });

  it('where the data folder cannot be made', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    expect(await refused(startProcess({ TRELLIS_DATA: join(file, 'data') }))).toMatch(/^trellis: the data folder \S+\/file\/data cannot be used: ENOTDIR/);
  });

  it('where another process holds the data', async () => {
    const data = folder();
    const first = startProcess({ TRELLIS_DATA: data });
    await first.url();
    expect(await refused(startProcess({ TRELLIS_DATA: data }))).toBe(`trellis: ${data} is held by process ${first.child.pid}; stop it, or choose another data folder.\n`);
    expect(await first.stop()).toBe(0);
  });

  it('where other machines could call without a key', async () => {
    const env = { TRELLIS_DATA: folder(), TRELLIS_HOST: '0.0.0.0' };
    expect(await refused(startProcess(env))).toBe(
      'trellis: TRELLIS_HOST is "0.0.0.0", which other machines can reach, but there are no keys: set TRELLIS_KEYS to a keys file, or TRELLIS_HOST to 127.0.0.1.\n',
    );
    const keys = join(folder(), 'keys.json');
    writeFileSync(keys, JSON.stringify({ [hash('sha256', 'secret', 'hex')]: { tenant: 'north', role: 'platform' } }));
    const process = startProcess({ ...env, TRELLIS_KEYS: keys });
    await until('it is ready', () => process.output().includes('Trellis is ready'));
    expect(await process.stop()).toBe(0);
  });

  it('where the keys file is not there', async () => {
    expect(await refused(startProcess({ TRELLIS_DATA: folder(), TRELLIS_KEYS: '/no/such/keys.json' }))).toContain('The keys file /no/such/keys.json cannot be read (ENOENT)');
  });
});

it('logs neither learners, nor query strings, nor bodies, nor keys', async () => {
  const keys = join(folder(), 'keys.json');
  const roles = { 'key-of-platform': 'platform', 'key-of-operator': 'operator' };
  writeFileSync(keys, JSON.stringify(Object.fromEntries(Object.entries(roles).map(([key, role]) => [hash('sha256', key, 'hex'), { tenant: 'north', role }]))));
  const process = startProcess({ TRELLIS_DATA: folder(), TRELLIS_KEYS: keys, TRELLIS_LOG_LEVEL: 'trace' });
  const url = await process.url();
  const send = (method: string, path: string, body?: unknown, key = 'key-of-platform'): Promise<Response> =>
    fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${key}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) }, ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }) });
  const statuses = [
    await send('PUT', '/v1/courses/chain', chain()),
    await send('POST', '/v1/learners/zelda-77/answers?next=2', { id: 'secret-answer', item: 's1-1', response: 'my-private-words' }),
    await send('POST', '/v1/learners/zelda-77/answers?next=2', { id: 'secret-answer', item: 's1-2', response: 'my-private-words' }),
    await send('POST', '/v1/learners/zelda-77/answers?secret-query=1', '{"my-private-words": '),
    await send('POST', '/v1/learners/zelda-77@home.org/recommendations', {}),
    await send('POST', '/v1/events', [{ id: 'secret-answer', type: 'AnswerGiven', learner: 'zelda-77', data: { item: 'my-private-words' } }]),
    await send('GET', '/v1/learners/zelda-77/mastery?asOf=2026-01-01T00:00:00Z'),
    await send('GET', '/no/such/zelda-77?secret-query=1'),
    await send('GET', '/v1/learners/zelda-77/mastery', undefined, 'wrong-key-77'),
    await send('GET', '/metrics', undefined, 'key-of-operator'),
    await send('GET', '/metrics'),
  ].map(({ status }) => status);
  expect(statuses).toEqual([200, 200, 409, 400, 400, 200, 200, 404, 401, 200, 403]);
  expect(await process.stop()).toBe(0);
  const lines = process.output().split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as { route?: string; msg: string });
  expect(lines.filter(({ msg }) => msg === 'request').map(({ route }) => route)).toEqual(expect.arrayContaining([
    '/v1/courses/:id', '/v1/learners/:learner/answers', '/v1/learners/:learner/recommendations', '/v1/events', '/v1/learners/:learner/mastery', '(unknown)', '/metrics',
  ]));
  expect(process.output() + process.errors()).not.toMatch(/zelda|secret|private|2026-01-01T00|key-of|wrong-key|home\.org/);
});
