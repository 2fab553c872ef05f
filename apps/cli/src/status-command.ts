// `trellis status`: what the services of a system say of themselves, once or again and again.
import { setTimeout as pause } from 'node:timers/promises';
import { Failure, wrongUsage } from './failure.js';
import { EXIT, type Io, type Outcome, type Output } from './io.js';
import { addressOf } from './service-client.js';
import { readService, type Access } from './status-reading.js';
import { reportOf, type Report, type Round } from './status-report.js';
import { screenOf } from './status-screen.js';

export interface StatusOptions {
  readonly url?: readonly string[];
  readonly key?: string;
  readonly json?: boolean;
  /** Left out: on a terminal. */
  readonly watch?: boolean;
  readonly every?: number;
}

const DEFAULT_URL = 'http://127.0.0.1:7077';
const URLS_MAX = 100;
const EVERY_SECONDS = 2;
/** Between the two readings that rates need, where nobody watches. */
const ONCE_SECONDS = 1;
/** Rates and quantiles of a screen are over so many readings. */
const ROUNDS_MAX = 15;

const HOME = '\u001b[H';
const CLEAR_LINE = '\u001b[K';
const CLEAR_BELOW = '\u001b[J';
const CLEAR_ALL = '\u001b[2J';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** Watching ends with an interruption only. */
export async function status(options: StatusOptions, io: Io): Promise<Outcome> {
  const urls = [...new Set((options.url ?? [DEFAULT_URL]).map(addressOf))];
  if (urls.length > URLS_MAX) throw wrongUsage(`--url names ${urls.length} services; at most ${URLS_MAX} can be shown at once`);
  if (options.json === true && options.watch === true) throw wrongUsage('--json and --watch exclude each other: --json is one object');
  const key = options.key ?? io.env['TRELLIS_KEY'];
  const access = { signal: io.signal, ...(key === undefined || key === '' ? {} : { key }) };
  const isWatched = options.watch ?? (io.stdout.isTTY === true && options.json !== true);
  try {
    if (isWatched) return await watch(urls, access, io, options.every ?? EVERY_SECONDS);
    return outcomeOf(await once(urls, access, io, options.every ?? ONCE_SECONDS));
  } catch (error) {
    if (io.signal.aborted) throw new Failure('interrupted', EXIT.interrupted, { cause: error });
    throw error;
  }
}

async function once(urls: readonly string[], access: Access, { now, signal }: Io, seconds: number): Promise<Report> {
  const first = await round(urls, access, now);
  // Nothing can be learned from a second look.
  if (first.readings.every(({ metrics }) => metrics === null)) return reportOf([first], 'start');
  await pause(seconds * 1000, undefined, { signal });
  return reportOf([first, await round(urls, access, now)], 'start');
}

function outcomeOf(report: Report): Outcome {
  return { json: report, text: screenOf(report).join('\n'), ...(report.ok ? {} : { exitCode: EXIT.failed }) };
}

async function watch(urls: readonly string[], access: Access, { now, signal, stdout }: Io, seconds: number): Promise<never> {
  let rounds: readonly [Round, ...Round[]] = [await round(urls, access, now)];
  if (stdout.isTTY === true) stdout.write(HIDE_CURSOR + CLEAR_ALL);
  try {
    for (;;) {
      show(stdout, screenOf(reportOf(rounds, rounds.length === 1 ? 'start' : 'window')));
      await pause(seconds * 1000, undefined, { signal });
      const next = await round(urls, access, now);
      const [oldest, ...others] = rounds;
      rounds = rounds.length < ROUNDS_MAX ? [oldest, ...others, next] : [others[0] ?? next, ...others.slice(1), next];
    }
  } finally {
    if (stdout.isTTY === true) stdout.write(SHOW_CURSOR);
  }
}

async function round(urls: readonly string[], access: Access, now: () => number): Promise<Round> {
  const readings = await Promise.all(urls.map((url) => readService(url, access)));
  return { atMs: now(), readings };
}

/** Over the screen before it on a terminal, below it elsewhere. */
function show(stdout: Output, lines: readonly string[]): void {
  if (stdout.isTTY !== true) return void stdout.write(`${lines.join('\n')}\n\n`);
  const rows = 'rows' in stdout && typeof stdout.rows === 'number' && stdout.rows > 2 ? stdout.rows : Infinity;
  // A screen that scrolls cannot be written over.
  const fitting = lines.length < rows ? lines : [...lines.slice(0, rows - 2), `... and ${lines.length - rows + 2} more lines: make the window higher`];
  stdout.write(HOME + fitting.map((line) => `${line}${CLEAR_LINE}\n`).join('') + CLEAR_BELOW);
}
