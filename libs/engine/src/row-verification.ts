// Live rows against the events of their streams. Rows are taken up as many at a time as memory allows; for those the log is read
// once, in its order, which takes a hundredth of looking each event up. Nothing is written.
import { EMPTY, foldOn, type Position, type Projection, type Revision, type Row, type Sources } from '@trellis/event-sourcing';
import { pause } from './engine.js';

export interface RowsVerified {
  readonly rows: number;
  /** Keys whose row is not the fold of its stream up to the row's revision, or is missing or damaged; the first hundred. */
  readonly wrong: readonly string[];
  readonly wrongTotal: number;
}

export interface RowVerification {
  readonly signal: AbortSignal;
  /** Hears of so many events more that were read. */
  readonly watch: (events: number) => void;
  /** Another process goes on with log and rows: a row may be ahead of the head that this one sees, for a moment. */
  readonly isMoving: boolean;
  /** Rows that are folded together, at most. */
  readonly rowsAPass?: number;
}

/** Of rows that are folded together. As states they take about five times as much memory. */
const ROW_BYTES_A_PASS = 24 * 1_024 * 1_024;
const ROWS_A_PASS = 32_768;

const WRONG_NAMED_MAX = 100;

const HEAD_PAUSE_MS = 20;
const HEAD_LOOKS_MAX = 250;

/** A row while its stream is folded. */
interface Checked<State> {
  readonly row: Row;
  state: State;
  revision: Revision;
  /** An event came late: the stream has to be folded in another order than it was recorded in. */
  isLate: boolean;
}

/** Throws when the signal is given. A row of another version of the fold is as good as none, and sound. */
export async function verifyRows<State>(sources: Sources, projection: Projection<State>, options: RowVerification): Promise<RowsVerified> {
  const { views } = sources;
  const { rowsAPass = ROWS_A_PASS } = options;
  const view = { name: projection.name };
  // Before the rows are read: they hold at least everything up to it.
  const checkpoint = await views.checkpoint(view);
  const found = new Found(sources, projection, checkpoint);
  let rows = 0;
  let after = '';
  let checked = new Map<string, Checked<State> | null>();
  let bytes = 0;
  for await (const page of views.scan(view)) {
    for (const { key, row } of page) {
      rows++;
      checked.set(key, row.version === projection.versionFor(key) ? { row, state: projection.initial(key), revision: EMPTY, isLate: false } : null);
      bytes += row.bytes.length;
      if (bytes < ROW_BYTES_A_PASS && checked.size < rowsAPass) continue;
      await pass(sources, projection, { ...options, checked, after, upTo: key, found });
      after = key;
      checked = new Map();
      bytes = 0;
    }
  }
  await pass(sources, projection, { ...options, checked, after, upTo: null, found });
  return { rows, wrong: found.wrong, wrongTotal: found.total };
}

interface Pass<State> extends RowVerification {
  /** By key; null for rows that are not looked at. */
  readonly checked: ReadonlyMap<string, Checked<State> | null>;
  /** The rows of the keys between these, exclusive and inclusive; null: to the last. */
  readonly after: string;
  readonly upTo: string | null;
  readonly found: Found<State>;
}

async function pass<State>(sources: Sources, projection: Projection<State>, { checked, after, upTo, found, signal, watch, isMoving }: Pass<State>): Promise<void> {
  const { store, codec } = sources;
  const withoutRow = new Set<string>();
  for await (const page of store.readAll({ prefix: projection.prefix })) {
    signal.throwIfAborted();
    for (const record of page) {
      const key = record.stream.slice(projection.prefix.length);
      const one = checked.get(key);
      if (one === undefined && key > after && (upTo === null || key <= upTo)) withoutRow.add(key);
      if (one === undefined || one === null || one.isLate || record.revision > one.row.revision) continue;
      one.revision = record.revision;
      const event = codec.decode(record);
      const next = event === null ? one.state : projection.fold(one.state, event);
      if (next === 'late') one.isLate = true;
      else one.state = next;
    }
    watch(page.length);
  }
  for (const [key, one] of checked) {
    signal.throwIfAborted();
    if (one !== null && !(await isSame(sources, projection, { key, one, looksMax: isMoving ? HEAD_LOOKS_MAX : 1, signal }))) found.add(key);
  }
  await found.addMissing(withoutRow);
}

interface Comparison<State> {
  readonly key: string;
  readonly one: Checked<State>;
  readonly looksMax: number;
  readonly signal: AbortSignal;
}

async function isSame<State>(sources: Sources, projection: Projection<State>, { key, one, looksMax, signal }: Comparison<State>): Promise<boolean> {
  const { row } = one;
  let { state, revision } = one;
  for (let looks = 1; one.isLate || revision < row.revision; looks++) {
    ({ state, revision } = await foldOn(sources, projection, key, { state: projection.initial(key), revision: EMPTY }, row.revision));
    if (revision === row.revision) break;
    // No event that this row says it has.
    if (looks >= looksMax) return false;
    await pause(HEAD_PAUSE_MS, signal);
    signal.throwIfAborted();
  }
  return Buffer.compare(projection.encode(state), row.bytes) === 0;
}

class Found<State> {
  readonly wrong: string[] = [];
  total = 0;
  private newcomers: Promise<ReadonlySet<string>> | null = null;

  constructor(
    private readonly sources: Sources,
    private readonly projection: Projection<State>,
    private readonly checkpoint: Position | null,
  ) {}

  add(key: string): void {
    this.total++;
    if (this.wrong.length < WRONG_NAMED_MAX) this.wrong.push(key);
  }

  /** A stream may be without a row only if all of it came after the checkpoint of the rows. */
  async addMissing(keys: ReadonlySet<string>): Promise<void> {
    for (const key of keys) {
      if ((await (this.newcomers ??= this.startedAfter())).has(key)) continue;
      // It may have got one since the rows were read.
      const [row] = await this.sources.views.read({ name: this.projection.name }, [key]);
      if (row === null || row === undefined) this.add(key);
    }
  }

  private async startedAfter(): Promise<ReadonlySet<string>> {
    const keys = new Set<string>();
    for await (const page of this.sources.store.readAll({ after: this.checkpoint, prefix: this.projection.prefix })) {
      for (const record of page) if (record.revision === 0) keys.add(record.stream.slice(this.projection.prefix.length));
    }
    return keys;
  }
}
