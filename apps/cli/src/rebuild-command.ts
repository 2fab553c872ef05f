// `trellis rebuild`: the rows of views, made again from the log.
import { aligned } from './aligned.js';
import { Failure, wrongUsage } from './failure.js';
import { EXIT, type Io, type Outcome } from './io.js';
import { counted, Progress, secondsSince } from './progress.js';
import { onEngine, type TargetOptions } from './target.js';

export type RebuildOptions = Pick<TargetOptions, 'data'>;

interface Rebuilt {
  readonly view: string;
  readonly events: number;
  readonly rows: number;
  readonly seconds: number;
}

export function rebuild(names: readonly string[], options: RebuildOptions, io: Io): Promise<Outcome> {
  return onEngine(options, io, 'write', async ({ projectors, views }) => {
    const known = projectors.map(({ view }) => view);
    const unknown = names.find((name) => !known.includes(name));
    if (unknown !== undefined) throw wrongUsage(`there is no view ${JSON.stringify(unknown)}; name some of ${known.join(', ')}`);
    const rebuilt: Rebuilt[] = [];
    for (const projector of projectors.filter(({ view }) => names.length === 0 || names.includes(view))) {
      const since = performance.now();
      const progress = new Progress(io.stderr, `events folded into ${projector.view}`, () => ({ count: projector.status().events, share: null }));
      await projector.rebuild(io.signal).finally(() => progress.end());
      if (io.signal.aborted) throw new Failure(`interrupted: readers were not switched to the rows of ${projector.view}; run it again`, EXIT.interrupted);
      rebuilt.push({ view: projector.view, events: projector.status().events, rows: await views.count({ name: projector.view }), seconds: secondsSince(since) });
    }
    const table = aligned([['view', 'events', 'rows', 'seconds'], ...rebuilt.map(({ view, events, rows, seconds }) => [view, counted(events), counted(rows), String(seconds)])]);
    return { json: { views: rebuilt }, text: ['rebuilt from the first event of the log; readers have switched', ...table.map((line) => `  ${line}`)].join('\n') };
  });
}
