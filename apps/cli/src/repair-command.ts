// `trellis repair`: makes a damaged data folder whole again, as far as it can be, and says what is lost.
import { inspectData, type DataInspection, type Repaired } from '@trellis/engine';
import { keepHeapSmall } from '@trellis/service';
import { aligned } from './aligned.js';
import { interrupted } from './bytes-progress.js';
import { Failure } from './failure.js';
import { existingFolder, inspect, type Inspected } from './inspecting.js';
import { EXIT, type Io, type Outcome } from './io.js';
import { counted, Progress, secondsSince } from './progress.js';
import type { TargetOptions } from './target.js';
import { problemLines, report } from './verify-command.js';

export interface RepairOptions extends Pick<TargetOptions, 'data'> {
  readonly dryRun: boolean;
}

/** The rest is in the JSON. */
const LOST_SHOWN_MAX = 50;

export async function repair(options: RepairOptions, io: Io): Promise<Outcome> {
  const start = performance.now();
  keepHeapSmall();
  const folder = existingFolder(options, io);
  try {
    const before = await onInspection(folder, async (inspection) => {
      const inspected = await inspect(inspection, io);
      return { inspected, repaired: inspected.ok ? null : await repairOn(inspection, options, io) };
    });
    const { repaired } = before;
    if (repaired === null || options.dryRun) return outcome(before, { ...options, seconds: secondsSince(start) });
    // Nobody believes it before it was seen.
    const inspected = await onInspection(folder, (inspection) => inspect(inspection, io));
    return outcome({ inspected, repaired }, { ...options, seconds: secondsSince(start) });
  } catch (error) {
    return interrupted(error, io, 'run it again: what is damaged still is, or is whole already');
  }
}

async function onInspection<Result>(folder: string, work: (inspection: DataInspection) => Promise<Result>): Promise<Result> {
  const inspection = await inspectData(folder);
  try {
    if (inspection.isBesideWriter) throw new Failure(`${folder} is held by another process; stop it, or name another folder with --data`);
    return await work(inspection);
  } finally {
    await inspection.close();
  }
}

async function repairOn(inspection: DataInspection, { dryRun }: RepairOptions, io: Io): Promise<Repaired> {
  let at: { done: number; of: number | null } = { done: 0, of: null };
  const progress = new Progress(io.stderr, 'events read again', () => ({ count: at.done, share: at.of === null ? null : at.done / at.of }));
  return inspection.repair({ dryRun, signal: io.signal, watch: (done, of) => (at = { done, of }) }).finally(() => progress.end());
}

interface Done {
  /** As it is now. */
  readonly inspected: Inspected;
  /** Null where nothing was wrong. */
  readonly repaired: Repaired | null;
}

function outcome({ inspected, repaired }: Done, { dryRun, seconds }: { readonly dryRun: boolean; readonly seconds: number }): Outcome {
  const { kept, lost, lostTotal, files } = repaired ?? { kept: inspected.events, lost: [], lostTotal: 0, files: [] };
  const json = { repaired: repaired !== null && !dryRun, kept, lost, lostTotal, files, problems: inspected.problems, problemsTotal: inspected.problemsTotal, seconds };
  if (repaired === null) return { json, text: [`nothing is wrong and nothing was changed, ${seconds} s`, ...report(inspected)].join('\n') };
  const done = dryRun ? 'would be' : inspected.ok ? 'repaired; all else was' : 'NOT repaired in full; what could be read was';
  const text = [
    `${done} kept: ${counted(kept)} events, ${seconds} s`,
    ...(dryRun ? [] : ['  index and rows are built anew from them']),
    ...files.map((file) => `  put aside: ${file}`),
    ...lostLines(lost, lostTotal),
    ...(inspected.ok ? [] : ['', dryRun ? 'found:' : 'still wrong:', ...problemLines(inspected)]),
  ];
  return { json, text: text.join('\n'), ...(inspected.ok || dryRun ? {} : { exitCode: EXIT.failed }) };
}

function lostLines(lost: Repaired['lost'], total: number): readonly string[] {
  if (total === 0) return ['  nothing is lost'];
  const shown = lost.slice(0, LOST_SHOWN_MAX);
  const rows = shown.map(({ position, stream, revision, id }) => [position, stream ?? '', revision === undefined ? '' : String(revision), id ?? '']);
  return [
    `  lost, each with an erased event in its place: ${counted(total)}`,
    ...aligned([['position', 'stream', 'revision', 'id'], ...rows]).map((line) => `    ${line}`),
    ...(total > shown.length ? [`    and ${counted(total - shown.length)} more`] : []),
  ];
}
