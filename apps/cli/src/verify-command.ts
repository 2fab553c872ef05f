// `trellis verify`: whether a data folder holds what was written to it, and its index and rows say the same.
import { inspectData } from '@trellis/engine';
import { keepHeapSmall } from '@trellis/service';
import { interrupted } from './bytes-progress.js';
import { existingFolder, inspect, type Inspected } from './inspecting.js';
import { aligned } from './aligned.js';
import { EXIT, type Io, type Outcome } from './io.js';
import { counted, secondsSince } from './progress.js';
import type { TargetOptions } from './target.js';

export type VerifyOptions = Pick<TargetOptions, 'data'>;

/** The rest is in the JSON. */
const PROBLEMS_SHOWN_MAX = 50;

export async function verify(options: VerifyOptions, io: Io): Promise<Outcome> {
  const start = performance.now();
  keepHeapSmall();
  const folder = existingFolder(options, io);
  const inspection = await inspectData(folder);
  try {
    const inspected = await inspect(inspection, io);
    const seconds = secondsSince(start);
    const lines = [`${inspected.ok ? 'ok' : 'NOT ok'}, ${seconds} s`, ...report(inspected), ...(inspected.ok ? [] : ['', ...problemLines(inspected)])];
    return { json: { ...jsonOf(inspected), seconds }, text: lines.join('\n'), ...(inspected.ok ? {} : { exitCode: EXIT.failed }) };
  } catch (error) {
    return interrupted(error, io, 'nothing was changed');
  } finally {
    await inspection.close();
  }
}

/** What was looked at, for people. */
export function report({ events, erased, lost, streams, position, segments, batches, indexEntries, rows, rowsNotCompared, unfinishedBytes, idsNotCompared }: Inspected): readonly string[] {
  return [
    `  log    ${many(events, 'event')} of ${many(streams, 'stream')} up to position ${position}, ${many(batches, 'batch', 'batches')}, ${many(segments, 'segment')}`,
    ...(erased > 0 ? [`         ${counted(erased)} of the events are erased`] : []),
    ...(lost > 0 ? [`         ${counted(lost)} more are lost`] : []),
    ...(unfinishedBytes > 0 ? [`         ${counted(unfinishedBytes)} bytes behind them were never acknowledged; the next opening cuts them and keeps them aside`] : []),
    ...(idsNotCompared > 0 ? [`         ${counted(idsNotCompared)} ids were not compared: open the folder once, so that the index has them`] : []),
    `  index  ${counted(indexEntries)} entries`,
    rows === null ? `  rows   not compared: ${rowsNotCompared ?? 'unknown'}` : `  rows   ${counted(rows)} folded from the first event and compared`,
  ];
}

function many(count: number, one: string, several = `${one}s`): string {
  return `${counted(count)} ${count === 1 ? one : several}`;
}

export function problemLines({ problems, problemsTotal }: Pick<Inspected, 'problems' | 'problemsTotal'>): readonly string[] {
  const shown = problems.slice(0, PROBLEMS_SHOWN_MAX);
  const rest = problemsTotal - shown.length;
  return [...aligned([['kind', 'position', 'detail'], ...shown.map(({ kind, position, detail }) => [kind, position ?? '', detail])]), ...(rest > 0 ? [`and ${counted(rest)} more`] : [])];
}

export function jsonOf({ ok, problems, position, ...counts }: Inspected): object {
  return { ok, problems, position: position === 0 ? null : String(position), ...counts };
}
