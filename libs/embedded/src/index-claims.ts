// What the index still says of positions that the log lost. It may itself be damaged: nothing of it is believed before it fits.
import { getU48 } from './bytes.js';
import { entryWords, readEntry } from './id-entries.js';
import { PLACE_BYTES, runFirst } from './index-entries.js';
import { eachIndexedId } from './indexed-ids.js';
import { entriesOf, isHead, NAMES, nameOf, STREAMS } from './index-pages.js';
import type { KeyValue } from './key-value.js';
import type { Claim } from './lost-events.js';
import type { Positions } from './salvage.js';

/** What it says of the event at a position. */
export interface IdClaim extends Claim {
  /** Four words of the id, two of the digest. */
  readonly words: Uint32Array;
}

export interface IndexClaims {
  readonly claims: readonly Claim[];
  /** By position. */
  readonly ids: ReadonlyMap<number, IdClaim>;
}

interface NumberedClaim {
  readonly position: number;
  readonly ordinal: number;
  readonly revision: number;
}

/** As far as the index can be read. `lost` is in ascending order. */
export function claimsOf(keyValue: KeyValue, lost: readonly Positions[]): IndexClaims {
  const places: NumberedClaim[] = [];
  const ids: (NumberedClaim & { readonly words: Uint32Array })[] = [];
  const names = new Map<number, string>();
  try {
    takePlaces(keyValue, lost, places);
    takeIds(keyValue, lost, ids);
    const wanted = new Set([...places, ...ids].map(({ ordinal }) => ordinal));
    for (const { key, value } of entriesOf(keyValue, NAMES)) if (wanted.has(getU48(value, 0))) names.set(getU48(value, 0), nameOf(key));
  } catch {
    // An index that cannot be read says no more than it has said so far; the streams of the log say the rest.
  }
  const withName = <Each extends NumberedClaim>(each: Each): readonly (Each & Claim)[] => {
    const stream = names.get(each.ordinal);
    return stream === undefined ? [] : [{ ...each, stream }];
  };
  return { claims: places.flatMap(withName), ids: new Map(ids.flatMap(withName).map((each) => [each.position, each])) };
}

function takePlaces(keyValue: KeyValue, lost: readonly Positions[], places: NumberedClaim[]): void {
  for (const { key, value } of entriesOf(keyValue, STREAMS)) {
    if (isHead(key)) continue;
    for (let at = 0; at + PLACE_BYTES <= value.length; at += PLACE_BYTES) {
      const position = getU48(value, at);
      if (has(lost, position)) places.push({ position, ordinal: getU48(key, 1), revision: runFirst(key) + at / PLACE_BYTES });
    }
  }
}

function takeIds(keyValue: KeyValue, lost: readonly Positions[], ids: (NumberedClaim & { readonly words: Uint32Array })[]): void {
  const hit = { ordinal: 0, position: 0, offset: 0, revision: 0, digestHigh: 0, digestLow: 0 };
  eachIndexedId(keyValue, {
    fault: () => undefined,
    entry: (bytes, at) => {
      readEntry(bytes, at, hit);
      if (!has(lost, hit.position)) return;
      const words = new Uint32Array(6);
      entryWords(bytes, at, words);
      words[4] = hit.digestHigh;
      words[5] = hit.digestLow;
      ids.push({ position: hit.position, ordinal: hit.ordinal, revision: hit.revision, words });
    },
  });
}

function has(ranges: readonly Positions[], position: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.before ?? 0) <= position) low = middle + 1;
    else high = middle;
  }
  return position >= (ranges[low]?.from ?? Infinity);
}
