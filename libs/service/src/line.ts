// Requests of one class: those that are worked for, and those that wait for a place, first come first served.

import { COUNTED_MS, FEW, WAITING_MAX, WORK_OVERLOADED_MS, WORKED_FOR_MIN } from './limits.js';
import type { Problem } from './problems.js';

export interface Visit {
  readonly since: number;
  readonly bodyBytes: number;
  /** Null: it is let in. */
  readonly decided: (refusal: Problem | null) => void;
  place: 'line' | 'inside' | 'out';
  /** When it was let in, if hardly anybody else was worked for; null otherwise. */
  aloneSince: number | null;
}

/** Of what a request takes by itself: so many are remembered, about. */
const REMEMBERED = 32;
/** A request that takes long by itself, as a server is far away, takes no longer because others do: twice that long may pass. */
const SLACK = 2;

/** Answers counted since a time, and how many there were in a millisecond before it; null until one time was over. */
interface Counted {
  since: number;
  answers: number;
  perMs: number | null;
}

export class Line {
  working = 0;
  /** When one of them was last begun or answered. */
  movedAt = -Infinity;
  private readonly waiting = new Set<Visit>();
  /** Null: there is no crowd that stays. */
  private counted: Counted | null = null;
  /** What a request takes by itself; null: not known yet. */
  private aloneMs: number | null = null;

  constructor(private readonly workedForMax: number) {}

  get length(): number {
    return this.waiting.size;
  }

  get isFull(): boolean {
    return this.waiting.size >= WAITING_MAX;
  }

  get places(): number {
    return Math.max(0, this.allowed - this.working);
  }

  private get allowed(): number {
    const perMs = this.counted?.perMs ?? null;
    if (perMs === null || this.aloneMs === null) return this.workedForMax;
    const within = Math.max(WORK_OVERLOADED_MS, SLACK * this.aloneMs);
    return Math.min(this.workedForMax, Math.max(WORKED_FOR_MIN, Math.round(perMs * within)));
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

  begin(visit: Visit, now: number): void {
    visit.place = 'inside';
    this.working += 1;
    this.movedAt = now;
    visit.aloneSince = this.working <= FEW ? now : null;
  }

  end(visit: Visit, now: number): void {
    visit.place = 'out';
    if (visit.aloneSince !== null && this.working <= FEW) this.tookAlone(now - visit.aloneSince);
    this.working -= 1;
    this.movedAt = now;
    if (this.counted !== null) this.count(this.counted, now);
  }

  /** A crowd stays: as fast as requests are answered now, so many are worked for. */
  crowded(now: number): void {
    this.counted ??= { since: now, answers: 0, perMs: null };
  }

  /** All may be worked for again that ever may. */
  quiet(): void {
    this.counted = null;
  }

  private tookAlone(ms: number): void {
    this.aloneMs = this.aloneMs === null ? ms : this.aloneMs + (ms - this.aloneMs) / REMEMBERED;
  }

  private count(counted: Counted, now: number): void {
    if (this.waiting.size === 0) {
      // More could be answered than are asked for.
      counted.since = now;
      counted.answers = 0;
      return;
    }
    counted.answers += 1;
    const passed = now - counted.since;
    if (passed < COUNTED_MS) return;
    const perMs = counted.answers / passed;
    counted.perMs = counted.perMs === null ? perMs : (counted.perMs + perMs) / 2;
    counted.since = now;
    counted.answers = 0;
  }

  /** For how long the first in line may still wait. */
  patienceMs(now: number, waitMsMax: number): number {
    const { first } = this;
    return first === undefined ? Infinity : first.since + waitMsMax - now;
  }
}
