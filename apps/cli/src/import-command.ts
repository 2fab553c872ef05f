// `trellis import`: a file of answers becomes events, each effective once however often the file is imported.
import { basename, resolve } from 'node:path';

import { DEFAULT_TENANT, shown } from '@trellis/service';
import type { TimeUnit } from './cells.js';
import { Failure, wrongUsage } from './failure.js';
import { importRows, noTotals, type Totals } from './importing.js';
import { inspect, type InputFile } from './input-file.js';
import { EXIT, type Io, type Outcome } from './io.js';
import { fieldMapOf, mapperOf } from './mapping.js';
import { counted, Progress, secondsSince } from './progress.js';
import { RejectsFile } from './rejects-file.js';
import { formatOf, openTable, type Format } from './rows.js';
import { embeddedTaker, httpTaker, type Taker } from './takers.js';
import { clientOf, onEngine, type TargetOptions } from './target.js';

export interface ImportOptions extends TargetOptions {
  readonly map: readonly string[];
  readonly course?: string;
  readonly source?: string;
  readonly format?: Format;
  readonly timeUnit?: TimeUnit;
  readonly rejects?: string;
  readonly batch: number;
}

const SOURCE = /^[A-Za-z0-9._:~/-]{1,128}$/;
/** Of the content hash: enough to tell all files of a tenant apart, and it is kept with every event. */
const HASH_DIGITS = 16;
const CODES_SHOWN = 5;

export async function importFile(file: string, options: ImportOptions, io: Io): Promise<Outcome> {
  const start = performance.now();
  const fields = fieldMapOf(options.map);
  if (options.source !== undefined && !SOURCE.test(options.source)) {
    throw wrongUsage(`--source is ${shown(options.source)}; it must be 1 to 128 of A-Z a-z 0-9 . _ : ~ / -`);
  }
  const client = clientOf(options, io);
  const input = await inspect(resolve(io.cwd, file));
  const format = options.format ?? formatOf(input);
  let bytesRead = 0;
  const table = await openTable(input, format, (bytes) => (bytesRead = bytes));
  const map = mapperOf(table, input.path, {
    format,
    fields,
    source: options.source ?? `sha256:${input.hash.slice(0, HASH_DIGITS)}`,
    ...(options.course === undefined ? {} : { course: options.course }),
    ...(options.timeUnit === undefined ? {} : { timeUnit: options.timeUnit }),
  });
  const rejects = new RejectsFile(rejectsPath(input, options, io), table.columns);
  const totals = noTotals();
  const progress = new Progress(io.stderr, 'rows', () => ({ count: totals.read, share: input.bytes === 0 ? null : bytesRead / input.bytes }));
  const take = async (taker: Taker): Promise<string | null> => {
    await importRows({ rows: table.rows, map, taker, rejects, batchRows: options.batch, signal: io.signal }, totals);
    return taker.position();
  };
  try {
    const position = client === null ? await intoFolder(options, io, take) : await take(httpTaker(client));
    progress.end();
    return outcomeOf({ totals, position, rejects, seconds: secondsSince(start), interrupted: io.signal.aborted, file: basename(input.path) }, io);
  } finally {
    progress.end();
    rejects.close();
  }
}

/** Rows of the views are current at the end, unless somebody wants to stop now: then the next reader folds what is missing. */
function intoFolder(options: ImportOptions, io: Io, take: (taker: Taker) => Promise<string | null>): Promise<string | null> {
  return onEngine(options, io, 'make', async (engine) => {
    const { course } = options;
    if (course !== undefined && !engine.catalogue.coursesOf(DEFAULT_TENANT).some(({ id }) => id === course)) {
      throw new Failure(`course ${shown(course)} is not published here; publish it first (trellis course publish) or leave --course out`);
    }
    const position = await take(embeddedTaker(engine, io.now));
    for (const projector of engine.projectors) if (!io.signal.aborted) await projector.catchUp(io.signal);
    return position;
  });
}

function rejectsPath({ path }: InputFile, { rejects }: ImportOptions, { cwd }: Io): string {
  const chosen = resolve(cwd, rejects ?? `${basename(path)}.rejects.tsv`);
  if (chosen === path) throw wrongUsage('--rejects names the file that is imported; name another');
  return chosen;
}

interface Imported {
  readonly totals: Totals;
  readonly position: string | null;
  readonly rejects: RejectsFile;
  readonly seconds: number;
  readonly interrupted: boolean;
  readonly file: string;
}

function outcomeOf({ totals, position, rejects, seconds, interrupted, file }: Imported, { stderr }: Io): Outcome {
  const { read, accepted, duplicates, rejected, codes, timed, untimed } = totals;
  const rejectsFile = rejects.exists ? rejects.path : null;
  if (timed > 0 && untimed > 0) {
    stderr.write(`trellis: ${counted(untimed)} of the rows have no time (empty or 0) beside ${counted(timed)} that have one; they were given the time of this import, which puts them last\n`);
  }
  if (interrupted) stderr.write(`trellis: interrupted; ${counted(accepted + duplicates)} rows of ${file} are in, and running it again goes on from there\n`);
  const lines = [
    `${file}: ${counted(read)} rows in ${seconds} s (${counted(Math.round(read / Math.max(seconds, 0.001)))}/s)`,
    `  accepted    ${counted(accepted)}`,
    `  duplicates  ${counted(duplicates)}`,
    `  rejected    ${counted(rejected)}${rejectsFile === null ? '' : `, with their reasons in ${rejectsFile}`}`,
    ...[...codes].sort(([, a], [, b]) => b - a).slice(0, CODES_SHOWN).map(([code, times]) => `    ${code}  ${counted(times)}`),
    `  position    ${position ?? 'none'}`,
  ];
  const json = { read, accepted, duplicates, rejected, rejectsFile, position, seconds, ...(interrupted ? { interrupted } : {}) };
  // A file of which nothing can be used was most likely described wrongly.
  const nothingIn = rejected > 0 && accepted + duplicates === 0;
  const exitCode = interrupted ? EXIT.interrupted : nothingIn ? EXIT.failed : 0;
  return { json, text: lines.join('\n'), exitCode };
}
