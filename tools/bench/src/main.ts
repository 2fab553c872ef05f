// `npm run bench`: measures, prints, and keeps what it found.
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { measure, type Benchmark, type Outcome, type Setting } from './benchmark.js';
import { BENCHMARKS } from './benches.js';
import { circumstances, circumstancesText } from './circumstances.js';
import { optionsOf, USAGE, type Options } from './options.js';
import { costsOf, profiled, profilesIn } from './profile.js';
import { tableOf } from './report.js';
import { keep } from './results.js';
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
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, interrupt);

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
  else process.stdout.write(`\n${scale.rounds} rounds, ${results.seconds} s. ${circumstancesText(where)}\n`);
  if (write) say(`kept in tools/bench/results/${await keep(results)} and BENCHMARKS.md`);
  if (folder !== null) for (const name of await profilesIn(folder)) say(`\n${name}\n${await costsOf(join(folder, name))}`);
}

function measured(benchmark: Benchmark, setting: Setting, folder: string | null): Promise<Outcome> {
  return folder === null ? measure(benchmark, setting) : profiled(folder, `bench-${benchmark.name}`, () => measure(benchmark, setting));
}

try {
  const options = optionsOf(args, BENCHMARKS.map(({ name }) => name));
  if (options.help) process.stdout.write(`${USAGE}\n`);
  else await run(options);
} catch (error) {
  // What fails because it was interrupted need not be told; whoever interrupted ends the process.
  if (!interrupted) {
    say(sentence(error));
    process.exit(1);
  }
}

function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const mistyped = 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  return mistyped ? `${error.message}\n\n${USAGE}` : (error.stack ?? error.message);
}
