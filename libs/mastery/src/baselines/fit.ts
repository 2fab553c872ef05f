// What fitting a baseline takes, and how each of them cuts learners off its training log to choose a constant by.
import type { AnswerLog } from '../answer-log.js';
import { seeded } from '../seeded.js';

export interface BaselineOptions {
  /** Decides which learners are held out where a constant is chosen; 0 where absent. */
  readonly seed?: number;
  /** Called with the share done, 0..1; may throw to cancel. */
  readonly progress?: (share: number) => void;
}

/** Rows of the learners to fit on while choosing, and of those to choose by: a fifth of the learners. */
export interface Choice {
  readonly fit: Int32Array;
  readonly choose: Int32Array;
}

export const HELD_OUT_SHARE = 0.2;

export function choice({ learners, starts, right }: AnswerLog, seed: number): Choice {
  const random = seeded(seed);
  const isHeldOut = new Uint8Array(right.length);
  for (let learner = 0; learner < learners.length; learner++) {
    if (random() < HELD_OUT_SHARE) isHeldOut.fill(1, starts[learner], starts[learner + 1]);
  }
  const rows = Int32Array.from(right, (_, row) => row);
  return { fit: rows.filter((row) => isHeldOut[row] === 0), choose: rows.filter((row) => isHeldOut[row] === 1) };
}

export function part(progress: BaselineOptions['progress'], from: number, to: number): (share: number) => void {
  return (share) => progress?.(from + (to - from) * share);
}
