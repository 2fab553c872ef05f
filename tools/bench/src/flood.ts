// An open load beyond what is answered: arrivals at a constant rate, of which every one is accounted for.
import type { OpenLoad } from './load.js';

/** What became of an arrival. Unsent: there was nothing to send it with. Failed: neither an answer nor a refusal came. */
export type Fate = 'accepted' | 'refused' | 'failed' | 'unsent';

export interface Flood extends OpenLoad {
  /** Of each arrival; null as long as nothing has come. */
  readonly fates: readonly (Fate | null)[];
  /** Milliseconds from when it was due until its fate was known: our own delay, and every queue, are in it. */
  readonly tookMs: Float64Array;
  /** Milliseconds from when it was due until it was begun: our own delay alone. */
  readonly lateMs: Float64Array;
  /** Why the first of those that failed did. */
  failure(): unknown;
  /** Resolves when all have a fate, or the time is over: what has none then was not answered. */
  settled(msMax: number): Promise<void>;
}

const TICK_MS = 1;

/**
 * Each millisecond begins whatever is due by then; resolves when the last was begun. `begin` answers null where it cannot send.
 * Nothing is thrown: a crowd that nobody answers is what is measured.
 */
export async function flood({ perSecond, seconds }: OpenLoad, begin: (arrival: number) => Promise<Fate> | null): Promise<Flood> {
  const arrivals = Math.max(1, Math.round(perSecond * seconds));
  const fates = Array.from({ length: arrivals }, (): Fate | null => null);
  const tookMs = new Float64Array(arrivals);
  const lateMs = new Float64Array(arrivals);
  let open = 0;
  let failure: unknown = null;
  let wake = (): void => undefined;

  const start = performance.now();
  const sinceDue = (arrival: number): number => performance.now() - start - (arrival * 1000) / perSecond;
  const ended = (arrival: number, fate: Fate): void => {
    fates[arrival] = fate;
    tookMs[arrival] = sinceDue(arrival);
    open--;
    if (open === 0) wake();
  };
  for (let arrival = 0; arrival < arrivals; await new Promise((resolve) => setTimeout(resolve, TICK_MS))) {
    for (let late = sinceDue(arrival); arrival < arrivals && late >= 0; late = sinceDue(++arrival)) {
      const now = arrival;
      lateMs[now] = late;
      open++;
      const answer = begin(now);
      if (answer === null) ended(now, 'unsent');
      else
        void answer.then(
          (fate) => ended(now, fate),
          (error: unknown) => {
            failure ??= error;
            ended(now, 'failed');
          },
        );
    }
  }
  return {
    perSecond,
    seconds,
    fates,
    tookMs,
    lateMs,
    failure: () => failure,
    settled: (msMax) =>
      new Promise((resolve) => {
        if (open === 0) return resolve();
        const timer = setTimeout(resolve, msMax);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}
