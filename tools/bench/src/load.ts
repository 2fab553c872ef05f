// Two kinds of load: as fast as answers come (closed), and at a rate that does not wait for answers (open).

export interface ClosedLoad {
  readonly workers: number;
  readonly seconds: number;
}

/**
 * Workers that each begin anew as soon as they are done, until the time is over. Answers how often `work` was done a second;
 * what was begun in time counts, and so does the time until the last of it is done.
 */
export async function closedLoop({ workers, seconds }: ClosedLoad, work: (worker: number) => Promise<void>): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      do {
        await work(worker);
        done++;
      } while (performance.now() < end);
    }),
  );
  return (done * 1000) / (performance.now() - start);
}

export interface WorkedOff {
  readonly perSecond: number;
  /** Milliseconds for each, in the order in which they were done. */
  readonly took: readonly number[];
}

/** What is ready is worked off, so many at a time: a closed load whose work was made beforehand. */
export async function workOff<Work>(ready: readonly Work[], atATime: number, work: (one: Work) => Promise<void>): Promise<WorkedOff> {
  const left = ready.values();
  const took: number[] = [];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: atATime }, async () => {
      for (const one of left) {
        const begun = performance.now();
        await work(one);
        took.push(performance.now() - begun);
      }
    }),
  );
  return { perSecond: (ready.length * 1000) / (performance.now() - start), took };
}

export interface OpenLoad {
  readonly perSecond: number;
  readonly seconds: number;
}

/** Timers come late by up to this long: the rest of a wait is spent asking for the time. */
const SPIN_MS = 1.2;
/** What is on its way at once; a service that falls behind further than that has failed the load. */
const IN_FLIGHT_MAX = 2_000;

/**
 * Arrivals at a constant rate, whatever the answers do. Answers milliseconds for each, counted from when it was due: a late
 * start of ours, or a queue that it had to wait in, is part of what it took.
 */
export async function openLoop({ perSecond, seconds }: OpenLoad, work: (arrival: number) => Promise<void>): Promise<readonly number[]> {
  const arrivals = Math.max(1, Math.round(perSecond * seconds));
  const took: number[] = [];
  const all: Promise<unknown>[] = [];
  const start = performance.now() + 5;
  let inFlight = 0;
  let failure: unknown = null;
  for (let arrival = 0; arrival < arrivals; arrival++) {
    const due = start + (arrival * 1000) / perSecond;
    await until(due);
    if (failure !== null) break;
    if (inFlight >= IN_FLIGHT_MAX) throw new Error(`${inFlight} requests wait for an answer at ${perSecond} a second`);
    inFlight++;
    all.push(
      work(arrival).then(
        () => {
          inFlight--;
          took.push(performance.now() - due);
        },
        // Noted here, thrown below: until then nobody waits for this promise.
        (error: unknown) => (failure ??= error),
      ),
    );
  }
  await Promise.all(all);
  if (failure !== null) throw failure;
  return took;
}

async function until(due: number): Promise<void> {
  const wait = due - performance.now();
  if (wait > SPIN_MS) await new Promise((resolve) => setTimeout(resolve, wait - SPIN_MS));
  while (performance.now() < due) await new Promise((resolve) => setImmediate(resolve));
}
