// `trellis replay`: every learner's row from the first event of the log, or of an export, and whether the live rows say the same.
import { resolve } from 'node:path';
import { openArchive, type Archive } from '@trellis/engine';
import { parseTime } from '@trellis/service';
import { codeOf, whyNotRead, wrongUsage } from './failure.js';
import { EXIT, type Io, type Outcome } from './io.js';
import { counted, Progress, secondsSince } from './progress.js';
import { replay, type Replayed } from './replaying.js';
import { onEngine, type TargetOptions } from './target.js';

export interface ReplayOptions extends Pick<TargetOptions, 'data'> {
  readonly verify: boolean;
  readonly asOf?: string;
  /** An Arrow file. */
  readonly from?: string;
}

export async function replayLog(options: ReplayOptions, io: Io): Promise<Outcome> {
  const start = performance.now();
  const { verify } = options;
  const asOf = options.asOf === undefined ? null : instantOf(options.asOf);
  if (verify && asOf !== null) throw wrongUsage('--verify and --as-of exclude each other: the live rows hold everything, not what was known then');
  if (options.from !== undefined && (verify || asOf !== null)) throw wrongUsage('--from excludes --verify and --as-of: a file holds what was in the log when it was written');
  const archive = options.from === undefined ? null : await opened(resolve(io.cwd, options.from));
  const replayed = await onEngine(options, io, 'read', async (engine) => {
    const events = archive === null ? await engine.sources.store.lag(null) : archive.events;
    let folded = (): number => 0;
    const progress = new Progress(io.stderr, 'events', () => ({ count: folded(), share: events === 0 ? null : Math.min(1, folded() / events) }));
    // Only the writer knows what opening it found.
    const isWriter = engine.opened !== null;
    return replay(engine, { verify, asOf, archive, isWriter, signal: io.signal, watched: (count) => (folded = count) }).finally(() => progress.end());
  }).finally(() => archive?.close());
  if (replayed === null) {
    io.stderr.write('trellis: interrupted; nothing was changed\n');
    return { json: { interrupted: true }, text: 'interrupted', exitCode: EXIT.interrupted };
  }
  return outcomeOf(replayed, secondsSince(start), io);
}

async function opened(path: string): Promise<Archive> {
  try {
    return await openArchive(path);
  } catch (error) {
    throw codeOf(error) === undefined ? error : whyNotRead(path, error);
  }
}

function instantOf(text: string): number {
  const time = parseTime(text);
  if (time.code !== undefined) throw wrongUsage(`--as-of ${time.message}`);
  return time.ms;
}

function outcomeOf({ events, rows, liveHash, rebuiltHash, differences, foldSeconds, lag }: Replayed, seconds: number, { stderr }: Io): Outcome {
  const equal = liveHash === null ? null : liveHash === rebuiltHash;
  stderr.write(`trellis: folded ${counted(events)} events in ${foldSeconds} s (${counted(Math.round(events / Math.max(foldSeconds, 0.001)))}/s)\n`);
  if (lag > 0) stderr.write(`trellis: a service holds the folder and its rows lag ${counted(lag)} events behind the log; each row was compared with the history that it covers\n`);
  if (differences.total > 0) {
    const rest = differences.total - differences.named.length;
    stderr.write(`trellis: ${counted(differences.total)} of the rows differ: ${differences.named.join(', ')}${rest > 0 ? ` and ${counted(rest)} more` : ''}\n`);
  }
  const lines = [
    `${counted(events)} events of ${counted(rows)} learners folded from the first, ${seconds} s`,
    `  rebuilt  ${rebuiltHash}`,
    ...(liveHash === null ? [] : [`  live     ${liveHash}`, `  ${equal === true ? 'equal' : 'NOT equal'}`]),
  ];
  return { json: { events, rows, equal, liveHash, rebuiltHash, seconds }, text: lines.join('\n'), exitCode: equal === false ? EXIT.failed : 0 };
}
