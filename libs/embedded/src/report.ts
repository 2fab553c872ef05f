// What the store has to say besides its answers. Nothing here is an error of the caller's.
import type { AppendsRefusedError, DamageError, IndexDamageError } from './errors.js';

/** Bytes above everything acknowledged that a crash left behind; they were cut and kept. */
export interface Torn {
  /** The first position that was not whole. */
  readonly position: number;
  readonly bytes: number;
  /** Where they are kept. */
  readonly file: string;
  readonly why: string;
}

/** What opening found and did. */
export interface OpenReport {
  /** The newest durable position, 0 for an empty log. */
  readonly position: number;
  /** The last close was a clean one. */
  readonly clean: boolean;
  /** Events read from the log because the index did not have them. */
  readonly scanned: number;
  /** The index was missing, damaged, or of another version, though the log was not empty. */
  readonly indexRebuilt: boolean;
  readonly torn: Torn | null;
}

export type StoreEvent =
  /** Until `appends-resumed`: what failed is tried again by itself. */
  | { readonly kind: 'appends-refused'; readonly error: AppendsRefusedError }
  | { readonly kind: 'appends-resumed' }
  /** The index could not be written; it is tried again, and appends are refused once too much is in memory. */
  | { readonly kind: 'index-failed'; readonly error: unknown }
  | { readonly kind: 'index-damaged'; readonly error: IndexDamageError }
  /** Somebody asked for an event that is damaged, and was refused. Once for each position. */
  | { readonly kind: 'damage-found'; readonly error: DamageError }
  /** The head, or the mark of a clean close, could not be written: other processes see new events later, or the next start takes longer. */
  | { readonly kind: 'publish-failed'; readonly error: unknown };
