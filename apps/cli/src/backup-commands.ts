// The options and the help of backup, restore and copy. What they do is loaded when they are called.
import { type Command, Option } from 'commander';
import type { BackupCommandOptions } from './backup-command.js';
import type { CopyCommandOptions } from './copy-command.js';
import type { Io, Outcome } from './io.js';
import type { RestoreCommandOptions } from './restore-command.js';

type Done = (outcome: Outcome) => void;

export function addBackupCommands(program: Command, io: Io, done: Done): void {
  backupCommand(program, io, done);
  restoreCommand(program, io, done);
  copyCommand(program, io, done);
}

function backupCommand(program: Command, io: Io, done: Done): void {
  onFolder(program.command('backup <target>'))
    .description('Copy the log into a folder: of a running engine, or of data that nobody has open. The same folder again takes only what is new.')
    .addHelpText(
      'after',
      `
The backup is consistent to one position, which it reports; the log is verified while it is copied. A damaged log, a target without
room, or one that belongs to another log is refused. Whatever happens meanwhile, the backup of before stands until the new one is
whole. Index and rows are not in it: they are built again from the log. "trellis restore <target> --check" verifies what is in the
target; a file that it names as damaged can be removed, and the next backup copies it again.

Examples:
  trellis backup /mnt/backup/trellis
  trellis backup /mnt/backup/trellis --data /var/lib/trellis --json`,
    )
    .action(async (target: string, options: BackupCommandOptions) => {
      const { backUp } = await import('./backup-command.js');
      done(await backUp(target, options, io));
    });
}

function restoreCommand(program: Command, io: Io, done: Done): void {
  onFolder(program.command('restore <backup>'))
    .description('Make a data folder of a backup. The folder must be new or empty.')
    .option('--check', 'only verify the backup, every file by its hash and its checksums; nothing is written', false)
    .addHelpText(
      'after',
      `
A backup with a damaged, missing or changed file is refused, and the file named; --check names all of them. A restore that is broken
off leaves no log, and can be run again. The index is built at once, the rows when the engine next runs.

Examples:
  trellis restore /mnt/backup/trellis --data /var/lib/trellis
  trellis restore /mnt/backup/trellis --check`,
    )
    .action(async (backup: string, options: RestoreCommandOptions) => {
      const { restore } = await import('./restore-command.js');
      done(await restore(backup, options, io));
    });
}

function copyCommand(program: Command, io: Io, done: Done): void {
  onFolder(program.command('copy'))
    .description('Copy the log of a data folder into KurrentDB, in its order and with its ids, and hold both against each other.')
    .addOption(new Option('--from <store>', 'where the events are').choices(['embedded']).makeOptionMandatory())
    .addOption(new Option('--to <store>', 'where they go').choices(['kurrent']).makeOptionMandatory())
    .option('--kurrent-url <address>', 'the connection string (default: $TRELLIS_KURRENT_URL, which others on this machine do not see)')
    .option('--namespace <name>', 'of the installation that will use it (default: $TRELLIS_NAMESPACE, else trellis)')
    .addHelpText(
      'after',
      `
Copies what is in the log at the call, beside a running engine too. Which position became which is kept in <data>/copies/, one file
for each database; a copy that is broken off goes on from there when it is run again, and one that is complete only takes what is
new. In the end both logs are read side by side, and every event compared: id, stream, revision, type, content, time.

Examples:
  trellis copy --from embedded --to kurrent --kurrent-url kurrentdb://127.0.0.1:2113?tls=false
  TRELLIS_KURRENT_URL=... trellis copy --from embedded --to kurrent --data /var/lib/trellis --json`,
    )
    .action(async (options: CopyCommandOptions) => {
      const { copy } = await import('./copy-command.js');
      done(await copy(options, io));
    });
}

function onFolder(command: Command): Command {
  return command.option('--data <folder>', 'the data folder (default: $TRELLIS_DATA, else ./.trellis)').option('--json', 'one JSON object as the result');
}
