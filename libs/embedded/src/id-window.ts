// What the log says of the ids at the positions of one window, to be held against what the index says of them. The log is walked
// once, the index once for each window, so that memory does not grow with the log.
import { entryWords, readEntry, type IdHit } from './id-entries.js';
import { idHash } from './id-sets.js';
import { eachIndexedId } from './indexed-ids.js';
import type { KeyValue } from './key-value.js';
import { Problems } from './problems.js';
import { mix } from './stream-ledger.js';

/** 9 bytes each. */
export const WINDOW_POSITIONS = 16 * 1_024 * 1_024;

/** The index is read again from the start so often, where another process merges its runs meanwhile. */
const READS_MAX = 8;

/** Of a position: the log has an event there; its entry was found; an entry leads to it that is not its own. */
const FLAG = { event: 1, found: 2, wrong: 4 } as const;

export interface IndexedIds {
  readonly keyValue: KeyValue;
  /** The index should have everything up to here. */
  readonly indexed: number;
  /** Another process goes on with it meanwhile. */
  readonly isMoving: boolean;
  /** At most so many in one window. */
  readonly windowPositions: number;
}

export class IdWindow {
  readonly end: number;
  private readonly high: Uint32Array;
  private readonly low: Uint32Array;
  private readonly flags: Uint8Array;
  private readonly hit = { ordinal: 0, position: 0, offset: 0, revision: 0, digestHigh: 0, digestLow: 0 };
  private readonly words = new Uint32Array(4);

  /** Of the positions from `first` on, as many as there are or as it may hold. */
  constructor(
    private readonly ids: IndexedIds,
    private readonly first: number,
  ) {
    const count = Math.max(0, Math.min(ids.windowPositions, ids.indexed + 1 - first));
    this.end = first + count;
    this.high = new Uint32Array(count);
    this.low = new Uint32Array(count);
    this.flags = new Uint8Array(count);
  }

  /** An event of this window: four words of its id, two of its digest. */
  expect(position: number, words: Uint32Array, place: Pick<IdHit, 'ordinal' | 'offset' | 'revision'>): void {
    const at = position - this.first;
    const hit = { ...place, position, digestHigh: words[4] ?? 0, digestLow: words[5] ?? 0 };
    this.high[at] = entryHash(words, hit, 0);
    this.low[at] = entryHash(words, hit, 1);
    this.flags[at] = FLAG.event;
  }

  /** Holds every entry of the index against it; answers how many there are. `suspect` hears the hashes of ids that come twice. */
  compare(problems: Problems, suspect: (hash: number) => void): number {
    const { keyValue, isMoving } = this.ids;
    for (let reads = 1; ; reads++) {
      const found = new Problems();
      const faults = new Set<string>();
      let entries = 0;
      const isWhole = eachIndexedId(keyValue, {
        fault: (detail) => faults.add(detail),
        entry: (bytes, at, repeats) => {
          entries++;
          this.take(bytes, at, found);
          if (repeats) suspect(idHash(this.words, 0));
        },
      });
      if (!isWhole && isMoving && reads < READS_MAX) {
        for (let at = 0; at < this.flags.length; at++) this.flags[at] = (this.flags[at] ?? 0) & FLAG.event;
        continue;
      }
      if (!isWhole) faults.add('a block of ids is missing');
      for (const detail of faults) problems.add('index', null, detail);
      problems.addAll(found);
      this.tellMissing(problems);
      return entries;
    }
  }

  private take(bytes: Uint8Array, at: number, found: Problems): void {
    const { hit, words, flags, ids } = this;
    readEntry(bytes, at, hit);
    entryWords(bytes, at, words);
    const { position } = hit;
    if (position < 1 || position > ids.indexed) {
      // What was indexed since this began is not looked at.
      if (!ids.isMoving && this.first === 1) found.add('index', position, `the entry of an id leads to position ${position}, and the index ends at ${ids.indexed}`);
      return;
    }
    if (position < this.first || position >= this.end) return;
    const n = position - this.first;
    const flag = flags[n] ?? 0;
    // The log lost the event of this position.
    if ((flag & FLAG.event) === 0) return;
    const isOwn = this.high[n] === entryHash(words, hit, 0) && this.low[n] === entryHash(words, hit, 1);
    if (isOwn && (flag & FLAG.found) === 0) {
      flags[n] = flag | FLAG.found;
      return;
    }
    flags[n] = flag | FLAG.wrong;
    found.add('index', position, isOwn ? 'the id of the event has two entries' : 'an entry leads to the event that is not that of its id, or says something else of it');
  }

  private tellMissing(problems: Problems): void {
    this.flags.forEach((flag, n) => {
      if (flag === FLAG.event) problems.add('index', this.first + n, 'the id of the event has no entry');
    });
  }
}

function entryHash(words: Uint32Array, { ordinal, position, offset, revision, digestHigh, digestLow }: IdHit, seed: number): number {
  let hash = seed;
  for (let n = 0; n < 4; n++) hash = mix(hash, words[n] ?? 0);
  for (const each of [ordinal, position, offset, revision, digestHigh, digestLow]) hash = mix(hash, each);
  return hash >>> 0;
}
