// Prometheus' programs. A Debian machine gets them as root; anywhere else a sentence says what is missing.
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const INSTALL_MS_MAX = 300_000;
const OUTPUT_BYTES_MAX = 4 * 1024 * 1024;
/** `prometheus` and `promtool` are in the same package. */
const PACKAGE = 'prometheus';

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Throws where the program is missing and cannot be had. */
export async function needProgram(program: 'prometheus' | 'promtool'): Promise<void> {
  if (isThere(program)) return;
  const missing = `${program} is missing: install the Debian package ${PACKAGE}, or put ${program} of https://prometheus.io/download on the PATH`;
  if (process.getuid?.() !== 0 || !isThere('apt-get')) throw new Error(missing);
  const apt = (...words: readonly string[]): Promise<unknown> =>
    // Another run may hold the lock; and the package would start a server of its own at boot, but not here.
    promisify(execFile)('apt-get', ['-qq', '-y', '-o', 'DPkg::Lock::Timeout=240', ...words], { timeout: INSTALL_MS_MAX, maxBuffer: OUTPUT_BYTES_MAX, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' } });
  try {
    await apt('update');
    await apt('install', '--no-install-recommends', PACKAGE);
  } catch (cause) {
    throw new Error(`${missing}; apt-get could not install it`, { cause });
  }
  if (!isThere(program)) throw new Error(missing);
}

export async function promtool(...words: readonly string[]): Promise<Ran> {
  await needProgram('promtool');
  return new Promise((resolve, reject) => {
    execFile('promtool', words, { maxBuffer: OUTPUT_BYTES_MAX }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== 'number') return reject(new Error('promtool did not run', { cause: error }));
      return resolve({ code: typeof error?.code === 'number' ? error.code : 0, output: stdout + stderr });
    });
  });
}

function isThere(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' });
    return true;
  } catch {
    // `command -v` says so by its exit code.
    return false;
  }
}
