// `npm run torture`: simulated worlds, or kills of a real process, until told to stop.
import { killMain } from './kill-main.js';
import { TORTURE_USAGE, tortureOptions } from './options.js';
import { runSeeds, totalsText, type Totals } from './seed-runs.js';

const TOLD_EVERY_MS = 5_000;
const MINUTE_MS = 60_000;
/** Seeds that begin by the clock, few enough digits to be typed. */
const FIRST_SEEDS = 2 ** 31;

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
const say = (line: string): void => void process.stderr.write(`${line}\n`);

try {
  process.stdout.write(`${await torture()}\n`);
} catch (error) {
  say(error instanceof Error && error.name !== 'Error' ? error.message : error instanceof Error ? `${error.message}\n\n${TORTURE_USAGE}` : String(error));
  process.exitCode = 1;
}

async function torture(): Promise<string> {
  const { help, minutes, seeds, kills, first } = tortureOptions(process.argv.slice(2));
  if (help) return TORTURE_USAGE;
  const seed = first ?? Date.now() % FIRST_SEEDS;
  if (kills !== null) return killMain({ kills: kills === '' ? undefined : kills, seed, signal: stop.signal, say });
  const begun = performance.now();
  say(`simulated worlds from seed ${seed} on${minutes === null && seeds === null ? ', until Ctrl-C' : ''}`);
  let toldAt = begun;
  let done = 0;
  const next = (): number | null => {
    const isEnough = stop.signal.aborted || (seeds !== null && done >= seeds) || (minutes !== null && performance.now() - begun >= minutes * MINUTE_MS);
    return isEnough ? null : seed + done++;
  };
  const progress = (totals: Totals): void => {
    if (performance.now() - toldAt < TOLD_EVERY_MS) return;
    toldAt = performance.now();
    say(totalsText(totals));
  };
  return `from seed ${seed}, ${totalsText(await runSeeds({ next, progress }))}, 0 violations, ${Math.round((performance.now() - begun) / 1000)} s`;
}
