// A real Prometheus that reads given services and evaluates the alert rules, for as long as somebody looks.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { INFRA } from './dashboard-file.js';
import { needProgram } from './programs.js';

export interface Job {
  readonly name: string;
  /** `host:port` of services with /metrics. */
  readonly addresses: readonly string[];
}

export interface Series {
  readonly labels: Readonly<Record<string, string>>;
  /** Times in seconds since 1970. */
  readonly points: readonly (readonly [at: number, value: number])[];
}

export interface Rule {
  readonly name: string;
  /** `ok`, `err`, or `unknown` before the first evaluation. */
  readonly health: string;
  readonly lastError?: string;
}

export const RULES_FILE = new URL('prometheus/rules/trellis.yml', INFRA);

const READY_MS_MAX = 60_000;
const STOP_MS_MAX = 10_000;
const POLL_MS = 50;

export class Prometheus {
  private constructor(
    readonly url: string,
    private readonly child: ChildProcess,
    private readonly folder: string,
  ) {}

  /** Resolves when it can be asked; it need not have read anybody by then. */
  static async start(jobs: readonly Job[], everyMs: number): Promise<Prometheus> {
    await needProgram('prometheus');
    const folder = await mkdtemp(join(tmpdir(), 'trellis-prometheus-'));
    const config = join(folder, 'prometheus.yml');
    const every = `${everyMs}ms`;
    // JSON is YAML.
    await writeFile(
      config,
      JSON.stringify({
        global: { scrape_interval: every, scrape_timeout: every, evaluation_interval: every },
        rule_files: [fileURLToPath(RULES_FILE)],
        scrape_configs: jobs.map(({ name, addresses }) => ({ job_name: name, static_configs: [{ targets: addresses }] })),
      }),
    );
    const port = await freePort();
    const child = spawn('prometheus', [`--config.file=${config}`, `--storage.tsdb.path=${join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`, '--log.level=warn'], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr?.on('data', (bytes: Buffer) => (said = (said + bytes.toString()).slice(-2_000)));
    const prometheus = new Prometheus(`http://127.0.0.1:${port}`, child, folder);
    try {
      await until(async () => {
        if (child.exitCode !== null) throw new Error(`prometheus ended with ${child.exitCode}: ${said}`);
        return (await fetch(`${prometheus.url}/-/ready`).catch(notYet))?.ok === true;
      }, 'Prometheus is not ready');
      return prometheus;
    } catch (error) {
      await prometheus.stop();
      throw error;
    }
  }

  /** Resolves when every service has been read so often. */
  async hasRead(times: number, services: number): Promise<void> {
    await until(async () => (await this.query(`count_over_time(up[10m]) >= ${times}`)).length >= services, `not all ${services} services have been read ${times} times`);
  }

  async query(expression: string): Promise<readonly Series[]> {
    const { result } = await this.get<{ readonly result: readonly { readonly metric: Series['labels']; readonly value: readonly [number, string] }[] }>('query', { query: expression });
    return result.map(({ metric, value: [at, value] }) => ({ labels: metric, points: [[at, Number(value)]] }));
  }

  /** The last `seconds` up to now, a point a second. */
  async queryRange(expression: string, seconds: number): Promise<readonly Series[]> {
    const now = Date.now() / 1000;
    const { result } = await this.get<{ readonly result: readonly { readonly metric: Series['labels']; readonly values: readonly (readonly [number, string])[] }[] }>('query_range', {
      query: expression,
      start: String(now - seconds),
      end: String(now),
      step: '1',
    });
    return result.map(({ metric, values }) => ({ labels: metric, points: values.map(([at, value]) => [at, Number(value)] as const) }));
  }

  /** Resolves when every rule has been evaluated. */
  async rules(): Promise<readonly Rule[]> {
    let rules: readonly Rule[] = [];
    await until(async () => {
      const { groups } = await this.get<{ readonly groups: readonly { readonly rules: readonly Rule[] }[] }>('rules', {});
      rules = groups.flatMap((group) => group.rules);
      return rules.length > 0 && rules.every(({ health }) => health !== 'unknown');
    }, 'not every rule has been evaluated');
    return rules;
  }

  async stop(): Promise<void> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
      await ended;
      clearTimeout(timer);
    }
    await rm(this.folder, { recursive: true, force: true });
  }

  /** `Data` is what the documentation of this path of the API promises. */
  private async get<Data>(path: string, parameters: Readonly<Record<string, string>>): Promise<Data> {
    const response = await fetch(`${this.url}/api/v1/${path}?${new URLSearchParams(parameters).toString()}`);
    const body = (await response.json()) as { readonly data?: Data; readonly error?: string }; // as above
    if (!response.ok || body.data === undefined) throw new Error(`Prometheus answered ${response.status} to ${path} ${parameters['query'] ?? ''}: ${body.error ?? 'no data'}`);
    return body.data;
  }
}

async function until(holds: () => Promise<boolean>, why: string): Promise<void> {
  for (const start = performance.now(); !(await holds()); await pause(POLL_MS)) {
    if (performance.now() - start > READY_MS_MAX) throw new Error(`${why} after ${READY_MS_MAX / 1000} seconds`);
  }
}

/** It does not listen yet: asked again. */
function notYet(): null {
  return null;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // of a TCP server
  await new Promise((closed) => server.close(closed));
  return port;
}
