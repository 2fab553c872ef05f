// The double of KurrentDB as a process of its own. Prints its connection string, then takes orders, one a line, on standard input, and
// answers each with a line. It ends when that input closes: with the process that started it.
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { openKurrentDouble } from '@trellis/kurrent/testing';
import { ORDER_CHARACTERS_MAX } from './limits.js';

const SLOW_MS_MAX = 60_000;

const { values } = parseArgs({ options: { port: { type: 'string' } } });
const port = Number(values.port ?? 0);
if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`--port is ${values.port}; it must be a whole number from 0 to 65535`);
const double = await openKurrentDouble({ port });

/** What is wrong with the order; null when it was carried out. */
function obey(line: string): string | null {
  const [order, argument, ...rest] = line.slice(0, ORDER_CHARACTERS_MAX).split(' ');
  if (order === 'slow' && rest.length === 0) {
    const ms = Number(argument);
    if (!Number.isInteger(ms) || ms < 1 || ms > SLOW_MS_MAX) return `slow ${argument}: it must be a whole number of milliseconds from 1 to ${SLOW_MS_MAX}`;
    double.slow(ms);
    return null;
  }
  if (argument !== undefined || (order !== 'fast' && order !== 'cut')) return `${line.slice(0, ORDER_CHARACTERS_MAX)}: the orders are "slow <ms>", "fast" and "cut"`;
  if (order === 'fast') double.slow(0);
  else double.cut();
  return null;
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
// Whoever listened may be gone; the closed input says so too.
process.stdout.on('error', () => undefined);
// Its memory is all there is: nothing needs an end in good order.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => process.exit(0));
createInterface({ input: process.stdin })
  .on('line', (line) => {
    const fault = obey(line);
    say(fault === null ? `done ${line}` : `refused ${fault}`);
  })
  .on('close', () => process.exit(0));
say(double.connectionString);
