// `trellis backup`: the log in another folder, as far as it is durable now.
import { resolve } from 'node:path';
import { makeBackup } from '@trellis/engine';
import type { Io, Outcome } from './io.js';
import { BytesProgress, interrupted, megabytes, segmentsText } from './bytes-progress.js';
import { counted, secondsSince } from './progress.js';
import { dataFolder, type TargetOptions } from './target.js';

export type BackupCommandOptions = Pick<TargetOptions, 'data'>;

export async function backUp(folder: string, options: BackupCommandOptions, io: Io): Promise<Outcome> {
  const start = performance.now();
  const target = resolve(io.cwd, folder);
  const progress = new BytesProgress(io);
  try {
    const { position, torn, ...made } = await makeBackup({ data: dataFolder(options, io), target, now: io.now, signal: io.signal, watch: progress.watch });
    if (torn !== null) io.stderr.write(`trellis: ${torn.bytes} bytes that a crash had left unfinished were cut from the end of the log; they are kept in ${torn.file}\n`);
    const seconds = secondsSince(start);
    const lines = [
      `${counted(position)} events up to position ${position} in ${target}, ${seconds} s`,
      `  ${segmentsText(made.segments)}, ${megabytes(made.bytes)}: ${made.copied} copied (${megabytes(made.copiedBytes)}), ${made.kept} there already`,
    ];
    return { json: { position: position === 0 ? null : String(position), ...made, seconds }, text: lines.join('\n') };
  } catch (error) {
    return interrupted(error, io, 'the backup of before stands');
  } finally {
    progress.end();
  }
}
