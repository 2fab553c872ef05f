// What is loaded: a service of its own on loopback, or one that runs already.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Target {
  readonly url: URL;
  /** Null for one that runs somewhere else. */
  readonly pid: number | null;
  stop(): Promise<void>;
}

const MAIN = new URL('../../../apps/standalone/dist/main.js', import.meta.url).pathname;
const START_MS_MAX = 60_000;
const STOP_MS_MAX = 15_000;

export async function startEmbedded(): Promise<Target> {
  const folder = mkdtempSync(join(tmpdir(), 'trellis-load-'));
  const env = { ...process.env, TRELLIS_DATA: folder, TRELLIS_PORT: '0', TRELLIS_HOST: '127.0.0.1', TRELLIS_KEYS: '', TRELLIS_LOG_LEVEL: 'warn' };
  // At a level at which it does not say where it listens, its address would not be known.
  const child = spawn(process.execPath, [MAIN], { env: { ...env, TRELLIS_LOG_LEVEL: 'info' }, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), STOP_MS_MAX);
    await ended;
    clearTimeout(kill);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = await Promise.race([listening(child.stdout), ended.then(() => Promise.reject(new Error('the service ended before it listened'))), late()]);
    return { url, pid: child.pid ?? null, stop };
  } catch (error) {
    await stop();
    throw error;
  }
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

/** MiB that are resident, and seconds of processor time so far. */
export function usageOf(pid: number): { readonly residentMiB: number; readonly cpuSeconds: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return { residentMiB: Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024), cpuSeconds: (Number(stat[11]) + Number(stat[12])) / 100 };
}
