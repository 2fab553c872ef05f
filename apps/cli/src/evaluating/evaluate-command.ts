// `trellis evaluate`: how well each model foresees answers, as a table, as JSON and as a page.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { shown } from '@trellis/service';
import type { TimeUnit } from '../cells.js';
import { Failure, wrongUsage } from '../failure.js';
import type { Io, Outcome } from '../io.js';
import { counted, secondsSince } from '../progress.js';
import { reportPath, writeReport } from '../report-file.js';
import { fieldMapOf } from './answers-file.js';
import { asJson } from './as-json.js';
import { asText } from './as-text.js';
import { evaluate, type Plan } from './evaluation.js';
import type { FoldOrder } from './folds.js';
import { MODEL_NAMES } from './models.js';
import { readSource, type Read, type SourceFormat } from './reading.js';
import type { Ran } from './run-facts.js';

export interface EvaluateOptions {
  readonly train?: readonly string[];
  readonly test?: readonly string[];
  readonly data?: readonly string[];
  readonly qMatrix?: string;
  readonly format: SourceFormat;
  readonly map?: readonly string[];
  readonly timeUnit?: TimeUnit;
  readonly folds?: number;
  readonly foldBy?: FoldOrder;
  readonly models?: string;
  readonly subgroup?: string;
  readonly seed: number;
  readonly workers: number;
  readonly report?: string;
}

const FOLDS = 5;

export async function evaluateModels(options: EvaluateOptions, io: Io): Promise<Outcome> {
  const start = performance.now();
  const plan = planOf(options);
  const report = options.report === undefined ? null : reportPath(options.report, io);
  const read = await answersOf(options, io);
  enough(read, plan);
  const { timesMissing } = read.answers;
  if (timesMissing > 0) io.stderr.write(`trellis: ${counted(timesMissing)} rows have no time beside others that have one; rows count in the order of the files\n`);
  const evaluation = await evaluate(read, plan, io);
  // Of the whole process, its threads included.
  const ran: Ran = { plan, read, evaluation, seconds: secondsSince(start), peakMemoryMb: Math.round(process.resourceUsage().maxRSS / 1024) };
  if (report !== null) {
    const { asPage } = await import('./page.js');
    writeReport(report, asPage(ran));
  }
  return { json: { ...asJson(ran), ...(report === null ? {} : { report }) }, text: asText(ran, report) };
}

function planOf({ train = [], test = [], data = [], folds, foldBy, models, seed, workers, format, qMatrix, subgroup, map = [] }: EvaluateOptions): Plan {
  if (data.length > 0 && train.length + test.length > 0) throw wrongUsage('--data goes without --train and --test: it is cut into folds');
  if (data.length === 0 && (train.length === 0 || test.length === 0)) {
    throw wrongUsage(train.length + test.length === 0 ? 'nothing to evaluate on: name --train and --test, or --data' : `--${train.length === 0 ? 'train' : 'test'} is missing: name both --train and --test, or --data to have folds cut`);
  }
  if (data.length === 0 && (folds !== undefined || foldBy !== undefined)) throw wrongUsage(`--${folds === undefined ? 'fold-by' : 'folds'} goes with --data: --train and --test are a split already`);
  if (format === 'akt') {
    const odd = qMatrix !== undefined ? '--q-matrix' : subgroup !== undefined ? '--subgroup' : map.length > 0 ? '--map' : null;
    if (odd !== null) throw wrongUsage(`${odd} goes with tables: --format akt has neither items nor columns`);
  }
  return { models: modelsOf(models), seed, workers, folds: data.length === 0 ? null : { count: folds ?? FOLDS, by: foldBy ?? 'seed' } };
}

function modelsOf(text: string | undefined): readonly string[] {
  if (text === undefined) return MODEL_NAMES;
  const wanted = text.split(',').map((name) => name.trim());
  const unknown = wanted.find((name) => !MODEL_NAMES.includes(name));
  if (unknown !== undefined) throw wrongUsage(`--models names ${shown(unknown)}; there are ${MODEL_NAMES.join(', ')}`);
  return MODEL_NAMES.filter((name) => wanted.includes(name));
}

async function answersOf({ train = [], test = [], data = [], format, qMatrix, map = [], timeUnit, subgroup }: EvaluateOptions, io: Io): Promise<Read> {
  const folder = data.map((path) => resolve(io.cwd, path)).find((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true);
  if (folder !== undefined) {
    const odd = data.length > 1 ? 'another --data' : qMatrix !== undefined ? '--q-matrix' : subgroup !== undefined ? '--subgroup' : map.length > 0 ? '--map' : format !== 'table' ? '--format' : null;
    if (odd !== null) throw wrongUsage(`${odd} goes with files: ${folder} is a data folder, whose log says what was answered`);
    const { readLog } = await import('./own-log.js');
    return readLog(folder, io);
  }
  const source = {
    train,
    test,
    data,
    format,
    map: fieldMapOf(map),
    ...(qMatrix === undefined ? {} : { qMatrix }),
    ...(timeUnit === undefined ? {} : { timeUnit }),
    ...(subgroup === undefined ? {} : { subgroup }),
  };
  return readSource(source, io);
}

function enough({ answers: { log } }: Read, { folds }: Plan): void {
  if (folds === null || log.learners.length >= folds.count) return;
  throw new Failure(`${folds.count} folds need at least ${folds.count} learners; there ${log.learners.length === 1 ? 'is one' : `are ${log.learners.length}`}`);
}
