// The options and the help of log, export, verify and repair. What they do is loaded when they are called.
import { type Command, InvalidArgumentError } from 'commander';
import type { ExportOptions } from './export-command.js';
import type { Io, Outcome } from './io.js';
import type { LogOptions } from './log-command.js';
import type { RepairOptions } from './repair-command.js';
import type { VerifyOptions } from './verify-command.js';

type Done = (outcome: Outcome) => void;

export function addStoreCommands(program: Command, io: Io, done: Done): void {
  logCommand(program, io);
  exportCommand(program, io, done);
  verifyCommand(program, io, done);
  repairCommand(program, io, done);
}

function logCommand(program: Command, io: Io): void {
  onFolder(program.command('log'))
    .description('Show the events of the log, a line of JSON each, in the order in which they were recorded.')
    .option('--after <position>', 'only those behind this position')
    .option('--stream <name>', 'only those of this stream, such as learner-default.ana')
    .option('--prefix <text>', 'only those of streams whose names begin so, such as classroom-')
    .option('--limit <events>', 'end after so many', wholeNumber)
    .option('--follow', 'go on with what is recorded from now on, until Ctrl-C (exit code 130)', false)
    .addHelpText(
      'after',
      `
A line has position, recordedAt, stream, revision, id and type, then meta and data. An event that this program does not know has
its bytes in base64 instead; erased is true where they are gone. It is read beside a running service, and holds nothing: services
may be started and stopped meanwhile.

Examples:
  trellis log --stream learner-default.ana
  trellis log --limit 100 | jq .type
  trellis log --follow --prefix learner- --after 120000`,
    )
    .action(async (options: LogOptions) => {
      const { showLog } = await import('./log-command.js');
      await showLog(options, io);
    });
}

function exportCommand(program: Command, io: Io, done: Done): void {
  onFolder(program.command('export <file>'))
    .description('Write the histories of learners as a file of columns: .arrow (Arrow IPC) or .parquet.')
    .option('--tenant <tenant>', 'only the learners of this one')
    .option('--force', 'replace the file if it is there', false)
    .option('--json', 'one JSON object as the result')
    .addHelpText(
      'after',
      `
A row for each event, those of a learner together, as far as the log is durable at the call; beside a running service too. Where an
answer was voided or scored anew, both events are in it. What an event has no column for is in the column data, as JSON. An Arrow file
also has the event itself, for trellis replay --from. The file appears when it is whole.

Examples:
  trellis export answers.parquet
  trellis export log.arrow --data /var/lib/trellis --tenant north-7 --json`,
    )
    .action(async (file: string, options: ExportOptions) => {
      const { exportColumns } = await import('./export-command.js');
      done(await exportColumns(file, options, io));
    });
}

function verifyCommand(program: Command, io: Io, done: Done): void {
  onFolder(program.command('verify'))
    .description('Read everything in a data folder and say what is not as it should be. Changes nothing; beside a running service too.')
    .option('--json', 'one JSON object as the result')
    .addHelpText(
      'after',
      `
It goes on after a problem. The first 1,000 are listed, all are counted; the exit code is 1 if there are any. Each has the position
of the event that it is about, or null, and one of these kinds:

  segment   the header of a file of the log          mark      what says how far the log is durable contradicts it
  batch     what one write carried                   revision  a stream has a gap, or a revision twice
  frame     an event is not what was written         time      an event was recorded before the one in front of it
  position  events are missing                       id        the log has an event twice
  index     the index does not say what the log says, or cannot be opened
  rows      a row is not what its events make of it, or says that it is ahead of the log

While it looks at a folder that no service holds, none can be started there.
Beside a service the log is read up to the head that the service publishes, and each row is held against the history that it covers.
Bytes behind everything acknowledged, which a crash leaves, are no problem. For a damaged folder there is trellis repair.

Examples:
  trellis verify
  trellis verify --data /var/lib/trellis --json`,
    )
    .action(async (options: VerifyOptions) => {
      const { verify } = await import('./verify-command.js');
      done(await verify(options, io));
    });
}

function repairCommand(program: Command, io: Io, done: Done): void {
  onFolder(program.command('repair'))
    .description('Make a damaged data folder whole again, keep every event that can be read, and say which are lost.')
    .option('--dry-run', 'only say what would be kept and what is lost', false)
    .option('--json', 'one JSON object as the result')
    .addHelpText(
      'after',
      `
Stop the service first. If nothing is wrong, nothing is changed. Otherwise every event that is whole keeps its position and revision,
and one that is lost is replaced by an erased event, so that neither has gaps. Which event was lost is known from the index, else from
the revisions that the streams around it lack, else it goes to a stream of its own, lost-<position>. Index and rows are built anew from
the log. Damaged files are kept beside the log, as <segment>.damaged. If it breaks off, run it again.

With a backup that has the lost events, restore that one instead, and import again what came since.

Examples:
  trellis repair --dry-run
  trellis repair --data /var/lib/trellis --json`,
    )
    .action(async (options: RepairOptions) => {
      const { repair } = await import('./repair-command.js');
      done(await repair(options, io));
    });
}

function onFolder(command: Command): Command {
  return command.option('--data <folder>', 'the data folder (default: $TRELLIS_DATA, else ./.trellis)');
}

function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1.');
}
