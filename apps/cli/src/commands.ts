// Every command with its options and its help. What a command does is loaded when it is called, so that help comes at once.
import { type Command, InvalidArgumentError, Option } from 'commander';
import { addBackupCommands } from './backup-commands.js';
import { addClusterCommands } from './cluster-commands.js';
import { addCalibrateCommands } from './calibrating/calibrate-options.js';
import { addEvaluateCommand } from './evaluating/evaluate-options.js';
import type { ImportOptions } from './import-command.js';
import type { PublishOptions } from './course-command.js';
import type { Io, Outcome } from './io.js';
import type { MasteryOptions } from './mastery-command.js';
import type { RecommendOptions } from './recommend-command.js';
import type { ReplayOptions } from './replay-command.js';
import { addStatusCommand } from './status-options.js';
import { addStoreCommands } from './store-commands.js';
import { addSimulateCommand } from './simulating/simulate-options.js';
import { addWhatIfCommand } from './judging/what-if-options.js';

type Done = (outcome: Outcome) => void;

const BATCH_ROWS = 2_000;
const BATCH_ROWS_MAX = 5_000;

export function addCommands(program: Command, io: Io, done: Done): void {
  program.addHelpText('after', GENERAL);
  publishCommand(program, io, done);
  importCommand(program, io, done);
  replayCommand(program, io, done);
  recommendCommand(program, io, done);
  masteryCommand(program, io, done);
  addEvaluateCommand(program, io, done);
  addCalibrateCommands(program, io, done);
  addWhatIfCommand(program, io, done);
  addSimulateCommand(program, io, done);
  addBackupCommands(program, io, done);
  addStoreCommands(program, io, done);
  addClusterCommands(program, io, done);
  addStatusCommand(program, io, done);
}

const GENERAL = `
Results go to standard output, progress and notes to standard error. The exit code is 0 on success, 1 on failure, 2 for a wrong
command line, 130 after Ctrl-C. "trellis <command> --help" says more about each command.

  trellis course publish samples/elementary-algebra/course.json
  trellis import answers.csv --map learner=student,item=question,correct=correct,time=answered_at
  trellis recommend ana --count 3
  trellis mastery ana`;

function publishCommand(program: Command, io: Io, done: Done): void {
  const publish = program
    .command('course')
    .description('courses')
    .command('publish [file]')
    .description('Publish a course: a JSON file, or a table of item-to-skill links. It becomes the next version; the same content publishes nothing.')
    .option('--id <course>', 'the id of the course (default: the name of the file, or of its folder for course.json)')
    .option('--q-matrix <table>', 'CSV or TSV, gzip or not, one line for each link, with the columns item_id and skill_id')
    .option('--map <item=column,skill=column>', 'with --q-matrix: other names of the two columns', collect, [])
    .option('--title <title>', 'with --q-matrix (default: the id)')
    .option('--language <tag>', 'with --q-matrix, BCP 47 (default: und, undetermined)');
  onFolderOrService(publish)
    .addHelpText(
      'after',
      `
Examples:
  trellis course publish samples/elementary-algebra/course.json
  trellis course publish --q-matrix q_matrix.tsv.gz --id assist09 --title "ASSISTments 2009"
  trellis course publish algebra.json --url http://127.0.0.1:7077`,
    )
    .action(async (file: string | undefined, options: PublishOptions) => {
      const { publishCourse } = await import('./course-command.js');
      done(await publishCourse(file, options, io));
    });
}

function importCommand(program: Command, io: Io, done: Done): void {
  const command = program
    .command('import <file>')
    .description('Import answers from CSV, TSV or JSON lines, gzip or not. Importing the same file again adds nothing.')
    .option('--map <field=column,...>', 'which column holds what (may be repeated); without it, columns have the names of the fields', collect, [])
    .option('--course <course>', 'the course of every answer; without it, the one that the item belongs to')
    .option('--source <name>', 'whose ids these are (default: a hash of what the file holds)')
    .addOption(new Option('--format <format>', 'what the file is (default: by its name, else by its first line)').choices(['csv', 'tsv', 'jsonl']))
    .addOption(new Option('--time-unit <unit>', 'of times that are numbers (default: seconds below 100,000,000,000, else milliseconds)').choices(['s', 'ms']))
    .option('--rejects <file>', 'where rows go that are not taken (default: <file>.rejects.tsv in this folder; only if there are any)')
    .option('--batch <rows>', `rows sent at once, at most ${BATCH_ROWS_MAX}`, wholeNumber(1, BATCH_ROWS_MAX), BATCH_ROWS);
  onFolderOrService(command)
    .addHelpText('after', IMPORT_HELP)
    .action(async (file: string, options: ImportOptions) => {
      const { importFile } = await import('./import-command.js');
      done(await importFile(file, options, io));
    });
}

