// How far a long command is, on one line that is written over. Only a terminal sees it.
import type { Output } from './io.js';

export interface ProgressAt {
  readonly count: number;
  /** 0..1 of the whole; null where nobody knows. */
  readonly share: number | null;
}

const EVERY_MS = 250;
const CLEAR = '\r\u001b[K';

export class Progress {
  private readonly start = performance.now();
  private readonly timer: NodeJS.Timeout | null;
  private shows = false;

  constructor(
    private readonly to: Output,
    private readonly unit: string,
    private readonly at: () => ProgressAt,
  ) {
    this.timer = to.isTTY === true ? setInterval(() => this.show(), EVERY_MS) : null;
    this.timer?.unref();
  }

  /** Takes the line away. */
  end(): void {
    if (this.timer !== null) clearInterval(this.timer);
    if (this.shows) this.to.write(CLEAR);
    this.shows = false;
  }

  private show(): void {
    this.shows = true;
    this.to.write(CLEAR + progressLine(this.at(), { unit: this.unit, seconds: (performance.now() - this.start) / 1000 }));
  }
}

export function progressLine({ count, share }: ProgressAt, { unit, seconds }: { readonly unit: string; readonly seconds: number }): string {
  const parts = [`${counted(count)} ${unit}`, `${counted(Math.round(count / Math.max(seconds, 0.001)))}/s`];
  // The first moments say nothing about the rest.
  if (share !== null && share > 0 && seconds >= 1) parts.push(`${Math.floor(share * 100)} %`, `${clock((seconds * (1 - share)) / share)} left`);
  return parts.join(', ');
}

/** 58266 as 58,266. */
export function counted(count: number): string {
  return count.toLocaleString('en-US');
}

/** 3725 as 1:02:05. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** Milliseconds of a stopwatch as seconds with three decimals. */
export function secondsSince(start: number): number {
  return Math.round(performance.now() - start) / 1000;
}
