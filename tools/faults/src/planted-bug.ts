// A known bug, and the promises that it breaks.
import type { Alterations } from './alterations.js';
import type { Promised } from './promises.js';

export interface PlantedBug {
  readonly name: string;
  /** Promises whose breach fits this bug. */
  readonly caughtBy: readonly Promised[];
  readonly alterations: Alterations;
}
