// All entries of one kind of the index, page by page.
import { headKey, nameKey } from './index-entries.js';
import { behind, type Entry, type KeyValue } from './key-value.js';

const PAGE_ENTRIES = 512;

/** What the keys of all names begin with, and those of all heads and runs. */
export const NAMES = nameKey('');
export const STREAMS = headKey(0).subarray(0, 1);

export function nameOf(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset + NAMES.length, key.length - NAMES.length).toString('utf8');
}

/** Of a stream's entries, the first. */
export function isHead(key: Uint8Array): boolean {
  return key.length === HEAD_KEY_BYTES;
}

const HEAD_KEY_BYTES = headKey(0).length;

/** In the order of their keys, those that begin with the prefix. */
export function* entriesOf(keyValue: KeyValue, prefix: Uint8Array): Generator<Entry> {
  const before = behind(prefix);
  for (let from = prefix; ; ) {
    const page = keyValue.range({ from, before, limit: PAGE_ENTRIES });
    yield* page;
    const last = page.at(-1);
    if (last === undefined || page.length < PAGE_ENTRIES) return;
    from = new Uint8Array(last.key.length + 1);
    from.set(last.key);
  }
}
