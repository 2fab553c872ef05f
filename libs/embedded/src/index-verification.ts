// The index against the log: fed with the log event by event, it then looks whether the index says the same, and nothing more.
import { frameWords } from './frame.js';
import { idHash, IdSet } from './id-sets.js';
import { IdRuns } from './id-runs.js';
import { IdWindow } from './id-window.js';
import { DAMAGED_KEY, MARK_KEY, nameKey, readMark, type IndexMark } from './index-entries.js';
import { checkIndexedStreams, checkSparseMarks } from './indexed-streams.js';
import { getU48 } from './bytes.js';
import type { KeyValue } from './key-value.js';
import type { PlacesBehind, SeenEvent } from './log-facts.js';
import type { LogParts } from './log-reader.js';
import type { Problems } from './problems.js';
import type { ScannedBatch } from './segment-scan.js';
import { Sparse } from './sparse.js';
import { addPlace, type StreamLedger } from './stream-ledger.js';

const NOTHING: IndexMark = { position: 0, place: null, nextOrdinal: 0 };

/** Ids that are looked at twice. */
const REPEATED_MAX = 100_000;

export interface IndexVerificationParts {
  readonly keyValue: KeyValue;
  /** Another process goes on with the index meanwhile. */
  readonly isMoving: boolean;
  /** Positions that are looked at together; 9 bytes of memory each. */
  readonly windowPositions: number;
  readonly problems: Problems;
}

export class IndexVerification {
  readonly mark: IndexMark;
  /** Hashes of ids that may be in the log twice. */
  readonly repeated = new Set<number>();
  entries = 0;
  private readonly unindexed = new IdSet();
  private readonly runs: IdRuns;
  private readonly sparse = new Sparse();
  private window: IdWindow;
  private readonly words = new Uint32Array(6);
  private readonly hit = { ordinal: 0, position: 0, offset: 0, revision: 0, digestHigh: 0, digestLow: 0 };
  /** It says how far it has come, and so what it should have. */
  private readonly isThere: boolean;
  /** It cannot be read: there is no point in looking further. */
  private isLost = false;
  /** What it says of ids is what the log says: so two of them are not the same without its saying so. */
  vouchesForIds = true;

  constructor(private readonly parts: IndexVerificationParts) {
    const { keyValue, problems } = parts;
    this.runs = new IdRuns(keyValue);
    const mark = this.onIndex(() => markOf(keyValue, problems)) ?? null;
    if (mark !== null) this.onIndex(() => this.runs.load());
    // Every event has an id. What says otherwise is no evidence of anything.
    if (mark !== null && !this.isLost && this.runs.count !== mark.position) this.lose(new Error(`it says that it has everything up to position ${mark.position}, and has ${this.runs.count} ids`));
    this.isThere = mark !== null && !this.isLost;
    this.mark = this.isThere && mark !== null ? mark : NOTHING;
    this.window = new IdWindow({ ...parts, indexed: this.mark.position }, 1);
  }

  /** Ids of which nobody knows whether they come twice: there were too many that the index does not have. */
  get idsNotCompared(): number {
    return this.unindexed.left;
  }

  /** The number of a stream in the index, or -1. */
  readonly ordinalOf = (stream: string): number => {
    const value = this.mark.position === 0 ? undefined : this.onIndex(() => this.parts.keyValue.peek(nameKey(stream)));
    return value === undefined ? -1 : getU48(value, 0);
  };

  batch({ header, place }: ScannedBatch): void {
    this.sparse.note({ position: header.firstPosition, ...place });
  }

  readonly event = ({ record: { revision }, position, facts, bytes, at, offset }: SeenEvent): void => {
    frameWords(bytes, at, this.words);
    if (position > this.mark.position) {
      this.takeUnindexed(position);
      return;
    }
    facts.indexed = revision;
    addPlace(facts.places, position, offset);
    while (position >= this.window.end) this.nextWindow();
    // That the index does not have the stream is said once, not for each of its events.
    if (facts.ordinal >= 0) this.window.expect(position, this.words, { ordinal: facts.ordinal, offset, revision });
    else this.vouchesForIds = false;
  };

  /** Behind the last event. */
  async finish(ledger: StreamLedger, { log, isLogWhole, places }: { readonly log: LogParts; readonly isLogWhole: boolean; readonly places: PlacesBehind }): Promise<void> {
    const { keyValue, isMoving, problems } = this.parts;
    const { mark } = this;
    if (this.isThere && !this.isLost) {
      while (this.window.end <= mark.position) this.nextWindow();
      this.compareWindow();
      try {
        this.entries += await checkIndexedStreams({ keyValue, mark, isMoving, ledger, isLogWhole, log, problems });
        if (isLogWhole) this.entries += checkSparseMarks({ keyValue, mark, problems }, this.sparse);
      } catch (error) {
        this.lose(error);
      }
      const fault = mark.place === null || !isLogWhole ? null : places.fault(mark.position, mark.place, mark.place.recordedAt);
      if (fault !== null) problems.add('index', mark.position, `the mark of the index does not lead to the end of what it has: ${fault}`);
    }
    for (const hash of this.unindexed.repeated()) this.suspect(hash);
  }

  private takeUnindexed(position: number): void {
    this.unindexed.add(this.words, 0);
    if (this.mark.position === 0 || this.isLost) return;
    if (this.onIndex(() => this.runs.find(this.words, 0, this.hit)) === true && this.hit.position !== position) this.suspect(idHash(this.words, 0));
  }

  private nextWindow(): void {
    this.compareWindow();
    this.window = new IdWindow({ ...this.parts, indexed: this.mark.position }, this.window.end);
  }

  private compareWindow(): void {
    if (this.isLost) return;
    const { problems } = this.parts;
    const before = problems.total;
    this.entries = this.onIndex(() => this.window.compare(problems, (hash) => this.suspect(hash))) ?? 0;
    if (problems.total > before) this.vouchesForIds = false;
  }

  private suspect(hash: number): void {
    if (this.repeated.size < REPEATED_MAX) this.repeated.add(hash);
  }

  private onIndex<Answer>(look: () => Answer): Answer | undefined {
    try {
      return look();
    } catch (error) {
      this.lose(error);
      return undefined;
    }
  }

  private lose(error: unknown): void {
    if (this.isLost) return;
    this.isLost = true;
    this.vouchesForIds = false;
    this.parts.problems.add('index', null, `the index cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** How far the index says that it has come. Null where there is none, or one of another version: it is built at the next opening. */
function markOf(keyValue: KeyValue, problems: Problems): IndexMark | null {
  const value = keyValue.get(MARK_KEY);
  if (keyValue.get(DAMAGED_KEY) !== undefined) problems.add('index', null, 'a reader was led astray by the index: it is built anew at the next opening');
  if (value === undefined && keyValue.range({ from: Uint8Array.of(0), before: MARK_KEY, limit: 1 }).length > 0) {
    problems.add('index', null, 'the index does not say how far it has come: it is built anew at the next opening');
  }
  return readMark(value);
}
