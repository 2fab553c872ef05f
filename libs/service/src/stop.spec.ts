import { EventEmitter, once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLog } from './logging.js';
import { Drain, type SignalSource, stopOnSignals } from './stop.js';
import { LogLines } from './testing/index.js';

class FakeProcess extends EventEmitter implements SignalSource {
  readonly left = Promise.withResolvers<number>();
  readonly exit = (code: number): void => this.left.resolve(code);
}

const logTo = new LogLines();
const log = createLog({ name: 'sample', level: 'info', to: logTo });

it.each(['SIGINT', 'SIGTERM'])('stops on %s and leaves with 0', async (signal) => {
  const process = new FakeProcess();
  let stops = 0;
  stopOnSignals(process, { stop: async () => void (stops += 1), log });
  process.emit(signal);
  expect([await process.left.promise, stops]).toEqual([0, 1]);
});

it('leaves at once with 130 on a second signal', async () => {
  const process = new FakeProcess();
  let stops = 0;
  const never = (): Promise<void> => {
    stops += 1;
    return new Promise(() => undefined);
  };
  let ms = 0;
  stopOnSignals(process, { stop: never, log, now: () => ms });
  process.emit('SIGTERM');
  ms = 500;
  process.emit('SIGINT');
  expect([await process.left.promise, stops]).toEqual([130, 1]);
});

it('takes a signal that arrives twice, from the terminal and from npm, for one', async () => {
  const process = new FakeProcess();
  const stopping = Promise.withResolvers<void>();
  let ms = 0;
  stopOnSignals(process, { stop: () => stopping.promise, log, now: () => ms });
  process.emit('SIGINT');
  ms = 499;
  process.emit('SIGINT');
  stopping.resolve();
  expect(await process.left.promise).toBe(0);
});

it('leaves with 1 and says why when it cannot stop cleanly', async () => {
  const process = new FakeProcess();
  stopOnSignals(process, { stop: () => Promise.reject(new Error('the disk is gone')), log });
  process.emit('SIGTERM');
  expect(await process.left.promise).toBe(1);
  expect(logTo.lines.at(-1)).toMatchObject({ level: 'fatal', msg: 'could not stop cleanly', err: { message: 'the disk is gone' } });
});

it('cuts a request that is not answered in time', async () => {
  const server = createServer();
  const drain = new Drain(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const request = fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`).catch((error: unknown) => error);
  await once(server, 'request');

  const outcome = await drain.run(() => new Promise((resolve) => server.close(() => resolve())), 0);
  expect(outcome).toBe('cut');
  expect(String(await request)).toContain('fetch failed');
});
