// All known bugs: the world must find every one of them.
import type { PlantedBug } from './planted-bug.js';
import { PLANTED_IN_INDEX } from './planted-index.js';
import { PLANTED_IN_ROWS } from './planted-rows.js';
import { PLANTED_IN_STORE } from './planted-store.js';
import { PLANTED_ON_DISK } from './planted-disk.js';
import { Violation } from './promises.js';
import { World } from './world.js';

export const PLANTED: readonly PlantedBug[] = [...PLANTED_ON_DISK, ...PLANTED_IN_INDEX, ...PLANTED_IN_STORE, ...PLANTED_IN_ROWS];

export interface Catch {
  readonly seed: number;
  readonly violation: Violation;
}

/** The first seed that finds the bug, or null. Any other error is thrown: it would be a bug of the world's own. */
export async function firstCatch({ alterations }: PlantedBug, { from, to }: { readonly from: number; readonly to: number }): Promise<Catch | null> {
  for (let seed = from; seed <= to; seed++) {
    try {
      await new World(seed, { alterations }).run();
    } catch (error) {
      if (error instanceof Violation) return { seed, violation: error };
      throw error;
    }
  }
  return null;
}
