// The ids of the index in their order, through all its runs side by side, with what makes a run findable held against it.
import { blockKey, compareIds, ENTRY_BYTES, entryWords, ID_BYTES, readRun, runOfKey, RUNS } from './id-entries.js';
import { IdFilter, idHashes } from './id-filter.js';
import type { KeyValue } from './key-value.js';

/** Runs that are read at once. */
const RUNS_PAGE = 8;

export interface EntryVisit {
  /** The entry lies at `at`; `repeats`: the one before had the same id. */
  entry(bytes: Uint8Array, at: number, repeats: boolean): void;
  /** A run that lookups would be led astray by. */
  fault(detail: string): void;
}

/** Every entry in the order of the ids. Answers false where a block was not there: another process merged its run meanwhile, or it is lost. */
export function eachIndexedId(keyValue: KeyValue, visit: EntryVisit): boolean {
  const open = runsOf(keyValue, visit);
  const last = new Uint8Array(ID_BYTES);
  let first = true;
  for (let run = least(open); run !== null; run = least(open)) {
    const repeats = !first && compareIds(run.bytes, run.at, last, 0) === 0;
    visit.entry(run.bytes, run.at, repeats);
    for (let n = 0; n < ID_BYTES; n++) last[n] = run.bytes[run.at + n] ?? 0;
    first = false;
    run.pass();
  }
  return open.every(({ isWhole }) => isWhole);
}

function runsOf(keyValue: KeyValue, visit: EntryVisit): OpenRun[] {
  const runs: OpenRun[] = [];
  for (let from = RUNS.from, page = RUNS_PAGE; page === RUNS_PAGE; ) {
    const entries = keyValue.range({ from, before: RUNS.before, limit: RUNS_PAGE });
    for (const { key, value } of entries) {
      runs.push(new OpenRun(keyValue, runOfKey(key), value, visit));
      from = new Uint8Array(key.length + 1);
      from.set(key);
    }
    page = entries.length;
  }
  return runs;
}

class OpenRun {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  isEmpty = false;
  isWhole = true;
  private block = 0;
  private entries = 0;
  private readonly count: number;
  private readonly fences: Uint8Array;
  private readonly filter: IdFilter;
  private readonly words = new Uint32Array(4);
  private readonly hashes = { high: 0, low: 0 };

  constructor(
    private readonly keyValue: KeyValue,
    private readonly number: number,
    value: Uint8Array,
    private readonly visit: Pick<EntryVisit, 'fault'>,
  ) {
    const { count, fences, filter } = readRun(value);
    this.count = count;
    this.fences = fences;
    this.filter = IdFilter.from(filter);
    this.read();
  }

  pass(): void {
    const { bytes, at } = this;
    this.at += ENTRY_BYTES;
    if (this.at + ENTRY_BYTES > bytes.length) this.read();
    else if (compareIds(bytes, at, bytes, this.at) >= 0) this.visit.fault(`the ids of run ${this.number} are not in their order`);
    if (!this.isEmpty) this.look();
  }

  private read(): void {
    const { number, fences, block } = this;
    this.at = 0;
    this.block++;
    if (block * ID_BYTES >= fences.length) {
      this.isEmpty = true;
      if (this.entries !== this.count) this.visit.fault(`run ${number} of ids says that it has ${this.count} entries, and has ${this.entries}`);
      return;
    }
    const bytes = this.keyValue.get(blockKey(number, fences, block * ID_BYTES));
    if (bytes === undefined || bytes.length < ENTRY_BYTES) {
      this.isEmpty = true;
      this.isWhole = false;
      return;
    }
    this.bytes = bytes;
    if (block === 0) this.look();
    if (compareIds(bytes, 0, fences, block * ID_BYTES) !== 0) this.visit.fault(`a block of run ${number} does not begin with the id that leads to it`);
  }

  /** Counts the entry at `at`, and sees whether the filter lets through who looks for it. */
  private look(): void {
    this.entries++;
    entryWords(this.bytes, this.at, this.words);
    idHashes(this.words, 0, this.hashes);
    if (!this.filter.mayHave(this.hashes.high, this.hashes.low)) this.visit.fault(`the filter of run ${this.number} hides an id that the run has`);
  }
}

function least(runs: readonly OpenRun[]): OpenRun | null {
  let found: OpenRun | null = null;
  for (const run of runs) {
    if (!run.isEmpty && (found === null || compareIds(run.bytes, run.at, found.bytes, found.at) < 0)) found = run;
  }
  return found;
}
