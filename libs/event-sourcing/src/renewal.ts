// Rows that are of another version than they should be now, folded again: what a new version of the parameters leaves behind.
import { load, type Projection, type Sources } from './projection.js';

export interface RenewalOptions {
  /** Of the keys to look at; every row if left out. */
  readonly prefix?: string;
  readonly signal: AbortSignal;
}

/** How many rows were written anew. Readers do the same for the row that they need, so it may be broken off at any time. */
export async function renewRows<State>(sources: Sources, projection: Projection<State>, { prefix = '', signal }: RenewalOptions): Promise<number> {
  let renewed = 0;
  for await (const page of sources.views.scan({ name: projection.name }, prefix)) {
    for (const { key, row } of page) {
      if (signal.aborted) return renewed;
      if (row.version === projection.versionFor(key)) continue;
      await load(sources, projection, key);
      renewed++;
    }
  }
  return renewed;
}
