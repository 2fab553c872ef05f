// Records folded into states, and states written as rows: what following the log and taking deliveries have in common.
import type { StatesOf } from './projector-states.js';
import { foldOn, keyOf, refold, rowOf, usable, type Loaded, type Projection, type Sources } from './projection.js';
import type { Position, Recorded } from './records.js';
import type { View } from './view-store.js';

/** Many rows are written in steps of so many, or in so many steps: appends wait for what is done meanwhile. */
const ROWS_A_WRITE = 64;
const WRITES_IN_A_ROW = 16;

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

  /** The checkpoint comes last: what it covers must be in the rows. */
  async write(view: View, changed: readonly (readonly [string, Loaded<State>])[], checkpoint?: Position): Promise<void> {
    const slice = Math.max(ROWS_A_WRITE, Math.ceil(changed.length / WRITES_IN_A_ROW));
    for (let at = 0; at === 0 || at < changed.length; at += slice) {
      const rows = changed.slice(at, at + slice).map(([key, loaded]) => ({ key, row: rowOf(this.projection, loaded) }));
      await this.sources.views.write(view, rows, ...(checkpoint !== undefined && at + slice >= changed.length ? [checkpoint] : []));
      this.counts.rowsWritten += rows.length;
    }
  }

  private async foldAll(view: View, states: StatesOf<State>, records: readonly Recorded[]): Promise<void> {
    const byKey = Map.groupBy(records, (record) => keyOf(this.projection, record));
    const missing = [...byKey.keys()].filter((key) => !states.has(key));
    const rows = missing.length === 0 ? [] : await this.sources.views.read(view, missing);
    missing.forEach((key, at) => states.set(key, usable(this.projection, rows[at] ?? null, key), rows[at]?.bytes.length ?? 0));
    for (const [key, events] of byKey) {
      const before = states.get(key) ?? usable(this.projection, null, key);
      const after = await this.foldKey(key, before, events);
      if (after.revision !== before.revision) states.change(key, after, events.length);
    }
    this.counts.events += records.length;
  }

  private async foldKey(key: string, before: Loaded<State>, events: readonly Recorded[]): Promise<Loaded<State>> {
    let { state, revision } = before;
    let late = false;
    for (const record of events) {
      // Delivered before.
      if (record.revision <= revision) continue;
      if (record.revision > revision + 1 && !late) {
        this.counts.gapsHealed++;
        ({ state, revision } = await foldOn(this.sources, this.projection, key, { state, revision }, record.revision - 1));
        // A row with a hole would never be healed.
        if (revision !== record.revision - 1) throw new Error(`${record.stream}: the log gives it up to revision ${revision}, and then ${record.revision}`);
      }
      revision = record.revision;
      if (late) continue;
      const event = this.sources.codec.decode(record);
      if (event === null) continue;
      const next = this.projection.fold(state, event);
      if (next === 'late') late = true;
      else state = next;
    }
    if (late) {
      this.counts.lateRefolds++;
      state = await refold(this.sources, this.projection, key, revision);
    }
    return { state, revision };
  }
}
