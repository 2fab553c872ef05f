// `trellis log`: the events of the log as lines of JSON.
import { openHistory, type History } from '@trellis/engine';
import type { Position, Recorded, StreamName } from '@trellis/event-sourcing';
import { keepHeapSmall } from '@trellis/service';
import { eventLine } from './event-line.js';
import { Failure, wrongUsage } from './failure.js';
import { existingFolder } from './inspecting.js';
import { EXIT, type Io } from './io.js';
import { writePaced } from './paced-output.js';
import type { TargetOptions } from './target.js';

export interface LogOptions extends Pick<TargetOptions, 'data'> {
  readonly after?: string;
  readonly stream?: string;
  readonly prefix?: string;
  readonly follow: boolean;
  readonly limit?: number;
}

export async function showLog(options: LogOptions, io: Io): Promise<void> {
  const { stream, prefix, limit = Infinity } = options;
  if (stream !== undefined && prefix !== undefined) throw wrongUsage('--stream and --prefix exclude each other: name one stream, or what the names of several begin with');
  const after = options.after === undefined ? null : positionOf(options.after);
  keepHeapSmall();
  const history = await openHistory(existingFolder(options, io));
  try {
    let left = limit;
    for await (const page of pagesOf(history, { ...options, after }, io.signal)) {
      const records = (stream === undefined ? page : page.filter((record) => record.stream === stream)).slice(0, left);
      left -= records.length;
      if (records.length > 0) await writePaced(io.stdout, records.map((record) => eventLine(history.codec, record)).join(''), io.signal);
      if (left === 0 || io.signal.aborted) break;
    }
  } finally {
    await history.close();
  }
  if (io.signal.aborted) throw new Failure('interrupted', EXIT.interrupted);
}

async function* pagesOf({ store }: History, { after, stream, prefix = stream ?? '', follow }: Omit<LogOptions, 'after'> & { readonly after: Position | null }, signal: AbortSignal): AsyncGenerator<readonly Recorded[]> {
  if (follow) for await (const { records } of store.follow({ after, signal, prefix })) yield records;
  // The index leads to the events of one stream; behind a position they are looked for in the log.
  else if (stream !== undefined && after === null) yield* store.read(stream as StreamName); // one that is none has no events
  else yield* store.readAll({ after, prefix });
}

/** As every command gives them out. */
function positionOf(text: string): Position {
  if (!/^[1-9]\d{0,14}$/.test(text)) throw wrongUsage(`--after ${JSON.stringify(text)} is not a position; take one that a command or a service gave out`);
  return text as Position;
}
