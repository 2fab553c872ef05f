// What the store has to say besides its answers. Nothing here is an error of the caller's.
import type { AppendsRefusedError } from './errors.js';

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
  /** The index was missing, or of another version, though the log was not empty. */
  readonly indexRebuilt: boolean;
  readonly torn: Torn | null;
}

export type StoreEvent =
  | { readonly kind: 'appends-refused'; readonly error: AppendsRefusedError }
  /** The index could not be written; it is tried again, and appends wait once too much is in memory. */
  | { readonly kind: 'index-failed'; readonly error: unknown }
  /** The head could not be published: other processes see new events later. */
  | { readonly kind: 'publish-failed'; readonly error: unknown };
