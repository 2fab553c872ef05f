// The options and the help of evaluate. What it does is loaded when it is called.
import { availableParallelism } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Io, Outcome } from '../io.js';
import type { EvaluateOptions } from './evaluate-command.js';

const WORKERS = Math.min(2, availableParallelism());
export const FOLDS_MIN = 2;
export const FOLDS_MAX = 100;
const SEED_MAX = 2 ** 31 - 1;

export function addEvaluateCommand(program: Command, io: Io, done: (outcome: Outcome) => void): void {
  program
    .command('evaluate')
    .description('Judge how well models foresee answers: each is predicted from what was known before it, on learners that no model was fitted on.')
    .option('--train <file>', 'answers to fit on: CSV or TSV, gzip or not; may be repeated', collect)
    .option('--test <file>', 'answers to judge on, of other learners; may be repeated', collect)
    .option('--data <file>', 'instead of the two: answers of all learners, cut into folds; or a data folder, whose own log is read', collect)
    .option('--q-matrix <file>', 'links from items to skills, with the columns item_id and skill_id (default: the skills that each row names)')
    .addOption(new Option('--format <format>', 'table: one answer a row; akt: three lines a student, without items').choices(['table', 'akt']).default('table'))
    .option('--map <field=column,...>', 'which column holds what: learner, item, correct or score, skills, time (may be repeated)', collect)
    .addOption(new Option('--time-unit <unit>', 'of times that are numbers (default: seconds below 100,000,000,000, else milliseconds)').choices(['s', 'ms']))
    .option('--folds <count>', 'with --data: how many folds (default: 5)', wholeNumber(FOLDS_MIN, FOLDS_MAX))
    .addOption(new Option('--fold-by <order>', 'with --data: the k-th learner goes into fold k modulo the count; by ascending id, or shuffled by the seed (default: seed)').choices(['id-order', 'seed']))
    .option('--models <names>', 'some of the models, apart by commas (default: all)')
    .option('--subgroup <column>', 'figures for each value of this column of the answers')
    .option('--seed <number>', 'the same seed gives the same figures', wholeNumber(0, SEED_MAX), 0)
    .option('--workers <threads>', `at most the cores of this machine, ${availableParallelism()}`, wholeNumber(1, availableParallelism()), WORKERS)
    .option('--report <file>', 'an HTML page with tables and charts')
    .option('--json', 'one JSON object as the result')
    .addHelpText('after', HELP)
    .action(async (options: EvaluateOptions) => {
      const { evaluateModels } = await import('./evaluate-command.js');
      done(await evaluateModels(options, io));
    });
}

const HELP = `
Columns are learner (or user_id), item (item_id), correct (0, 1, true, false) or score (right from 0.5), skills (skill_id), time
(timestamp); --map names others. Without times, or where all are 0, rows count in their order. A learner in train and in test is refused.
At most 20,000,000 answers are taken; of more than 2,000,000, placement, lr-14 and network are fitted on learners whom the seed draws.

Two traps are looked for and named: rows repeated once for each skill, and students who stand in the file under two ids. Where there
are any, every model is trained twice: official, on the files as they are, and strict, without them. Only strict says anything about
learners to come.

auc       share of pairs of a right and a wrong answer that a model puts in the right order; ci: 95 %, learners drawn anew
log loss  mean of -ln of the probability given to what happened
ece       calibration error: how far predicted and actual shares lie apart, over 10 bins of equal width

Examples:
  trellis evaluate --train train.tsv.gz --test test.tsv.gz --q-matrix q_matrix.tsv.gz --report evaluation.html
  trellis evaluate --data answers.csv --folds 5 --models bkt,lr-14 --subgroup school
  trellis evaluate --format akt --train fold3.csv --train fold4.csv --train fold5.csv --test fold1.csv --json
  trellis evaluate --data ./.trellis`;

function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    const value = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
    if (value >= from && value <= to) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${from} to ${to}.`);
  };
}
