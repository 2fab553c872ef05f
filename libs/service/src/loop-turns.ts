// How late the event loop is. Requests wait in their sockets until the loop reads them, where nobody can count them; but all
// that one turn reads were there, or came, while the turn before was at work. So the time a turn has taken is what the
// requests it still has to read have waited, and more than that.

import { STANDING_MS, TURN_LATE_MS } from './limits.js';

export interface TurnSource {
  /** Milliseconds of any clock that does not jump. */
  now(): number;
  /** Calls back when the loop has handled all that was ready and is about to look again. */
  atEnd(callback: () => void): void;
}

export const NODE_TURNS: TurnSource = {
  now: () => performance.now(),
  atEnd: (callback) => {
    setImmediate(callback);
  },
};

export class LoopTurns {
  private turnAt = 0;
  private isWatching = false;
  private lateSince: number | null = null;

  constructor(private readonly source: TurnSource) {}

  /** How long this turn has taken. A turn is watched from its first request on, and further turns as long as they are late. */
  takenMs(now: number): number {
    if (!this.isWatching) {
      this.isWatching = true;
      this.turnAt = now;
      this.source.atEnd(this.end);
    }
    return now - this.turnAt;
  }

  /** Whether turns have been late without a break for so long that it is no burst. Counted from the end of the first: one pause is none, however long. */
  areLateForLong(now: number): boolean {
    return this.lateSince !== null && now - this.lateSince >= STANDING_MS;
  }

  private readonly end = (): void => {
    const now = this.source.now();
    const isLate = now - this.turnAt >= TURN_LATE_MS;
    this.turnAt = now;
    this.isWatching = isLate;
    if (isLate) {
      this.lateSince ??= now;
      this.source.atEnd(this.end);
    } else {
      this.lateSince = null;
    }
  };
}
