// Requests of one class: those that are worked for, and those that wait for a place, first come first served.

import { WAITING_MAX } from './limits.js';
import type { Problem } from './problems.js';

export interface Visit {
  readonly since: number;
  readonly bodyBytes: number;
  /** Null: it is let in. */
  readonly decided: (refusal: Problem | null) => void;
  place: 'line' | 'inside' | 'out';
}

export class Line {
  working = 0;
  /** When one of them was last begun or answered. */
  movedAt = -Infinity;
  private readonly waiting = new Set<Visit>();

  constructor(private readonly workedForMax: number) {}

  get length(): number {
    return this.waiting.size;
  }

  get isFull(): boolean {
    return this.waiting.size >= WAITING_MAX;
  }

  get places(): number {
    return Math.max(0, this.workedForMax - this.working);
  }

  get first(): Visit | undefined {
    return this.waiting.values().next().value;
  }

  add(visit: Visit): void {
    this.waiting.add(visit);
    visit.place = 'line';
  }

  /** Also from the middle: whoever has left is not called any more. */
  remove(visit: Visit): void {
    this.waiting.delete(visit);
    visit.place = 'out';
  }

  /** For how long the first in line may still wait. */
  patienceMs(now: number, waitMsMax: number): number {
    const { first } = this;
    return first === undefined ? Infinity : first.since + waitMsMax - now;
  }
}
