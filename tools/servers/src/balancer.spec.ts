import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { routeOf, startBalancer, type Balancer, type Route } from './balancer.js';
import { freePort } from './sockets.js';

it.each<[string, Route]>([
  ['/v1/events',                            'ingest'],
  ['/v1/learners/ana/answers',              'ingest'],
  ['/v1/courses/algebra',                   'ingest'],
  ['/v1/calibrations',                      'ingest'],
  ['/v1/calibrations/active',               'ingest'],
  ['/v1/learners/ana/recommendations',      'recommender'],
  ['/v1/learners/ana/mastery',              'recommender'],
  ['/v1/learners/ana/answers/more',         'recommender'],
  ['/v1/classrooms/7b/learners',            'recommender'],
  ['/v1/recommendations/x',                 'recommender'],
  ['/docs',                                 'recommender'],
  ['/health/ready',                         'ready'],
  ['/health/live',                          'live'],
  ['/metrics',                              'nowhere'],
])('sends %s to %s', (path, route) => {
  expect(routeOf(path)).toBe(route);
});

describe('in front of services', () => {
  const closing: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).reverse()) await close();
  });

  /** Answers with its name and what it was sent. */
  async function service(name: string, cut = false): Promise<string> {
    const server = createServer((request, response) => void reply(request).then((text) => (cut ? response.destroy() : response.writeHead(201, { 'x-name': name }).end(text))));
    const reply = async (request: IncomingMessage): Promise<string> => {
      const parts: Buffer[] = [];
      for await (const part of request) parts.push(part);
      return `${name} ${request.method} ${request.url} ${Buffer.concat(parts).toString()}`;
    };
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // a listening TCP server has an address of this shape
  }

  async function balancer(ingest: string[], recommenders: string[], ready = {}): Promise<Balancer> {
    const opened = await startBalancer({ port: await freePort(), ingest, recommenders, ready: () => Promise.resolve(ready) });
    closing.push(() => opened.close());
    return opened;
  }

  it('passes on method, path, body, status and headers', async () => {
    const { url } = await balancer([await service('ingest')], []);
    const answer = await fetch(`${url}/v1/events?dry=1`, { method: 'POST', body: 'x'.repeat(200_000) });
    expect([answer.status, answer.headers.get('x-name')]).toEqual([201, 'ingest']);
    expect(await answer.text()).toBe(`ingest POST /v1/events?dry=1 ${'x'.repeat(200_000)}`);
  });

  it('asks recommenders in turn', async () => {
    const { url } = await balancer([], [await service('one'), await service('two')]);
    const names: (string | null)[] = [];
    for (let asked = 0; asked < 4; asked++) {
      const answer = await fetch(`${url}/v1/learners/ana/mastery`);
      names.push(answer.headers.get('x-name'));
      await answer.arrayBuffer();
    }
    expect(names).toEqual(['one', 'two', 'one', 'two']);
  });

  it('passes over one that is not there', async () => {
    const { url } = await balancer([], [`http://127.0.0.1:${await freePort()}`, await service('two')]);
    for (let asked = 0; asked < 3; asked++) {
      const answer = await fetch(`${url}/v1/learners/ana/recommendations`, { method: 'POST', body: '{}' });
      expect(await answer.text()).toBe('two POST /v1/learners/ana/recommendations {}');
    }
  });

  it('never sends twice what one has taken', async () => {
    const { url } = await balancer([], [await service('breaks', true), await service('two')]);
    const answer = await fetch(`${url}/v1/learners/ana/recommendations`, { method: 'POST', body: '{}' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await answer.json()).toMatchObject({ code: 'busy' });
  });

  it('says that it is busy when nobody is there', async () => {
    const { url } = await balancer([`http://127.0.0.1:${await freePort()}`], []);
    expect((await fetch(`${url}/v1/events`, { method: 'POST', body: '[]' })).status).toBe(503);
    expect((await fetch(`${url}/docs`)).status).toBe(503);
  });

  it('is ready when all are', async () => {
    const all = await balancer([], [], { ingest: true, 'projector-1': true });
    expect((await fetch(`${all.url}/health/ready`)).status).toBe(200);
    const some = await balancer([], [], { ingest: true, 'projector-1': false });
    const answer = await fetch(`${some.url}/health/ready`);
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ready: false, services: { ingest: true, 'projector-1': false } });
  });
});
