// Records folded into states, and states written as rows: what following the log and taking deliveries have in common.
import { heldBytes, type Held, type StatesOf } from './projector-states.js';
import { foldOn, keyOf, rowOf, usable, type Projection, type Sources } from './projection.js';
import type { Position, Recorded, Revision, StreamName } from './records.js';
import type { View } from './view-store.js';

/** Many rows are written in steps of so many, or in so many steps: appends wait for what is done meanwhile. */
const ROWS_A_WRITE = 16;
const WRITES_IN_A_ROW = 64;
/** More and smaller ones, where there is time to rest between them. */
const WRITES_WITH_RESTS = 256;

export interface FoldingCounts {
  readonly events: number;
  readonly rowsWritten: number;
  readonly lateRefolds: number;
  readonly gapsHealed: number;
}

/** Stands around each fold of a page, for whoever measures it. */
export type Around = <Result>(work: () => Promise<Result>) => Promise<Result>;

export class RowFolding<State> {
  readonly counts = { events: 0, rowsWritten: 0, lateRefolds: 0, gapsHealed: 0 };

  constructor(
    private readonly sources: Sources,
    private readonly projection: Projection<State>,
    private readonly around: Around = (work) => work(),
  ) {}

  /** Into the states of their streams; what a state lacks between is read from its stream, what it has already is passed over. */
  fold(view: View, states: StatesOf<State>, records: readonly Recorded[]): Promise<void> {
    return records.length === 0 ? Promise.resolve() : this.around(() => this.foldAll(view, states, records));
  }

  /** The checkpoint comes last: what it covers must be in the rows. `rest` is waited for between two steps. */
  async write(view: View, changed: readonly Held<State>[], checkpoint?: Position, rest?: () => Promise<void>): Promise<void> {
    const slice = Math.max(ROWS_A_WRITE, Math.ceil(changed.length / (rest === undefined ? WRITES_IN_A_ROW : WRITES_WITH_RESTS)));
    for (let at = 0; at === 0 || at < changed.length; at += slice) {
      if (at > 0) await rest?.();
      const rows = changed.slice(at, at + slice).map((held) => {
        const row = rowOf(this.projection, held);
        held.bytes = heldBytes(row.bytes.length);
        return { key: held.key, row };
      });
      await this.sources.views.write(view, rows, ...(checkpoint !== undefined && at + slice >= changed.length ? [checkpoint] : []));
      this.counts.rowsWritten += rows.length;
    }
  }

  /** In the order of the log: a page of many streams in turns has few events of each, and sorting them apart would cost more than it saves. */
  private async foldAll(view: View, states: StatesOf<State>, records: readonly Recorded[]): Promise<void> {
    await this.read(view, states, records);
    // Up to where streams must be folded again; until that is done, their states say nothing of these events.
    const late = new Map<Held<State>, Revision>();
    for (const record of records) {
      const held = states.get(record.stream) as Held<State>; // `read` has seen to it
      const lateTo = late.size === 0 ? undefined : late.get(held);
      // Delivered before.
      if (record.revision <= (lateTo ?? held.revision)) continue;
      if (lateTo !== undefined) late.set(held, record.revision);
      else {
        if (record.revision > held.revision + 1) await this.heal(held, record);
        if (!this.take(held, record)) late.set(held, record.revision);
        else states.changed(held);
      }
    }
    for (const [held, revision] of late) {
      this.counts.lateRefolds++;
      // What was late among the events since the last writing is not late from there.
      const [row] = await this.sources.views.read(view, [held.key]);
      const start = usable(this.projection, row ?? null, held.key);
      const folded = await foldOn(this.sources, this.projection, held.key, start, revision);
      held.state = folded.state;
      held.revision = folded.revision;
      states.changed(held);
    }
    this.counts.events += records.length;
  }

  /** The rows of streams that are not held yet. */
  private async read(view: View, states: StatesOf<State>, records: readonly Recorded[]): Promise<void> {
    const missing = new Set<StreamName>();
    for (const { stream } of records) if (states.get(stream) === undefined) missing.add(stream);
    if (missing.size === 0) return;
    const streams = Array.from(missing, (stream) => ({ stream, key: keyOf(this.projection, { stream }) }));
    const rows = await this.sources.views.read(view, streams.map(({ key }) => key));
    streams.forEach((each, at) => states.add(each, usable(this.projection, rows[at] ?? null, each.key), rows[at]?.bytes.length ?? 0));
  }

  /** False: it comes late, and nothing was changed. */
  private take(held: Held<State>, record: Recorded): boolean {
    const event = this.sources.codec.decode(record, this.projection.reads);
    const next = event === null ? held.state : this.projection.fold(held.state, event);
    if (next === 'late') return false;
    held.state = next;
    held.revision = record.revision;
    return true;
  }

  /** Reads what lies between a state and a record of its stream. */
  private async heal(held: Held<State>, { stream, revision }: Recorded): Promise<void> {
    this.counts.gapsHealed++;
    const healed = await foldOn(this.sources, this.projection, held.key, { state: held.state, revision: held.revision }, revision - 1);
    held.state = healed.state;
    held.revision = healed.revision;
    // A row with a hole would never be healed.
    if (healed.revision !== revision - 1) throw new Error(`${stream}: the log gives it up to revision ${healed.revision}, and then ${revision}`);
  }
}
