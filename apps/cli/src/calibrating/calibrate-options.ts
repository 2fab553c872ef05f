// The options and the help of calibrate and calibration. What they do is loaded when they are called.
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { Io, Outcome } from '../io.js';
import type { CalibrateOptions } from './calibrate-command.js';
import type { CalibrationOptions } from './calibration-command.js';

type Done = (outcome: Outcome) => void;

export function addCalibrateCommands(program: Command, io: Io, done: Done): void {
  program
    .command('calibrate [file...]')
    .description('Fit every model on the answers of the log, or of files, and publish the parameters as the next calibration.')
    .option('--q-matrix <table>', 'with files: links of items to skills, CSV or TSV, gzip or not')
    .option('--map <field=column,...>', 'with files: which column holds what (may be repeated)', collect, [])
    .option('--seed <number>', 'of everything that is drawn', wholeNumber, 0)
    .option('--dry-run', 'fit and compare, publish nothing', false)
    .option('--activate', 'put it in force, unless it is degenerate or worse than the one in force', false)
    .option('--network', 'fit and judge the network too, which forecasts and is not part of a calibration', false)
    .option('--out <file>', 'also write the calibration as JSON')
    .option('--items <file>', 'also write the statistics of each item, TSV')
    .option('--card <file>', 'also write the model card, Markdown')
    .option('--data <folder>', 'the data folder (default: $TRELLIS_DATA, else ./.trellis)')
    .option('--url <url>', 'publish at a running service; the log is read from --data beside it')
    .option('--key <key>', 'with --url: the bearer key (default: $TRELLIS_KEY)')
    .option('--json', 'one JSON object as the result')
    .addHelpText('after', CALIBRATE_HELP)
    .action(async (files: readonly string[], options: CalibrateOptions) => {
      const { calibrate } = await import('./calibrate-command.js');
      done(await calibrate(files, options, io));
    });
  const calibration = program.command('calibration').description('the calibrations that were published, and which one is in force');
  const action = (what: 'list' | 'show' | 'activate' | 'rollback') => async (id: string | CalibrationOptions, options?: CalibrationOptions) => {
    const { handleCalibration } = await import('./calibration-command.js');
    done(await (typeof id === 'string' ? handleCalibration(what, options ?? {}, io, id) : handleCalibration(what, id, io)));
  };
  onTarget(calibration.command('list').description('All of them, the oldest first, and when which one was in force.')).action(action('list'));
  onTarget(calibration.command('show <id>').description('One with its figures, flaws and model card.')).action(action('show'));
  onTarget(calibration.command('activate <id>').description('Put one in force. Recommendations and mastery rest on it from then on.')).action(action('activate'));
  onTarget(calibration.command('rollback').description('Put the one in force again that was so before.')).action(action('rollback'));
}

const CALIBRATE_HELP = `
Fitted are: what each skill's answers say about knowing it (Bayesian knowledge tracing, by expectation-maximisation), how easy items and
skills are (Rasch), and what the learner's own state says about the next answer (logistic regression). Four fifths of the learners are
fitted, and their parameters published; the rest, always the same learners, is predicted by them and by those in force. A learner who
stands in the log under two ids counts once.

A skill whose fit makes no sense, or that has too few answers, is named and takes the parameters of all skills together. A calibration that
foresees held-out answers worse than the one in force is published and cannot be activated. Published calibrations are in the log; nothing
is kept beside it. Logs beyond 2,000,000 answers: whole learners are drawn by the seed.

Examples:
  trellis calibrate --dry-run
  trellis calibrate --activate
  trellis calibrate --data ./.trellis --url http://127.0.0.1:7077 --activate
  trellis calibrate answers.tsv.gz --q-matrix links.tsv.gz --out calibration.json --dry-run
  trellis calibration rollback`;

function onTarget(command: Command): Command {
  return command
    .option('--data <folder>', 'the data folder (default: $TRELLIS_DATA, else ./.trellis)')
    .option('--url <url>', 'a running service, instead of a folder')
    .option('--key <key>', 'with --url: the bearer key (default: $TRELLIS_KEY)')
    .option('--json', 'one JSON object as the result');
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

function wholeNumber(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 0 to 999999999.');
}
