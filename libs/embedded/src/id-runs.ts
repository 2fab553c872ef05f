// Which ids the index has. A tree that takes ids one by one writes a page for each, since they are random: a thousand times what
// an id needs. So each flush writes its ids as one sorted run, and runs are merged, eight into one, behind it (O'Neil, Cheng,
// Gawlick, O'Neil 1996: "The log-structured merge-tree").
import {
  blockKey,
  blocksFrom,
  BLOCK_ENTRIES,
  BLOCKS_END,
  compareId,
  ENTRY_BYTES,
  ID_BYTES,
  readEntry,
  readRun,
  runKey,
  runOfBlock,
  runOfKey,
  RUNS,
  runValue,
  type IdHit,
} from './id-entries.js';
import { IdFilter, idHashes } from './id-filter.js';
import { IdMerge } from './id-merge.js';
import { RunBuilder, type IdRun } from './id-run.js';
import type { KeyValue, WriteBatch } from './key-value.js';
import { BLOCKS_A_COMMIT, MERGED_A_FLUSH, RUNS_MERGED } from './limits.js';

/** Runs that are read at once. */
const RUNS_PAGE = 8;

export class IdRuns {
  /** Newest first. */
  private runs: readonly IdRun[] = [];
  private merges: IdMerge[] = [];
  private next = 1;
  private readonly hashes = { high: 0, low: 0 };

  constructor(private readonly keyValue: KeyValue) {}

  /** Takes up the runs that are on disk; those that are known already are not read again. */
  load(): void {
    const known = new Map(this.runs.map((run) => [run.number, run]));
    const runs: IdRun[] = [];
    let from: Uint8Array = RUNS.from;
    for (let page = RUNS_PAGE; page === RUNS_PAGE; ) {
      const entries = this.keyValue.range({ from, before: RUNS.before, limit: RUNS_PAGE });
      for (const { key, value } of entries) {
        const number = runOfKey(key);
        runs.unshift(known.get(number) ?? { number, ...partsOf(value) });
        from = runKey(number + 1);
      }
      page = entries.length;
    }
    this.runs = runs;
    this.merges = [];
    this.next = (runs[0]?.number ?? 0) + 1;
  }

  /** Ids that the runs hold. */
  get count(): number {
    return this.runs.reduce((sum, { count }) => sum + count, 0);
  }

  /** Removes blocks of runs that are none: a crash left them in the middle of a merge. */
  async tidy(): Promise<void> {
    const known = new Set(this.runs.map(({ number }) => number));
    for (let from = blocksFrom(0); ; ) {
      const [first] = this.keyValue.range({ from, before: BLOCKS_END, limit: 1 });
      if (first === undefined) return;
      const run = runOfBlock(first.key);
      if (!known.has(run)) await this.removeBlocks(run);
      from = blocksFrom(run + 1);
    }
  }

  /** Whether a run has the id whose words begin at `at`; `hit` says what of it. */
  find(words: Uint32Array, at: number, hit: IdHit): boolean {
    idHashes(words, at, this.hashes);
    let found = this.look(words, at, hit);
    if (typeof found !== 'boolean') {
      this.load();
      found = this.look(words, at, hit);
    }
    if (typeof found === 'boolean') return found;
    throw new Error(`the index lacks a block of the run ${found.number}; open the store again to have it built anew`);
  }

  /** Adds a run of sorted entries to the transaction. It is known once `added` is called, when the transaction stands. */
  put(batch: WriteBatch, entries: Uint8Array): IdRun {
    const number = this.next++;
    const count = entries.length / ENTRY_BYTES;
    const builder = new RunBuilder(number, count);
    for (let at = 0; at < entries.length; at += BLOCK_ENTRIES * ENTRY_BYTES) builder.put(batch, entries.subarray(at, at + BLOCK_ENTRIES * ENTRY_BYTES));
    const run = builder.done(0);
    batch.put(runKey(number), runBytes(run));
    return run;
  }

