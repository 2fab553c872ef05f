// `trellis restore`: a backup becomes a data folder, or is only verified.
import { resolve } from 'node:path';
import { checkBackup, restoreBackup, type CheckReport } from '@trellis/engine';
import { BytesProgress, interrupted, megabytes, segmentsText } from './bytes-progress.js';
import { wrongUsage } from './failure.js';
import { EXIT, type Io, type Outcome } from './io.js';
import { counted, secondsSince } from './progress.js';
import { dataFolder, type TargetOptions } from './target.js';

export interface RestoreCommandOptions extends Pick<TargetOptions, 'data'> {
  readonly check: boolean;
}

/** Problems that people are shown; `--json` has all of them. */
const SHOWN_MAX = 20;

export async function restore(folder: string, options: RestoreCommandOptions, io: Io): Promise<Outcome> {
  if (options.check && options.data !== undefined) throw wrongUsage('--check and --data exclude each other: a check writes nothing');
  const start = performance.now();
  const backup = resolve(io.cwd, folder);
  const progress = new BytesProgress(io);
  const { signal } = io;
  try {
    if (options.check) return checked(await checkBackup({ backup, signal, watch: progress.watch }), secondsSince(start));
    const data = dataFolder(options, io);
    const { position, ...made } = await restoreBackup({ backup, data, signal, watch: progress.watch });
    const seconds = secondsSince(start);
    const lines = [
      `${counted(position)} events up to position ${position} in ${data}, ${seconds} s`,
      `  ${segmentsText(made.segments)}, ${megabytes(made.bytes)}, every file as it was written; ${counted(made.indexed)} events indexed`,
      '  the rows are built when the engine next runs',
    ];
    return { json: { position: text(position), events: position, ...made, seconds }, text: lines.join('\n') };
  } catch (error) {
    return interrupted(error, io, options.check ? 'nothing was written' : 'the folder holds no log; run it again');
  } finally {
    progress.end();
  }
}

function checked({ position, problems, ...made }: CheckReport, seconds: number): Outcome {
  const ok = problems.length === 0;
  const lines = [
    `${ok ? 'whole' : `DAMAGED in ${problems.length} of ${made.segments} files`}: ${counted(position)} events up to position ${position}, ${segmentsText(made.segments)}, ${megabytes(made.bytes)}, made ${made.madeAt}, ${seconds} s`,
    ...problems.slice(0, SHOWN_MAX).map(({ file, detail }) => `  ${file}: ${detail}`),
    ...(problems.length > SHOWN_MAX ? [`  and ${problems.length - SHOWN_MAX} more`] : []),
  ];
  return { json: { ok, position: text(position), events: position, ...made, problems, seconds }, text: lines.join('\n'), exitCode: ok ? 0 : EXIT.failed };
}

function text(position: number): string | null {
  return position === 0 ? null : String(position);
}
