// Looks at everything in a data folder: log and index, then the rows, folded anew from the first event.
import { existsSync } from 'node:fs';
import type { DataInspection, Problem, Verification } from '@trellis/engine';
import { Failure, messageOf } from './failure.js';
import type { Io } from './io.js';
import { Progress } from './progress.js';
import { dataFolder, type TargetOptions } from './target.js';

export interface Inspected extends Verification {
  readonly ok: boolean;
  /** Rows that were compared with the fold of their streams, or null with `rowsNotCompared`. */
  readonly rows: number | null;
  readonly rowsNotCompared: string | null;
}

export function existingFolder(options: Pick<TargetOptions, 'data'>, io: Io): string {
  const folder = dataFolder(options, io);
  if (!existsSync(folder)) throw new Failure(`there is no data in ${folder}: name another folder with --data`);
  return folder;
}

/** Throws when the signal is given. */
export async function inspect(inspection: DataInspection, io: Io): Promise<Inspected> {
  let at: { done: number; of: number | null } = { done: 0, of: null };
  const progress = new Progress(io.stderr, 'events verified', () => ({ count: at.done, share: at.of === null ? null : at.done / at.of }));
  const verified = await inspection.verify({ signal: io.signal, watch: (done, of) => (at = { done, of }) }).finally(() => progress.end());
  const compared = await rowsOf(inspection, verified, io);
  const problems = [...verified.problems, ...compared.problems];
  const problemsTotal = verified.problemsTotal + compared.problemsTotal;
  return { ...verified, problems, problemsTotal, ok: problemsTotal === 0, rows: compared.rows, rowsNotCompared: compared.rowsNotCompared };
}

interface ComparedRows {
  readonly problems: readonly Problem[];
  readonly problemsTotal: number;
  readonly rows: number | null;
  readonly rowsNotCompared: string | null;
}

const notCompared = (why: string): ComparedRows => ({ problems: [], problemsTotal: 0, rows: null, rowsNotCompared: why });

async function rowsOf(inspection: DataInspection, { problems, position }: Verification, io: Io): Promise<ComparedRows> {
  if (problems.some(({ kind }) => kind !== 'index' && kind !== 'rows' && kind !== 'mark')) return notCompared('the log is damaged');
  if (position === 0) return { problems: [], problemsTotal: 0, rows: 0, rowsNotCompared: null };
  let read = 0;
  const progress = new Progress(io.stderr, 'events folded', () => ({ count: read, share: null }));
  try {
    const compared = await inspection.verifyRows(position, { signal: io.signal, watch: (events) => (read += events) });
    if (compared === null) return notCompared('the index has to be built first: open the folder once');
    const { rows, wrong, wrongTotal } = compared;
    const named = wrong.map((stream): Problem => ({ kind: 'rows', position: null, detail: `the row of ${stream} is not what its events make of it` }));
    return { problems: named, problemsTotal: wrongTotal, rows, rowsNotCompared: null };
  } catch (error) {
    io.signal.throwIfAborted();
    if (problems.length > 0) return notCompared(messageOf(error));
    const problem: Problem = { kind: 'rows', position: null, detail: `the rows cannot be compared: ${messageOf(error)}` };
    return { ...notCompared(messageOf(error)), problems: [problem], problemsTotal: 1 };
  } finally {
    progress.end();
  }
}
