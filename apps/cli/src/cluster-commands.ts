// The options and the help of rebuild and parked, which several processes make necessary. What they do is loaded when they are called.
import type { Command } from 'commander';
import type { Io, Outcome } from './io.js';
import type { ParkedOptions } from './parked-command.js';
import type { RebuildOptions } from './rebuild-command.js';

type Done = (outcome: Outcome) => void;

export function addClusterCommands(program: Command, io: Io, done: Done): void {
  rebuildCommand(program, io, done);
  parkedCommands(program, io, done);
}

function rebuildCommand(program: Command, io: Io, done: Done): void {
  program
    .command('rebuild [view...]')
    .description('Make the rows of views again from the first event of the log, beside those that are there, then switch all readers to them at once.')
    .option('--data <folder>', 'the data folder, while no service holds it (default: what TRELLIS_STORE says; $TRELLIS_DATA, else ./.trellis)')
    .option('--json', 'one JSON object as the result')
    .addHelpText(
      'after',
      `
Views are learner, course, classroom and calibration; all of them if none is named. With TRELLIS_STORE=kurrent it works on the rows in Redis, while
projectors and recommenders run: until the switch they answer from the old rows, or from the log where those are lost. If it breaks off,
nothing is switched; run it again.

Examples:
  trellis rebuild
  TRELLIS_STORE=kurrent TRELLIS_KURRENT_URL=... TRELLIS_REDIS_URL=... trellis rebuild learner --json`,
    )
    .action(async (views: readonly string[], options: RebuildOptions) => {
      const { rebuild } = await import('./rebuild-command.js');
      done(await rebuild(views, options, io));
    });
}

function parkedCommands(program: Command, io: Io, done: Done): void {
  const parked = program.command('parked').description('messages from Kafka that could not be taken');
  const action = (what: 'list' | 'retry' | 'discard') => async (places: readonly string[], options: ParkedOptions) => {
    const { handleParked } = await import('./parked-command.js');
    done(await handleParked(what, places, options, io));
  };
  parked
    .command('list')
    .description('Show what is parked, with the reason and where it came from.')
    .option('--json', 'one JSON object as the result, with the bytes in base64')
    .action((options: ParkedOptions) => action('list')([], options));
  for (const [what, description] of [
    ['retry', 'Send messages again to the topic that they came from, the bytes as they were. What still cannot be taken is parked again.'],
    ['discard', 'Give messages up. They stay in the log of the brokers until Kafka compacts the topic.'],
  ] as const) {
    parked
      .command(`${what} [place...]`)
      .description(description)
      .option('--all', 'all that is parked now', false)
      .option('--code <code>', 'those with this code, such as unknown-item')
      .option('--json', 'one JSON object as the result')
      .addHelpText(
        'after',
        `
A place is what list shows first: topic/partition/offset. TRELLIS_KAFKA_BROKERS says where the brokers are, TRELLIS_NAMESPACE whose
topics these are.

Examples:
  trellis parked ${what} trellis.ingress/3/1204
  trellis parked ${what} --code unknown-item`,
      )
      .action(action(what));
  }
}
