// `trellis export`: the histories of learners as a file of columns, for data teams and for fast replay.
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import { exportLog, type Archived } from '@trellis/engine';
import type { TenantId } from '@trellis/learning';
import { interrupted, megabytes } from './bytes-progress.js';
import { codeOf, Failure, whyNotRead, wrongUsage } from './failure.js';
import type { Io, Outcome } from './io.js';
import { counted, Progress, secondsSince } from './progress.js';
import { onEngine, type TargetOptions } from './target.js';

export interface ExportOptions extends Pick<TargetOptions, 'data'> {
  readonly tenant?: string;
  readonly force: boolean;
}

const TENANT = /^[a-z0-9-]{1,63}$/;
/** The file cannot be written; anything else is a fault of the log. */
const OF_FILE = new Set(['EACCES', 'EDQUOT', 'EFBIG', 'ENOSPC', 'EROFS']);

const FORMATS: Readonly<Record<string, 'arrow' | 'parquet'>> = { '.arrow': 'arrow', '.parquet': 'parquet' };

export async function exportColumns(file: string, options: ExportOptions, io: Io): Promise<Outcome> {
  const start = performance.now();
  const format = FORMATS[extname(file)];
  if (format === undefined) throw wrongUsage(`${file}: the name must end in .arrow or .parquet, which says what is written`);
  const { tenant } = options;
  if (tenant !== undefined && !TENANT.test(tenant)) throw wrongUsage(`--tenant is "${tenant}"; a tenant has a-z, 0-9 and -, up to 63`);
  const path = resolve(io.cwd, file);
  checkTarget(path, options);
  let [written, of] = [0, 0];
  const progress = new Progress(io.stderr, 'events', () => ({ count: written, share: of === 0 ? null : written / of }));
  const watch = (events: number, all: number): void => void ([written, of] = [events, all]);
  try {
    const archived = await onEngine(options, io, 'read', (engine) =>
      // The pattern above is that of tenants.
      exportLog(engine, path, { format, signal: io.signal, watch, ...(tenant === undefined ? {} : { tenant: tenant as TenantId }) }),
    );
    return outcomeOf(path, archived, secondsSince(start));
  } catch (error) {
    throwOfFile(path, error);
    return interrupted(error, io, 'nothing was written');
  } finally {
    progress.end();
  }
}

function throwOfFile(path: string, error: unknown): void {
  if (OF_FILE.has(codeOf(error) ?? '')) throw whyNotRead(path, error);
}

/** Found out before the work, not after it. */
function checkTarget(path: string, { force }: ExportOptions): void {
  try {
    accessSync(dirname(path), constants.W_OK);
  } catch (error) {
    throw whyNotRead(dirname(path), error);
  }
  const there = statSync(path, { throwIfNoEntry: false });
  if (there?.isDirectory() === true) throw new Failure(`${path} is a folder; name a file`);
  if (there !== undefined && !force) throw new Failure(`${path} is there already: name another file, or replace it with --force`);
}

function outcomeOf(path: string, { events, learners, position, bytes }: Archived, seconds: number): Outcome {
  const lines = [`${counted(events)} events of ${counted(learners)} learners in ${path}, ${seconds} s`, `  ${megabytes(bytes)}${position === null ? '' : `, up to position ${position}`}`];
  return { json: { file: path, events, learners, position, bytes, seconds }, text: lines.join('\n') };
}
