// What is loaded: a service of its own on loopback, or one that runs already.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SERVICE_NODE_ARGS } from '@trellis/servers';

export type Label = 'embedded' | 'distributed' | 'elsewhere';

export interface Target {
  readonly url: URL;
  /** Where ingest and recommender are services of their own: k6 asks them and not the address in front of them, which would take its share of the cores. */
  readonly direct?: { readonly ingest: URL; readonly recommender: URL };
  /** Of its processes on this machine; none for one that runs somewhere else. */
  readonly pids: readonly number[];
  readonly metricsUrls: readonly URL[];
  readonly label: Label;
  /** Whether decisions are kept by our double of KurrentDB's protocol. */
  readonly isKurrentDouble: boolean;
  /** Where that can be done: ends it without a word, starts it again on the same data, and gives its new address. */
  readonly crash?: () => Promise<URL>;
  stop(): Promise<void>;
}

interface Running {
  readonly child: ChildProcess;
  readonly url: URL;
  readonly ended: Promise<void>;
}

const MAIN = new URL('../../../apps/standalone/dist/main.js', import.meta.url).pathname;
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 15_000;

export async function startEmbedded(): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-load-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    let running = await started(folder);
    const { url, child } = running;
    return {
      url,
      pids: child.pid === undefined ? [] : [child.pid],
      metricsUrls: [new URL('/metrics', url)],
      label: 'embedded',
      isKurrentDouble: false,
      crash: async () => {
        running.child.kill('SIGKILL');
        await running.ended;
        running = await started(folder);
        return running.url;
      },
      stop: async () => {
        await ended(running);
        remove();
      },
    };
  } catch (error) {
    remove();
    throw error;
  }
}

export function runningAt(url: URL): Target {
  return { url, pids: [], metricsUrls: [new URL('/metrics', url)], label: 'elsewhere', isKurrentDouble: false, stop: () => Promise.resolve() };
}

async function started(folder: string): Promise<Running> {
  // At a level at which it does not say where it listens, its address would not be known.
  const env = { ...process.env, TRELLIS_DATA: folder, TRELLIS_PORT: '0', TRELLIS_HOST: '127.0.0.1', TRELLIS_KEYS: '', TRELLIS_LOG_LEVEL: 'info' };
  const child = spawn(process.execPath, [...SERVICE_NODE_ARGS, MAIN], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const end = new Promise<void>((resolve) => child.once('close', () => resolve()));
  try {
    const url = await Promise.race([listening(child.stdout), end.then(() => Promise.reject(new Error('the service ended before it listened'))), late()]);
    return { child, url, ended: end };
  } catch (error) {
    await ended({ child, ended: end });
    throw error;
  }
}

async function ended({ child, ended: end }: Pick<Running, 'child' | 'ended'>): Promise<void> {
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
  await end;
  clearTimeout(kill);
}

async function listening(output: NodeJS.ReadableStream): Promise<URL> {
  return new Promise((resolve) => {
    // Read to the end, or the pipe would fill up.
    createInterface({ input: output }).on('line', (line) => {
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
      if (found !== undefined) resolve(new URL(found));
    });
  });
}

function late(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`the service did not listen within ${START_MS_MAX} ms`)), START_MS_MAX).unref();
  });
}