  added(run: IdRun): void {
    this.runs = [run, ...this.runs];
  }

  /** Merges as much as keeps up with one flush: small runs before large ones. */
  async merge(): Promise<void> {
    for (let left = MERGED_A_FLUSH; left > 0; ) {
      this.plan();
      const merge = this.merges.shift();
      if (merge === undefined) return;
      // It is put back only after a step that worked. One that failed begins again as another; `tidy` finds what it left.
      left -= await merge.step(this.keyValue);
      if (merge.result === null) {
        this.merges.unshift(merge);
        continue;
      }
      await this.replace(merge.sources, merge.result);
      for (const { number } of merge.sources) await this.removeBlocks(number);
    }
  }

  private plan(): void {
    const taken = new Set(this.merges.flatMap(({ sources }) => sources));
    const levels = Map.groupBy(this.runs.filter((run) => !taken.has(run)), ({ level }) => level);
    for (const [level, runs] of levels) {
      if (runs.length < RUNS_MERGED || this.merges.some((merge) => merge.level === level + 1)) continue;
      // The oldest, so that those of a level stay together in age.
      const sources = runs.slice(-RUNS_MERGED);
      const count = sources.reduce((sum, run) => sum + run.count, 0);
      this.merges.push(new IdMerge(sources, level + 1, new RunBuilder(this.next++, count)));
    }
    this.merges.sort((one, other) => one.level - other.level);
  }

  private async replace(sources: readonly IdRun[], run: IdRun): Promise<void> {
    await this.keyValue.commit((batch) => {
      batch.put(runKey(run.number), runBytes(run));
      for (const { number } of sources) batch.remove(runKey(number));
    });
    this.runs = [...this.runs.filter((each) => !sources.includes(each)), run].sort((one, other) => other.number - one.number);
  }

  private async removeBlocks(run: number): Promise<void> {
    for (;;) {
      const entries = this.keyValue.range({ from: blocksFrom(run), before: blocksFrom(run + 1), limit: BLOCKS_A_COMMIT });
      if (entries.length === 0) return;
      await this.keyValue.commit((batch) => {
        for (const { key } of entries) batch.remove(key);
      });
    }
  }

  /** Whether it is there, or the run whose block is gone: a merge may have replaced it since the runs were read. */
  private look(words: Uint32Array, at: number, hit: IdHit): boolean | IdRun {
    const { high, low } = this.hashes;
    for (const run of this.runs) {
      if (!run.filter.mayHave(high, low)) continue;
      const found = this.findIn(run, words, at, hit);
      if (found === 'gone') return run;
      if (found) return true;
    }
    return false;
  }

  private findIn({ number, fences }: IdRun, words: Uint32Array, at: number, hit: IdHit): boolean | 'gone' {
    const block = lastNotBehind(fences, ID_BYTES, words, at);
    if (block < 0) return false;
    const entries = this.keyValue.peek(blockKey(number, fences, block * ID_BYTES));
    if (entries === undefined) return 'gone';
    const entry = lastNotBehind(entries, ENTRY_BYTES, words, at);
    if (entry < 0 || compareId(entries, entry * ENTRY_BYTES, words, at) !== 0) return false;
    readEntry(entries, entry * ENTRY_BYTES, hit);
    return true;
  }
}

/** Of items that begin with an id and are sorted by it: the last whose id is not behind the one in `words`, or -1. */
function lastNotBehind(items: Uint8Array, size: number, words: Uint32Array, at: number): number {
  let low = 0;
  let high = items.length / size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareId(items, middle * size, words, at) <= 0) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function partsOf(value: Uint8Array): Omit<IdRun, 'number'> {
  const { level, count, fences, filter } = readRun(value);
  return { level, count, fences, filter: IdFilter.from(filter) };
}

function runBytes({ level, count, fences, filter }: IdRun): Uint8Array {
  return runValue({ level, count, fences, filter: filter.bytes });
}
