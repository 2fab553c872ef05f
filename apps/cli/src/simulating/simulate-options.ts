// The options and the help of simulate. What it does is loaded when it is called.
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { Io, Outcome } from '../io.js';
import type { SimulateOptions } from './simulate-command.js';

const WORKERS = Math.min(2, availableParallelism());
const LEARNERS_MAX = 100_000;
const RESAMPLES = 4_000;
const RESAMPLES_MAX = 100_000;

export function addSimulateCommand(program: Command, io: Io, done: (outcome: Outcome) => void): void {
  program
    .command('simulate')
    .description('Judge policies in simulated worlds whose truth is known: the same students and the same luck for each.')
    .option('--policies <names>', 'some of them, apart by commas (default: all)')
    .option('--worlds <letters>', 'K, B, L, F, apart by commas', 'all')
    .option('--learners <count>', 'students of each world (default: 2000; 1500 with --ablations)', wholeNumber(2, LEARNERS_MAX))
    .option('--seed <split>', 'which students; the same ones give the same figures', wholeNumber(0, 2_000), 31)
    .option('--ablations', 'instead: what each part of the recipe is worth', false)
    .option('--course <file>', 'whose skills the worlds have (default: the sample course, elementary algebra)')
    .option('--resamples <count>', 'of students, for intervals', wholeNumber(2, RESAMPLES_MAX), RESAMPLES)
    .option('--workers <threads>', `at most the cores of this machine, ${availableParallelism()}`, wholeNumber(1, availableParallelism()), WORKERS)
    .option('--report <file>', 'an HTML page with tables and charts')
    .option('--json', 'one JSON object as the result')
    .addHelpText('after', HELP)
    .action(async (options: SimulateOptions) => {
      const { simulate } = await import('./simulate-command.js');
      done(await simulate(options, io));
    });
}

const HELP = `
K: growth near what was practised last; B: known or not, with forgetting; L: growth by degrees, students and items that differ; F: memory over
weeks. "engine" is this engine itself: the folds and the policy that answer over HTTP. "recommended" and "graph-free" are the published recipe
that it grew from, "true-state" knows what no policy can. What each figure means: docs/simulation.md.

Examples:
  trellis simulate --learners 200
  trellis simulate --policies engine,least-practised,targets-only-gate-95-2 --worlds B,F --json
  trellis simulate --report simulation.html
  trellis simulate --ablations`;

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };
}
