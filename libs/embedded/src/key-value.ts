// The ordered key-value store that index and rows need. Keys and values are bytes; keys are in the order of their bytes.

export interface KeyValue {
  /** The value, valid only until the next call of any method. For hot paths that look at a few bytes. */
  peek(key: Uint8Array): Uint8Array | undefined;
  /** The value as the caller's own. */
  get(key: Uint8Array): Uint8Array | undefined;
  /** Entries from `from` (inclusive) to `before` (exclusive), as one snapshot. */
  range(bounds: { readonly from: Uint8Array; readonly before: Uint8Array; readonly limit: number }): readonly Entry[];
  /** How many entries there are from `from` (inclusive) to `before` (exclusive). Walks their keys. */
  count(from: Uint8Array, before: Uint8Array): number;
  /** The last entry with `from` <= key <= `to`. */
  lastIn(from: Uint8Array, to: Uint8Array): Entry | undefined;
  /**
   * All writes of `fill`, or none, in their order; later reads see them once it resolves. Keys are copied at once;
   * a value must not change before that.
   */
  commit(fill: (batch: WriteBatch) => void): Promise<void>;
  /** Forgets everything. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

export interface WriteBatch {
  put(key: Uint8Array, value: Uint8Array): void;
  remove(key: Uint8Array): void;
}

/** What a reader sees of a store that nobody has made yet. */
export const emptyKeyValue: KeyValue = {
  peek: () => undefined,
  get: () => undefined,
  range: () => [],
  count: () => 0,
  lastIn: () => undefined,
  commit: () => Promise.reject(new Error('this key-value store is read-only')),
  clear: () => Promise.reject(new Error('this key-value store is read-only')),
  close: () => Promise.resolve(),
};

/** The first key behind all keys that begin with `prefix`; its last byte must not be 255. */
export function behind(prefix: Uint8Array): Uint8Array {
  const key = prefix.slice();
  const last = key.length - 1;
  key[last] = (key[last] ?? 0) + 1;
  return key;
}
