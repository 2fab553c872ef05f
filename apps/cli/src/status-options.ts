// The options and the help of status. What it does is loaded when it is called.
import { type Command, InvalidArgumentError } from 'commander';
import type { Io, Outcome } from './io.js';
import type { StatusOptions } from './status-command.js';

const EVERY_SECONDS_MIN = 0.05;
const EVERY_SECONDS_MAX = 3_600;

export function addStatusCommand(program: Command, io: Io, done: (outcome: Outcome) => void): void {
  program
    .command('status')
    .description('Show how a running system is: services, events, latency, the log, views and how far they lag, the relay.')
    .option('--url <address>', 'a service; may be repeated, one for each (default: http://127.0.0.1:7077)', (text: string, before: readonly string[] = []) => [...before, text])
    .option('--key <key>', 'a bearer key of the role operator (default: $TRELLIS_KEY, which others on this machine do not see)')
    .option('--watch', 'refresh until Ctrl-C, which is what happens on a terminal (exit code 130)')
    .option('--no-watch', 'once, on a terminal too')
    .option('--every <seconds>', 'between two readings (default: 2, or 1 where nothing is refreshed)', seconds)
    .option('--json', 'one JSON object as the result')
    .addHelpText(
      'after',
      `
It reads /health/ready and /metrics. Figures of several services are put together: counts are added, of the log's head, rows and lags
the highest is shown. Rates are over the readings, at most the last 15; once, there are two of them. Latencies are over the
readings too, and since the start of the services where it shows them once; a quantile is as exact as the histogram's buckets.

The exit code is 0 if every service answered and is ready, else 1.

Examples:
  trellis status
  trellis status --json
  trellis status --url http://10.0.0.5:7077 --url http://10.0.0.6:7077 --no-watch`,
    )
    .action(async (options: StatusOptions) => {
      const { status } = await import('./status-command.js');
      done(await status(options, io));
    });
}

function seconds(text: string): number {
  const value = /^\d{1,4}(\.\d{1,3})?$/.test(text) ? Number(text) : NaN;
  if (value >= EVERY_SECONDS_MIN && value <= EVERY_SECONDS_MAX) return value;
  throw new InvalidArgumentError(`It must be a number of seconds from ${EVERY_SECONDS_MIN} to ${EVERY_SECONDS_MAX}.`);
}
