// `npm run bench`: measures, prints, and keeps what it found.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { measure, type Benchmark, type Outcome, type Setting } from './benchmark.js';
import { BENCHMARKS } from './benches.js';
import { circumstances, circumstancesText } from './circumstances.js';
import { optionsOf, USAGE, type Options } from './options.js';
import { costsOf, profiled, profilesIn } from './profile.js';
import { tableOf } from './report.js';
import { keep, renew } from './results.js';
import { Workplace } from './workplace.js';

const INTERRUPTED = 130;

const args = process.argv.slice(2);
let interrupted = false;
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function run({ names, scale, json, write, profiles }: Options): Promise<void> {
  const folder = profiles === null ? null : resolve(profiles);
  if (folder !== null) await mkdir(folder, { recursive: true });
  const workplace = new Workplace(folder);
  const interrupt = (): void => {
    interrupted = true;
    say('\nstopping');
    void workplace.close().then(() => process.exit(INTERRUPTED));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, interrupt);

  const where = await circumstances(args, new Date());
  const start = performance.now();
  const outcomes: Outcome[] = [];
  try {
    for (const benchmark of BENCHMARKS.filter(({ name }) => names.includes(name))) {
      const outcome = await measured(benchmark, { workplace, scale, say }, folder);
      outcomes.push(outcome);
      if (!json) process.stdout.write(`\n## ${outcome.title}\n\n${tableOf(outcome)}\n\n${outcome.notes.map((note) => `- ${note}\n`).join('')}`);
    }
  } finally {
    await workplace.close();
  }
  const results = { ...where, rounds: scale.rounds, seconds: Math.round((performance.now() - start) / 1000), outcomes };
  if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else process.stdout.write(`\nup to ${scale.rounds} rounds, ${results.seconds} s. ${circumstancesText(where)}\n`);
  if (write) say(`kept in tools/bench/results/${await keep(results)} and BENCHMARKS.md`);
  if (folder !== null) for (const name of await profilesIn(folder)) say(`\n${name}\n${await costsOf(join(folder, name))}`);
}

function measured(benchmark: Benchmark, setting: Setting, folder: string | null): Promise<Outcome> {
  return folder === null ? measure(benchmark, setting) : profiled(folder, `bench-${benchmark.name}`, () => measure(benchmark, setting));
}

const options = understood();
if (options?.help === true) process.stdout.write(`${USAGE}\n`);
else if (options !== null) await (options.tables ? renew() : run(options)).catch(fail);

/** Null: it was not, and the reason has been said. */
function understood(): Options | null {
  try {
    const names = (of: readonly Benchmark[]): readonly string[] => of.map(({ name }) => name);
    return optionsOf(args, names(BENCHMARKS), names(BENCHMARKS.filter(({ onlyByName }) => onlyByName !== true)));
  } catch (error) {
    say(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
    process.exitCode = 1;
    return null;
  }
}

function fail(error: unknown): void {
  // What fails because it was interrupted need not be told; whoever interrupted ends the process.
  if (interrupted) return;
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exit(1);
}
