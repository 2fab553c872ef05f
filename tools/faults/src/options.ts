// What was asked for on the command line.
import { parseArgs } from 'node:util';

export const SIMULATE_USAGE = `npm run simulate-faults -- --seed n | --seeds a..b [--planted name]

  --seed n        one simulated world, told step by step
  --seeds a..b    these worlds one after the other, without the steps; 1..2000 if nothing is said
  --planted name  with a known bug planted; without a name of one, says which there are`;

export const TORTURE_USAGE = `npm run torture [-- --minutes m | --seeds n] [--seed first]
npm run torture -- --kill [n] [--seed first]

  --minutes m     simulated worlds for so long; until Ctrl-C if nothing is said
  --seeds n       so many simulated worlds
  --kill [n]      kills a real process so many times instead; 1,000 if left out
  --seed first    where to begin; by the clock if left out`;

export const SEEDS_USUAL = 2_000;
const SEED_MAX = Number.MAX_SAFE_INTEGER;

export interface SimulateOptions {
  readonly help: boolean;
  readonly from: number;
  readonly to: number;
  readonly told: boolean;
  readonly planted: string | null;
}

export interface TortureOptions {
  readonly help: boolean;
  readonly minutes: number | null;
  readonly seeds: number | null;
  /** As typed, empty if no number was; null: none. */
  readonly kills: string | null;
  readonly first: number | null;
}

/** Throws an error with a sentence for whoever typed it. */
export function simulateOptions(args: readonly string[]): SimulateOptions {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, seeds: { type: 'string' }, planted: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } },
  });
  if (values.seed !== undefined && values.seeds !== undefined) throw new Error('--seed and --seeds exclude each other');
  const range = /^(\d+)\.\.(\d+)$/.exec(values.seeds ?? `1..${SEEDS_USUAL}`);
  if (range === null) throw new Error(`--seeds is "${values.seeds}"; it must be two whole numbers as in 1..2000`);
  if (Number(range[1]) > Number(range[2])) throw new Error(`--seeds is "${values.seeds}"; the first must not be greater than the last`);
  const seed = values.seed === undefined ? null : whole('--seed', values.seed);
  return {
    help: values.help,
    from: seed ?? whole('--seeds', range[1] ?? ''),
    to: seed ?? whole('--seeds', range[2] ?? ''),
    told: seed !== null,
    planted: values.planted ?? null,
  };
}

/** Throws an error with a sentence for whoever typed it. */
export function tortureOptions(args: readonly string[]): TortureOptions {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      minutes: { type: 'string' },
      seeds: { type: 'string' },
      seed: { type: 'string' },
      kill: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  // The number of kills stands behind its option and may be left out.
  const [kills, stranger] = values.kill ? [positionals[0] ?? '', positionals[1]] : [null, positionals[0]];
  if (stranger !== undefined) throw new Error(`"${stranger}" is not understood`);
  if ([values.minutes !== undefined, values.seeds !== undefined, values.kill].filter(Boolean).length > 1) throw new Error('--minutes, --seeds and --kill exclude each other');
  const minutes = values.minutes === undefined ? null : Number(values.minutes);
  if (minutes !== null && !(minutes > 0)) throw new Error(`--minutes is "${values.minutes}"; it must be a number above 0`);
  return {
    help: values.help,
    minutes,
    seeds: values.seeds === undefined ? null : whole('--seeds', values.seeds),
    kills,
    first: values.seed === undefined ? null : whole('--seed', values.seed),
  };
}

function whole(option: string, text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > SEED_MAX) throw new Error(`${option} is "${text}"; it must be a whole number from 0 to ${SEED_MAX}`);
  return number;
}
