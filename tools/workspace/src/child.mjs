// Two ways to run a process: wait for a step, or hand the terminal over to what the user asked for.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const REPEAT_MS = 1_000;

/** Runs a step to its end and resolves to its exit code; a quiet step shows its output only if it fails. */
export async function run(file, args, { quiet = false, ...options } = {}) {
  const child = spawn(file, args, { ...options, stdio: ['ignore', quiet ? 'pipe' : 'inherit', quiet ? 'pipe' : 'inherit'] });
  const said = [];
  child.stdout?.on('data', (chunk) => said.push(chunk));
  child.stderr?.on('data', (chunk) => said.push(chunk));
  const code = await ended(child);
  if (quiet && code !== 0) process.stderr.write(Buffer.concat(said));
  return code;
}

/**
 * Gives the process this one's terminal and signals, waits for it however long it takes to stop, and resolves to its exit code.
 * A terminal sends Ctrl-C to the whole group, so there the child has it already. npm passes signals on as well, so the same one
 * may come twice in a row; it is forwarded once.
 */
export async function handOver(file, args, { stdio = 'inherit' } = {}) {
  const child = spawn(file, args, { stdio });
  let last = { signal: '', at: -Infinity };
  const forward = (signal) => {
    const at = performance.now();
    const repeated = signal === last.signal && at - last.at < REPEAT_MS;
    last = { signal, at };
    if (repeated || (signal === 'SIGINT' && process.stdin.isTTY)) return;
    child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  try {
    return await ended(child);
  } finally {
    for (const signal of FORWARDED) process.off(signal, forward);
  }
}

function ended(child) {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + constants.signals[signal]));
  });
}
