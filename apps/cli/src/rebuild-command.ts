// `trellis rebuild`: the rows of views, made again from the log.
import { pause, type ViewProjector } from '@trellis/engine';
import { aligned } from './aligned.js';
import { Failure, isError, wrongUsage } from './failure.js';
import { EXIT, type Io, type Outcome } from './io.js';
import { counted, Progress, secondsSince } from './progress.js';
import { onEngine, type TargetOptions } from './target.js';

export type RebuildOptions = Pick<TargetOptions, 'data'>;

const TRIES_MAX = 5;
const TRY_AGAIN_MS = 1_000;

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
      await rebuildAlone(projector, io.signal).finally(() => progress.end());
      if (io.signal.aborted) throw new Failure(`interrupted: readers were not switched to the rows of ${projector.view}; run it again`, EXIT.interrupted);
      rebuilt.push({ view: projector.view, events: projector.status().events, rows: await views.count({ name: projector.view }), seconds: secondsSince(since) });
    }
    const table = aligned([['view', 'events', 'rows', 'seconds'], ...rebuilt.map(({ view, events, rows, seconds }) => [view, counted(events), counted(rows), String(seconds)])]);
    return { json: { views: rebuilt }, text: ['rebuilt from the first event of the log; readers have switched', ...table.map((line) => `  ${line}`)].join('\n') };
  });
}

/** Whoever leads the projectors makes lost rows again by itself: where both do at once, one finds its rows dropped by the other and begins anew. */
async function rebuildAlone(projector: ViewProjector, signal: AbortSignal): Promise<void> {
  for (let tried = 1; ; tried++) {
    try {
      return await projector.rebuild(signal);
    } catch (error) {
      const isPassing = isError(error) && 'retriable' in error && error.retriable === true;
      if (!isPassing || tried >= TRIES_MAX || signal.aborted) throw error;
      await pause(TRY_AGAIN_MS, signal);
    }
  }
}
