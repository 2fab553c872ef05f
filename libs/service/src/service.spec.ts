import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { createService, type Service } from './service.js';
import { StartError } from './start-error.js';
import { LogLines, testConfig } from './testing/index.js';
import { SampleModule, Turnstile } from './testing/sample.module.js';

let logTo: LogLines;
beforeEach(() => {
  logTo = new LogLines();
});

const start = async (): Promise<Service & { url: string }> => {
  const service = await createService(SampleModule, { name: 'sample', config: testConfig(), logTo });
  return { ...service, url: await service.listen() };
};

it('listens and answers', async () => {
  const service = await start();
  expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const answer = await fetch(`${service.url}/v1/me`);
  expect([answer.status, await answer.json()]).toEqual([200, { tenant: 'default', role: 'any' }]);
  await service.stop();
});

it('answers who is in, lets in nobody more, and only then runs the shutdown hooks', async () => {
  const service = await start();
  const turnstile = service.app.get(Turnstile);
  const inFlight = fetch(`${service.url}/v1/wait`);
  await turnstile.entered.promise;

  const stopped = service.stop();
  await expect(fetch(`${service.url}/v1/me`)).rejects.toThrow('fetch failed');
  expect(turnstile.happened).toEqual([]);

  turnstile.released.resolve();
  const answer = await inFlight;
  expect([answer.status, await answer.json()]).toEqual([200, { waited: true }]);
  await stopped;
  expect(turnstile.happened).toEqual(['answered', 'shutdown hook']);
});

it('stops although connections are idle or have never said a word', async () => {
  const service = await start();
  const { port, hostname } = new URL(service.url);
  const idle = connect(Number(port), hostname);
  idle.write('GET /v1/me HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(idle, 'data');
  const silent = connect(Number(port), hostname);
  await once(silent, 'connect');
  const closed = Promise.all([once(idle, 'close'), once(silent, 'close')]);

  await service.stop();
  await closed;
});

it('frees the place of a client that leaves before its answer, and logs it as 499', async () => {
  const service = await start();
  const turnstile = service.app.get(Turnstile);
  const left = new AbortController();
  const request = fetch(`${service.url}/v1/wait`, { signal: left.signal }).catch((error: unknown) => String(error));
  await turnstile.entered.promise;
  left.abort();
  expect(await request).toContain('AbortError');
  const inFlight = async () => (await service.app.inject('/metrics')).payload.match(/^trellis_http_requests_in_flight (\d+)$/m)?.[1];
  while ((await inFlight()) !== '0') await setImmediate();
  expect(logTo.lines.find(({ route }) => route === '/v1/wait')).toMatchObject({ status: 499 });
  turnstile.released.resolve();
  await service.stop();
});

it('stops once, however often it is asked', async () => {
  const service = await start();
  expect(service.stop()).toBe(service.stop());
  await service.stop();
});

it('says in one sentence that the port is taken, and how to choose another', async () => {
  const first = await start();
  const port = Number(new URL(first.url).port);
  const second = await createService(SampleModule, { name: 'second', config: testConfig({ port }), logTo });
  const error: unknown = await second.listen().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(StartError);
  expect(String(error)).toBe(
    `StartError: Port ${port} on 127.0.0.1 is already in use: ` +
      'stop the program that uses it, or choose another port with TRELLIS_PORT=<port>.',
  );
  await Promise.all([first.stop(), second.stop()]);
});

it('says in one sentence that an address is not its own', async () => {
  const service = await createService(SampleModule, { name: 'sample', config: testConfig({ host: '203.0.113.1' }), logTo });
  await expect(service.listen()).rejects.toThrow(
    '203.0.113.1 is not an address of this machine: choose another with TRELLIS_HOST=<address>.',
  );
  await service.stop();
});

it('hands on why a module could not start, and closes what had been opened', async () => {
  const happened: string[] = [];

  @Module({})
  class BrokenModule {
    onModuleInit(): never {
      throw new StartError('The data folder is held by another process.');
    }

    onApplicationShutdown(): void {
      happened.push('closed');
    }
  }

  const creating = createService(BrokenModule, { name: 'broken', config: testConfig(), logTo });
  await expect(creating).rejects.toEqual(new StartError('The data folder is held by another process.'));
  expect(happened).toEqual(['closed']);
});

it('does not start on a keys file that is wrong', async () => {
  const config = testConfig({ keys: '/no/such/keys.json' });
  await expect(createService(SampleModule, { name: 'sample', config, logTo })).rejects.toThrow(StartError);
});

describe('what was opened for the service', () => {
  let closed = 0;
  const close = async () => void (closed += 1);
  beforeEach(() => {
    closed = 0;
  });

  it('is closed once, after the shutdown hooks', async () => {
    const service = await createService(SampleModule, { name: 'sample', config: testConfig(), logTo, close });
    const turnstile = service.app.get(Turnstile);
    expect([turnstile.happened.length, closed]).toEqual([0, 0]);
    await service.stop();
    expect([turnstile.happened.length, closed]).toEqual([1, 1]);
  });

  it('is closed once when the service cannot start, early or late', async () => {
    @Module({})
    class LateModule {
      onModuleInit(): never {
        throw new Error('too late');
      }
    }

    for (const [root, keys] of [[SampleModule, '/no/such/keys.json'], [LateModule, undefined]] as const) {
      closed = 0;
      const config = testConfig(keys === undefined ? {} : { keys });
      await expect(createService(root, { name: 'sample', config, logTo, close })).rejects.toThrow();
      expect(closed).toBe(1);
    }
  });
});
