// Answers to those who are turned away at the door. They are made once: a refusal must cost next to nothing, and a new error
// with its stack does not.

import { busy, type Problem, RETRY_AFTER_SECONDS } from './problems.js';

/** Those turned away together shall not come back together: they are told one of so many seconds, in turn. */
const SPREAD_SECONDS = 3;

export class Refusals {
  /** By sentence; the gate has a handful. */
  private readonly made = new Map<string, readonly Problem[]>();
  private turn = 0;

  next(sentence: string): Problem {
    const each = this.made.get(sentence) ?? this.make(sentence);
    const problem = each[this.turn++ % SPREAD_SECONDS];
    if (problem === undefined) throw new Error(`there are fewer than ${SPREAD_SECONDS} refusals`);
    return problem;
  }

  private make(sentence: string): readonly Problem[] {
    const made = Array.from({ length: SPREAD_SECONDS }, (_, more) => busy(sentence, { headers: { 'retry-after': String(RETRY_AFTER_SECONDS + more) } }));
    this.made.set(sentence, made);
    return made;
  }
}
