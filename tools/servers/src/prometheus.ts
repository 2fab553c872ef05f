// A real Prometheus, with the configuration of whoever starts it.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { dataFolder } from './data-folder.js';
import { installPackages } from './installing.js';
import { thisMachine } from './machine.js';
import { onPort } from './on-port.js';
import { runServer, type RunningServer } from './running-server.js';
import { ask } from './sockets.js';
import { prometheusSource } from './sources.js';

export interface PrometheusOptions {
  /** The path of its configuration. */
  readonly config: string;
  /** Where its data is; without it a temporary folder. */
  readonly folder?: string;
  readonly port?: number;
}

/** Its address is a URL. */
export async function startPrometheus({ config, folder, port }: PrometheusOptions): Promise<RunningServer> {
  await preparePrometheus();
  return onPort(port, async (chosen) => {
    const place = await dataFolder('prometheus', folder);
    return runServer({
      name: 'Prometheus',
      address: `http://127.0.0.1:${chosen}`,
      command: thisMachine.program('prometheus') ?? 'prometheus',
      args: [`--config.file=${resolve(config)}`, `--storage.tsdb.path=${join(place.path, 'data')}`, `--web.listen-address=127.0.0.1:${chosen}`, '--log.level=warn'],
      log: join(place.path, 'server.log'),
      temporaryFolder: place.isTemporary ? place.path : null,
      prepare: async () => void (await mkdir(place.path, { recursive: true })),
      answers: () => isReady(chosen),
    });
  });
}

/** Installs it if it is missing. */
export async function preparePrometheus(): Promise<void> {
  await installPackages(prometheusSource(thisMachine).packages, () => Promise.resolve(thisMachine.program('prometheus') !== null));
}

async function isReady(port: number): Promise<boolean> {
  const question = Buffer.from(`GET /-/ready HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: close\r\n\r\n`);
  const answer = await ask(port, question, (bytes) => bytes.includes('\r\n'));
  return answer !== null && answer.toString().startsWith('HTTP/1.1 200');
}
