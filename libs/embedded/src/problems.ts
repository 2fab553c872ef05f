// What verification finds: a closed list of kinds, at most so many of them in full, all of them counted.

/**
 * `segment`: its header, or it is not there. `batch`: what one write carried is not as it was written. `frame`: one event is not.
 * `position`: positions that are missing. `revision`: those of a stream have a gap or repeat. `time`: it was recorded before the
 * event in front of it. `id`: the log has it twice. `mark`: what says up to where the log is durable contradicts it. `index`, `rows`:
 * what is derived is not what the log says.
 */
export type ProblemKind = 'segment' | 'batch' | 'frame' | 'position' | 'revision' | 'time' | 'id' | 'mark' | 'index' | 'rows';

export interface Problem {
  readonly kind: ProblemKind;
  /** Of the first event that it is about, or null. */
  readonly position: string | null;
  readonly detail: string;
}

export const PROBLEMS_LISTED_MAX = 1_000;

export class Problems {
  readonly listed: Problem[] = [];
  total = 0;

  add(kind: ProblemKind, position: number | null, detail: string): void {
    this.total++;
    if (this.listed.length < PROBLEMS_LISTED_MAX) this.listed.push({ kind, position: position === null ? null : String(position), detail });
  }

  addAll(others: Problems): void {
    this.total += others.total;
    this.listed.push(...others.listed.slice(0, PROBLEMS_LISTED_MAX - this.listed.length));
  }
}
