// The tables of a fit as plain numbers, for a store; and the way back.
import type { PredictionTables } from './features.js';
import type { Ground } from './running-state.js';
import type { Statics } from './statics.js';
import { isKeyOf, SINGLE_KEYS } from './transition-keys.js';
import { transitionsOf, withKeys, type TransitionTables } from './transition-tables.js';

/** Numbers and typed arrays only. What was stored and what was kept in memory predict alike to the last bit. */
export interface StoredTables extends Ground {
  readonly statics: Statics;
  readonly transitions: TransitionTables;
}

/** The single keys that `SIMPLE_FEATURES` takes. */
const SIMPLE_KEYS: readonly (typeof SINGLE_KEYS)[number][] = ['skpy', 'skpair2', 'item_sl'];

export function openedTables({ transitions, ...rest }: StoredTables): PredictionTables {
  return { ...rest, transitions: transitionsOf(transitions) };
}

/** What the regression over `SIMPLE_FEATURES` needs of them: a fraction of the size, the same predictions. */
export function simpleTables(tables: StoredTables): StoredTables {
  const others = SINGLE_KEYS.filter((name) => !SIMPLE_KEYS.includes(name));
  return { ...tables, transitions: withKeys(tables.transitions, (key) => !others.some((name) => isKeyOf(key, name))) };
}
