// Runs worlds seed by seed, and says how to see a failure again.
import type { PlantedBug } from './planted-bug.js';
import { World, type WorldCounts } from './world.js';

export interface SeedRun {
  /** The next seed, or null when it is enough. */
  readonly next: () => number | null;
  readonly planted?: PlantedBug;
  readonly trace?: (line: string) => void;
  /** After each seed. */
  readonly progress?: (totals: Totals) => void;
}

export interface Totals extends WorldCounts {
  seeds: number;
}

/** A seed has failed. */
export class SeedError extends Error {
  override readonly name = 'SeedError';

  constructor(
    readonly seed: number,
    planted: PlantedBug | undefined,
    cause: unknown,
  ) {
    super(`${cause instanceof Error && cause.name !== 'Violation' ? cause.stack : String(cause)}\n\nseed ${seed}: see it again with\n  npm run simulate-faults -- --seed ${seed}${planted === undefined ? '' : ` --planted '${planted.name}'`}`, { cause });
  }
}

/** Throws a `SeedError` for the first seed that fails. */
export async function runSeeds({ next, planted, trace, progress }: SeedRun): Promise<Totals> {
  const totals: Totals = { seeds: 0, steps: 0, events: 0, crashes: 0, powerLosses: 0, closes: 0, faults: 0 };
  let unheard: unknown = null;
  const hear = (reason: unknown): void => {
    unheard ??= new Error('a rejection that nobody heard of', { cause: reason });
  };
  process.on('unhandledRejection', hear);
  try {
    for (let seed = next(); seed !== null; seed = next()) {
      try {
        add(totals, await new World(seed, { alterations: planted?.alterations ?? {}, ...(trace === undefined ? {} : { trace }) }).run());
        if (unheard !== null) throw unheard;
      } catch (error) {
        throw new SeedError(seed, planted, error);
      }
      progress?.(totals);
    }
  } finally {
    process.off('unhandledRejection', hear);
  }
  return totals;
}

export function seedsFrom(first: number, last: number): () => number | null {
  let seed = first;
  return () => (seed > last ? null : seed++);
}

export function totalsText({ seeds, steps, events, crashes, powerLosses, closes, faults }: Totals): string {
  return `${seeds} seeds: ${steps} steps, ${events} events, ${crashes} crashes, ${powerLosses} losses of power, ${closes} closes, ${faults} spells of a bad disk`;
}

function add(totals: Totals, counts: WorldCounts): void {
  totals.seeds++;
  for (const name of Object.keys(counts) as (keyof WorldCounts)[]) totals[name] += counts[name]; // its keys are these
}