const IMPORT_HELP = `
Fields: learner and item are needed; correct (0, 1, true, false), score (0 to 1), time, id, skills (apart by spaces or ; , |),
course, response, attempt, hints, durationMs, confidence, session, recommendation. An empty cell says nothing.

learner   an opaque id: A-Z a-z 0-9 _ - up to 64. Names and addresses are refused, row by row, as id-not-opaque.
time      RFC 3339, or seconds or milliseconds since 1970 (see --time-unit). Empty or 0 is no time: the answer gets the time of
          the import, marked as received. Among answers of the same time the line number decides.
id        of the answer at its source; the line number if left out. An id of a source counts once: another import of it with the
          same content is a duplicate, with other content (another --map, say) it is rejected and the first stands. So a file
          that grows needs a --source, and ids of its own or lines that stay where they are.
JSON lines hold the mapped members or, without --map, whole events as POST /v1/events takes them.

Rejected rows are written with their line, code and reason, as a table that can be put right and imported again:
  trellis import answers.csv.rejects.tsv --source <as before> --map id=line,...

Examples:
  trellis import test.tsv.gz --map learner=user_id,item=item_id,correct=correct,time=timestamp
  trellis import answers.csv --map learner=student,item=question,score=points --course algebra --source district-7
  trellis import events.jsonl --url http://127.0.0.1:7077`;

function replayCommand(program: Command, io: Io, done: Done): void {
  folder(program.command('replay'))
    .description('Fold every learner from the first event of the log into rows of its own, which are not kept.')
    .option('--verify', 'compare them with the live rows; not equal is a failure that names rows', false)
    .option('--as-of <time>', 'only what was recorded up to then (RFC 3339)')
    .option('--from <file>', 'from an Arrow file that trellis export wrote, by the calibrations of the folder')
    .option('--json', 'one JSON object as the result')
    .addHelpText(
      'after',
      `
The hashes are SHA-256 over key and state of every row in the order of the keys. If nobody holds the folder, the live rows are first
brought up to the log. If a service holds it, each live row is compared with its learner's history up to where the row is.

Examples:
  trellis replay --verify
  trellis replay --as-of 2026-03-01T00:00:00Z --json
  trellis replay --from log.arrow`,
    )
    .action(async (options: ReplayOptions) => {
      const { replayLog } = await import('./replay-command.js');
      done(await replayLog(options, io));
    });
}

function recommendCommand(program: Command, io: Io, done: Done): void {
  const command = program
    .command('recommend <learner>')
    .description('Ask what next. The decision is kept, as over HTTP.')
    .option('--course <course>', 'default: the course of the newest enrolment, or the only one there is')
    .option('--count <items>', 'how many items', wholeNumber(1, 20))
    .option('--objective <objective>', 'default: the whole course')
    .option('--budget-minutes <minutes>', 'how long the learner has', number)
    .option('--request-id <id>', 'the same id returns the same decision');
  onFolderOrService(command)
    .addHelpText('after', '\nExamples:\n  trellis recommend 14 --course assist09 --count 3\n  trellis recommend ana --url http://127.0.0.1:7077 --json')
    .action(async (learner: string, options: RecommendOptions) => {
      const { recommend } = await import('./recommend-command.js');
      done(await recommend(learner, options, io));
    });
}

function masteryCommand(program: Command, io: Io, done: Done): void {
  const command = program
    .command('mastery <learner>')
    .description('Show what a learner has mastered.')
    .option('--course <course>', 'every skill of this course (default: every skill that was practised)')
    .option('--as-of <time>', 'as known then (RFC 3339)');
  onFolderOrService(command)
    .addHelpText('after', '\nExamples:\n  trellis mastery 14\n  trellis mastery ana --course algebra --as-of 2026-03-01T00:00:00Z --json')
    .action(async (learner: string, options: MasteryOptions) => {
      const { showMastery } = await import('./mastery-command.js');
      done(await showMastery(learner, options, io));
    });
}

function folder(command: Command): Command {
  return command.option('--data <folder>', 'the data folder (default: $TRELLIS_DATA, else ./.trellis)');
}

function onFolderOrService(command: Command): Command {
  return folder(command)
    .option('--url <address>', 'a running engine instead of a data folder, such as http://127.0.0.1:7077')
    .option('--key <key>', 'the bearer key for --url (default: $TRELLIS_KEY, which others on this machine do not see)')
    .option('--json', 'one JSON object as the result');
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };
}

function number(text: string): number {
  if (/^\d{1,9}(\.\d{1,9})?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a number.');
}
