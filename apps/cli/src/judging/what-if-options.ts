// The options and the help of what-if. What it does is loaded when it is called.
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Io, Outcome } from '../io.js';
import type { WhatIfOptions } from './what-if-command.js';

const SEED_MAX = 2 ** 31 - 1;

export function addWhatIfCommand(program: Command, io: Io, done: (outcome: Outcome) => void): void {
  program
    .command('what-if')
    .description('Estimate what another strategy would have earned, from decisions of the log and the chances that they were drawn with.')
    .requiredOption('--strategy <preset|file>', 'differentiated, individualized, personalized, blended, or a JSON file with a strategy')
    .addOption(new Option('--reward <reward>', 'learning: P(known) that the answer added; right: its score').choices(['learning', 'right']).default('learning'))
    .option('--level <share>', 'of the intervals', share, 0.9)
    .option('--seed <number>', 'parts learners in two for the model of the reward', seed, 1)
    .option('--data <folder>', 'the data folder (default: $TRELLIS_DATA, else ./.trellis)')
    .option('--json', 'one JSON object as the result')
    .addHelpText('after', HELP)
    .action(async (options: WhatIfOptions) => {
      const { whatIf } = await import('./what-if-command.js');
      done(await whatIf(options, io));
    });
}

const HELP = `
Each decision keeps the probability of its draw. What the strategy would have drawn is computed from the learner as they were then; answers
count by how much more or less often it would have come to them. Each choice stands for itself: what it leads to later is not counted.
Where the strategy would hardly ever have chosen what was chosen, the log says little about it, and a warning says so.

Examples:
  trellis what-if --strategy personalized
  trellis what-if --strategy ours.json --reward right --json`;

function share(text: string): number {
  const value = Number(text);
  if (value >= 0.5 && value < 1) return value;
  throw new InvalidArgumentError('It must be a number from 0.5 to below 1.');
}

function seed(text: string): number {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (value <= SEED_MAX) return value;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${SEED_MAX}.`);
}
