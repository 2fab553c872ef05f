// What the store promises, by name, and what is thrown when a run finds one broken.

export const PROMISES = {
  durable: 'acknowledged means durable',
  positions: 'positions gapless and stable',
  revisions: 'revisions of a stream gapless',
  once: 'an event id is effective once',
  conflict: 'a stale expectation is a conflict, never an overwrite',
  whole: 'a batch of one stream is all or nothing',
  readers: 'readers never see what a crash could take back',
  follow: '`follow` misses nothing and repeats only at reconnects',
  rows: 'rows equal the fold of the log at their revision',
  restart: 'a restart after any crash converges',
  damage: 'damage is found, named by position, and nothing acknowledged is ever silently cut',
  time: 'recordedAt never decreases',
  answers: 'reads answer what the log holds',
  writer: 'one process writes at a time',
} as const;

export type Promised = keyof typeof PROMISES;

/** A promise is broken. */
export class Violation extends Error {
  override readonly name = 'Violation';

  constructor(
    readonly promised: Promised,
    readonly expected: string,
    readonly found: string,
  ) {
    super(`broken: ${PROMISES[promised]}\n  expected ${expected}\n  found    ${found}`);
  }

  /** Says in which run it was, which only whoever drives the world knows. */
  locate(where: string): void {
    this.message = `${this.message}\n  at       ${where}`;
  }
}

/** Throws unless it is so. */
export function expectThat(isSo: boolean, promised: Promised, expected: () => string, found: () => string): asserts isSo {
  if (!isSo) throw new Violation(promised, expected(), found());
}
