import { createServer, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ServiceClient } from './service-client.js';
import { algebra, removeFolders } from './testing.js';

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const closing: (() => void)[] = [];

afterEach(() => closing.splice(0).forEach((close) => close()));
afterAll(removeFolders);

/** A server that answers what it is told to, one answer a request, the last one for ever. */
async function server(...answers: Answer[]): Promise<{ readonly url: string; readonly requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const http = createServer((request, response) => {
    request.resume().on('end', () => {
      const { status, body, headers = {} } = answers[Math.min(requests.length, answers.length - 1)] ?? { status: 500, body: '' };
      requests.push(request);
      response.writeHead(status, headers).end(body);
    });
  });
  await once(http.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => {
    http.closeAllConnections();
    http.close();
  });
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`, requests };
}

const client = (url: string, key?: string): ServiceClient => new ServiceClient({ url, signal: new AbortController().signal, ...(key === undefined ? {} : { key }) });
const ASK = { method: 'GET', path: '/v1/x' } as const;
const BUSY = { status: 503, body: '{"detail":"The service is busy."}', headers: { 'retry-after': '0.01' } };

describe('asking a service', () => {
  it('sends the key and answers the JSON', async () => {
    const { url, requests } = await server({ status: 200, body: '{"a":1}' });
    expect(await client(`${url}/`, 'secret').send(ASK)).toEqual({ a: 1 });
    expect(requests[0]).toMatchObject({ url: '/v1/x', headers: { authorization: 'Bearer secret' } });
  });

  it('tries again as long as it is told to wait, within a limit', async () => {
    const soon = await server(BUSY, { ...BUSY, status: 429 }, { status: 200, body: '{}' });
    expect(await client(soon.url).send(ASK)).toEqual({});
    expect(soon.requests).toHaveLength(3);
    const never = await server(BUSY);
    await expect(client(never.url).send(ASK)).rejects.toThrow(`${never.url} answered 503: The service is busy. (tried 8 times)`);
    expect(never.requests).toHaveLength(8);
  });

  it.each([
    [{ status: 401, body: '{"detail":"This needs a key."}' }, 'answered 401: This needs a key. (--key or TRELLIS_KEY)'],
    [{ status: 422, body: '{"detail":"No."}' }, 'answered 422: No.'],
    [{ status: 500, body: 'Bad gateway' }, 'answered 500: nothing that Trellis would answer'],
    [{ status: 200, body: '<html>' }, 'answered 200: nothing that Trellis would answer'],
  ])('says at once what trying again will not change: %j', async (answer, why) => {
    const { url, requests } = await server(answer);
    await expect(client(url).send(ASK)).rejects.toThrow(why);
    expect(requests).toHaveLength(1);
  });

  it('says at once that nobody listens', async () => {
    const { url } = await server();
    closing.splice(0).forEach((close) => close());
    await expect(client(url).send(ASK)).rejects.toThrow(`${url} cannot be reached: nobody listens there`);
  });

  it('goes on when a connection breaks between two answers', async () => {
    const { url, requests } = await server({ status: 200, body: '{}' });
    const asking = client(url);
    await asking.send(ASK);
    requests[0]?.socket.destroy();
    expect(await asking.send(ASK)).toEqual({});
  });
});

it('an import that loses its service says how much is in', async () => {
  const at = await algebra();
  at.file('a.csv', `learner,item,correct\n${Array.from({ length: 50 }, () => 'ana,q1,1').join('\n')}`);
  const { url } = await server({ status: 200, body: '{"accepted":10,"duplicates":0,"rejected":[],"position":"10"}' }, { status: 403, body: '{"detail":"This key may not do that."}' });
  const ran = await at.trellis(['import', 'a.csv', '--batch', '10', '--url', url]);
  expect(ran).toMatchObject({ code: 1, out: '' });
  expect(ran.err).toContain('This key may not do that; of the first 10 rows 10 were accepted and 0 known already');
});
