import { connect } from 'node:net';
import { startKurrent, type RunningKurrent } from './kurrent.js';
import { ask } from './sockets.js';

const HTTP2_PREFACE = Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]);

let kurrent: RunningKurrent;
beforeEach(async () => {
  kurrent = await startKurrent({ own: true });
});
afterEach(() => kurrent.stop());

const port = (): number => Number(new URL(kurrent.address).port);
/** A gRPC server answers the beginning of a connection with its settings. */
const answers = async (): Promise<boolean> => (await ask(port(), HTTP2_PREFACE, (bytes) => bytes.length > 0)) !== null;

it('is a double that says so, and answers where it says', async () => {
  expect(kurrent.isDouble).toBe(true);
  expect(kurrent.address).toMatch(/^kurrentdb:\/\/127\.0\.0\.1:\d+\?tls=false/);
  expect(await answers()).toBe(true);
});

it('comes again on its port after a kill', async () => {
  const { address, pid } = kurrent;
  await kurrent.kill();
  expect(await answers()).toBe(false);
  await expect(kurrent.slow(5)).rejects.toThrow('does not run');
  await kurrent.start();
  expect(await answers()).toBe(true);
  expect(kurrent.address).toBe(address);
  expect(kurrent.pid).not.toBe(pid);
});

it('cuts its connections and takes new ones', async () => {
  const socket = connect({ host: '127.0.0.1', port: port() });
  // Being cut off is what this is about, whether it comes as an end or as a reset.
  socket.on('error', () => undefined);
  await new Promise<void>((resolve) => socket.once('data', () => resolve()).write(HTTP2_PREFACE));
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.resume();
  await kurrent.cut();
  await closed;
  expect(await answers()).toBe(true);
});

it('takes orders and refuses what is none', async () => {
  await kurrent.slow(10);
  await kurrent.fast();
  await expect(kurrent.slow(0.5)).rejects.toThrow('slow 0.5: it must be a whole number of milliseconds from 1 to 60000');
});
