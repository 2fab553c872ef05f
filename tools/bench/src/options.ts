// What was asked for on the command line.
import { parseArgs } from 'node:util';
import type { Scale } from './benchmark.js';

export const USAGE = `npm run bench [-- name...] [--rounds n] [--quick] [--json] [--no-write] [--profile folder]

  name          only these benchmarks
  --rounds n    rounds, 1 to 50; 5 if left out
  --quick       a small load: whether the benchmarks work, not how fast anything is; writes nothing
  --json        one JSON object on standard output instead of tables
  --no-write    leaves results/ and BENCHMARKS.md alone
  --profile f   CPU profiles of the service and of the benchmarks without one into folder f, and their top functions; writes nothing`;

const ROUNDS_MAX = 50;
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
  readonly help: boolean;
}

/** Throws an error with a sentence for whoever typed it. */
export function optionsOf(args: readonly string[], known: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      'no-write': { type: 'boolean', default: false },
      profile: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const stranger = positionals.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new Error(`there is no benchmark "${stranger}"; there are ${known.join(', ')}`);
  const scale = values.quick ? QUICK : USUAL;
  return {
    names: positionals.length === 0 ? known : known.filter((name) => positionals.includes(name)),
    scale: { ...scale, rounds: values.rounds === undefined ? scale.rounds : roundsOf(values.rounds) },
    json: values.json,
    write: !values['no-write'] && !values.quick && values.profile === undefined,
    profiles: values.profile ?? null,
    help: values.help,
  };
}

function roundsOf(text: string): number {
  const rounds = Number(text);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > ROUNDS_MAX) throw new Error(`--rounds is "${text}"; it must be a whole number from 1 to ${ROUNDS_MAX}`);
  return rounds;
}
