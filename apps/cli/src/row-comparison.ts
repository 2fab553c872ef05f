// Rebuilt rows against live ones, key by key, as one hash over each side. The hash covers keys and states; the guards of a row
// (its revision and version) are left out, because they say how it was kept and not what it holds.
import { createHash, type Hash } from 'node:crypto';
import type { KeyedRow, Row } from '@trellis/event-sourcing';

export interface Sides {
  readonly rebuilt: AsyncIterable<readonly KeyedRow[]>;
  /** In the same order of keys; null: nothing to compare with. */
  readonly live: AsyncIterable<readonly KeyedRow[]> | null;
  /** The state to hold against the live row of this key; null: none, and that is right. */
  readonly expected: (key: string, rebuilt: Row | null, live: Row | null) => Promise<Uint8Array | null>;
}

export interface Differences {
  readonly total: number;
  /** The first few. */
  readonly named: readonly string[];
}

export interface Compared {
  /** Rebuilt. */
  readonly rows: number;
  readonly rebuiltHash: string;
  readonly liveHash: string | null;
  readonly differences: Differences;
}

export const DIFFERENCES_NAMED_MAX = 10;

export async function compareRows({ rebuilt, live, expected }: Sides): Promise<Compared> {
  const hashes = { rebuilt: createHash('sha256'), live: createHash('sha256') };
  const named: string[] = [];
  let total = 0;
  let rows = 0;
  for await (const [key, row, liveRow] of paired(each(rebuilt), each(live ?? NONE))) {
    if (row !== null) rows++;
    const state = live === null ? (row?.bytes ?? null) : await expected(key, row, liveRow);
    if (state !== null) add(hashes.rebuilt, key, state);
    if (liveRow !== null) add(hashes.live, key, liveRow.bytes);
    if (live === null || isSame(state, liveRow?.bytes ?? null)) continue;
    total++;
    if (named.length < DIFFERENCES_NAMED_MAX) named.push(key);
  }
  return { rows, rebuiltHash: hashes.rebuilt.digest('hex'), liveHash: live === null ? null : hashes.live.digest('hex'), differences: { total, named } };
}

/** Lengths keep two rows from reading like another two. */
function add(hash: Hash, key: string, state: Uint8Array): void {
  hash.update(`${key}\n${state.length}\n`).update(state);
}

function isSame(a: Uint8Array | null, b: Uint8Array | null): boolean {
  if (a === null || b === null) return a === b;
  return Buffer.compare(a, b) === 0;
}

const NONE: AsyncIterable<readonly KeyedRow[]> = { [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }) };

async function* each(pages: AsyncIterable<readonly KeyedRow[]>): AsyncGenerator<KeyedRow, undefined> {
  for await (const page of pages) yield* page;
}

/** Both sides in the order of their keys, side by side. */
async function* paired(a: AsyncGenerator<KeyedRow, undefined>, b: AsyncGenerator<KeyedRow, undefined>): AsyncGenerator<readonly [string, Row | null, Row | null]> {
  let [left, right] = [(await a.next()).value, (await b.next()).value];
  while (left !== undefined || right !== undefined) {
    const isLeft = right === undefined || (left !== undefined && left.key <= right.key);
    const key = (isLeft ? left : right)?.key ?? '';
    const pair = [key, left?.key === key ? left.row : null, right?.key === key ? right.row : null] as const;
    yield pair;
    if (pair[1] !== null) left = (await a.next()).value;
    if (pair[2] !== null) right = (await b.next()).value;
  }
}
