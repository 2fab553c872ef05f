// What was asked for on the command line.
import { parseArgs } from 'node:util';
import type { Scale } from './benchmark.js';

export const USAGE = `npm run bench [-- name...] [--rounds n] [--events n] [--full] [--quick] [--json] [--no-write] [--profile folder]
     npm run bench -- --tables

  name          only these benchmarks; ten-million takes many minutes and 8 GB of disk, and runs only where it is named
  --rounds n    rounds, 1 to 50; 5 if left out
  --events n    events of ten-million, 1,000 to 100,000,000
  --full        growth up to 1,000,000 learners instead of 100,000: some minutes and 2 GB of disk more
  --quick       a small load: whether the benchmarks work, not how fast anything is; writes nothing
  --json        one JSON object on standard output instead of tables
  --no-write    leaves results/ and BENCHMARKS.md alone
  --tables      measures nothing: the numbers to reach and the charts anew, from what earlier runs kept
  --profile f   CPU profiles of the service and of the benchmarks without one into folder f, and their top functions; writes nothing`;

const ROUNDS_MAX = 50;
const EVENTS_MIN = 1_000;
const EVENTS_MAX = 100_000_000;
const USUAL: Scale = { rounds: 5, seconds: 3, warmUpSeconds: 2, size: 1 };
const QUICK: Scale = { rounds: 2, seconds: 0.3, warmUpSeconds: 0.1, size: 0.02 };

export interface Options {
  /** In the order in which they stand in the list of benchmarks. */
  readonly names: readonly string[];
  readonly scale: Scale;
  readonly json: boolean;
  readonly write: boolean;
  /** Null: no profiles. */
  readonly profiles: string | null;
  /** Measure nothing, and make what is made of earlier runs. */
  readonly tables: boolean;
  readonly help: boolean;
}

/** `usual` are those that run when none is named. Throws an error with a sentence for whoever typed it. */
export function optionsOf(args: readonly string[], known: readonly string[], usual = known): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      events: { type: 'string' },
      full: { type: 'boolean', default: false },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'no-write': { type: 'boolean', default: false },
      profile: { type: 'string' },
      tables: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const stranger = positionals.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Error(`there is no benchmark "${stranger}"; there are ${known.join(', ')}`);
  const scale = values.quick ? QUICK : USUAL;
  return {
    names: positionals.length === 0 ? usual : known.filter((name) => positionals.includes(name)),
    scale: {
      ...scale,
      ...(values.rounds === undefined ? {} : { rounds: wholeNumber('--rounds', values.rounds, 1, ROUNDS_MAX) }),
      ...(values.full ? { full: true } : {}),
      ...(values.events === undefined ? {} : { events: wholeNumber('--events', values.events, EVENTS_MIN, EVENTS_MAX) }),
    },
    json: values.json,
    write: !values['no-write'] && !values.quick && values.profile === undefined,
    profiles: values.profile ?? null,
    tables: values.tables,
    help: values.help,
  };
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new Error(`${name} is "${text}"; it must be a whole number from ${least} to ${most}`);
}
