import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { happens } from './running-server.js';
import { ServiceProcess } from './service-process.js';
import { freePort } from './sockets.js';

const AGAIN_MS_MAX = 20_000;

const READY = `
  import { createServer } from 'node:http';
  const server = createServer((_, response) => response.end('{"ready":true}'));
  server.listen(Number(process.env.TRELLIS_PORT), process.env.TRELLIS_HOST);
  process.on('SIGTERM', () => { console.log('stopped in order, ' + process.env.TRELLIS_STORE); process.exit(0); });`;

let folder: string;
let service: ServiceProcess;
let said: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-service-spec-'));
  said = [];
});
afterEach(async () => {
  await service.close();
  rmSync(folder, { recursive: true });
});

const log = (): string => join(folder, 'log');

async function serviceOf(text: string): Promise<ServiceProcess> {
  const main = join(folder, 'main.mjs');
  writeFileSync(main, text);
  service = new ServiceProcess({ name: 'ingest', main, port: await freePort(), variables: { TRELLIS_STORE: 'kurrent' }, log: log(), say: (sentence) => said.push(sentence) });
  return service;
}

it('is started with its variables until it is ready, and stopped in its own time', async () => {
  await (await serviceOf(READY)).start();
  expect(await service.isReady()).toBe(true);
  await service.stop();
  expect(await service.isReady()).toBe(false);
  expect(readFileSync(log(), 'utf8')).toBe('stopped in order, kurrent\n');
  expect(said).toEqual([]);
});

it('is started again when it dies, and says so', async () => {
  await (await serviceOf(READY)).start();
  const { pid } = service;
  if (pid === null) throw new Error('a service without a process');
  process.kill(pid, 'SIGKILL');
  expect(await happens(() => service.pid !== null && service.pid !== pid, AGAIN_MS_MAX)).toBe(true);
  expect(said).toEqual([`ingest died (SIGKILL); its log: ${log()}. It is started again (2 of 10).`]);
});

it('stays down when it was killed on purpose, until it is started', async () => {
  await (await serviceOf(READY)).start();
  await service.kill();
  expect(service.pid).toBeNull();
  await service.start();
  expect(await service.isReady()).toBe(true);
  expect(said).toEqual([]);
});

it('says why it did not start, with the end of its log', async () => {
  await expect((await serviceOf(`console.error('TRELLIS_PORT is wrong'); process.exit(1);`)).start()).rejects.toThrow(
    /^the service ingest at http:.* ended before it was ready \(exit code 1\)\. Its log ends:\nTRELLIS_PORT is wrong$/,
  );
});
