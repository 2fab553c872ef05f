// `trellis copy`: the events of a data folder in KurrentDB, each read again there and held against the original.
import { existsSync } from 'node:fs';
import { copyLog } from '@trellis/engine';
import { interrupted } from './bytes-progress.js';
import { Failure, wrongUsage } from './failure.js';
import type { Io, Outcome } from './io.js';
import { counted, Progress, secondsSince } from './progress.js';
import { dataFolder, type TargetOptions } from './target.js';

export interface CopyCommandOptions extends Pick<TargetOptions, 'data'> {
  readonly kurrentUrl?: string;
  readonly namespace?: string;
}

/** What TRELLIS_NAMESPACE may be for the services. */
const NAMESPACE = /^[a-z0-9-]{1,32}$/;

export async function copy(options: CopyCommandOptions, io: Io): Promise<Outcome> {
  const start = performance.now();
  const connectionString = options.kurrentUrl ?? io.env['TRELLIS_KURRENT_URL'] ?? '';
  if (connectionString === '') throw wrongUsage('--kurrent-url or TRELLIS_KURRENT_URL must name the database');
  const namespace = options.namespace ?? io.env['TRELLIS_NAMESPACE'] ?? '';
  if (namespace !== '' && !NAMESPACE.test(namespace)) {
    throw wrongUsage(`${options.namespace === undefined ? 'TRELLIS_NAMESPACE' : '--namespace'} must be 1 to 32 lower-case letters, digits or hyphens, not ${JSON.stringify(namespace)}`);
  }
  const data = dataFolder(options, io);
  if (!existsSync(data)) throw new Failure(`there is no data in ${data}: name another folder with --data`);
  let at = { done: 0, of: 0 };
  const progress = new Progress(io.stderr, 'events', () => ({ count: at.done, share: at.of === 0 ? null : at.done / at.of }));
  try {
    const made = await copyLog({ data, connectionString, ...(namespace === '' ? {} : { namespace }), signal: io.signal, watch: (done, of) => (at = { done, of }) });
    if (made.goesOn) io.stderr.write('trellis: the database holds further events behind the copy; somebody else writes there\n');
    const seconds = secondsSince(start);
    const lines = [
      `${counted(made.copied)} events copied to ${made.target}, ${counted(made.already)} there already, ${seconds} s`,
      `  ${counted(made.verified)} events read again and equal, up to position ${made.position.from ?? 'none'}, there ${made.position.to ?? 'none'}`,
      `  which position became which: ${made.positions}`,
    ];
    return { json: { ...made, seconds }, text: lines.join('\n') };
  } catch (error) {
    return interrupted(error, io, 'run it again to go on from there');
  } finally {
    progress.end();
  }
}
