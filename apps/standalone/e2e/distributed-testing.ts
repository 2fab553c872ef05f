// What the journeys through the distributed system need: programs that run to their end, what services expose, orders to Redis.
import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Distributed, ServiceProcess } from '@trellis/servers';

export type Kind = 'ingest' | 'projector' | 'recommender';

export interface Left {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const CLI = fileURLToPath(new URL('../../cli/bin/trellis.js', import.meta.url));
const PROGRAM_MS_MAX = 60_000;
const ORDER_MS_MAX = 5_000;

/** `trellis` as a person runs it. The environment is only what is given. */
export function trellis(env: Readonly<Record<string, string>>, ...words: string[]): Promise<Left> {
  return runToEnd([CLI, ...words], env);
}

/** A service as a container runs it, for as long as it lasts. */
export function serve(kind: Kind, env: Readonly<Record<string, string>>): Promise<Left> {
  return runToEnd([mainOf(kind)], { TRELLIS_PORT: '0', ...env });
}

export function mainOf(kind: Kind): string {
  return fileURLToPath(new URL(`../../${kind}/dist/main.js`, import.meta.url));
}

function runToEnd(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Left> {
  const child = spawn(process.execPath, [...args], { env: { PATH: process.env['PATH'], ...env }, stdio: ['ignore', 'pipe', 'pipe'], timeout: PROGRAM_MS_MAX, killSignal: 'SIGKILL' });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...said }));
  });
}

/** From somebody who is none of Redis' clients. */
export function emptyRedis(address: string): Promise<void> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    socket.setTimeout(ORDER_MS_MAX, () => socket.destroy(new Error(`Redis at ${address} did not answer within ${ORDER_MS_MAX} ms`)));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      if (answer.toString().startsWith('+OK')) resolve();
      else reject(new Error(`Redis at ${address} answered ${answer.toString()}`));
    });
    socket.write('FLUSHALL\r\n');
  });
}

export function named({ services }: Distributed, name: string): ServiceProcess {
  const found = services.find((each) => each.name === name);
  if (found === undefined) throw new Error(`no service is called ${name}`);
  return found;
}

export async function exposition({ url }: Pick<ServiceProcess, 'url'>): Promise<string> {
  return (await fetch(`${url}/metrics`)).text();
}

/** The sum of all samples that begin so, such as `trellis_rows{view="learner"`; null where there is none. */
export async function metric(of: Pick<ServiceProcess, 'url'>, begin: string): Promise<number | null> {
  const lines = (await exposition(of)).split('\n').filter((line) => line.startsWith(begin) && ' {,"}'.includes(line[begin.length] ?? '-'));
  return lines.length === 0 ? null : lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
