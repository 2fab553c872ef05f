// The process around `run`: its streams, its signals, its exit code.
import { EXIT } from './io.js';
import { run } from './run.js';

/** One Ctrl-C comes from the terminal and again from a runner such as npm that hands it on: that is not a second one. */
const ECHO_MS = 500;

const interrupted = new AbortController();
let since: number | null = null;
const interrupt = (): void => {
  if (since !== null && performance.now() - since >= ECHO_MS) process.exit(EXIT.interrupted);
  since ??= performance.now();
  interrupted.abort();
};
process.on('SIGINT', interrupt);
process.on('SIGTERM', interrupt);
// `trellis ... | head` ends the reader before us.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : EXIT.failed));

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  now: Date.now,
  signal: interrupted.signal,
});
