// Rows against the log: each is the fold of its stream at its revision, none goes back, none lags behind its checkpoint.
import { load, type EventCodec, type EventStore, type KeyedRow, type Position, type Projection, type Recorded, type StreamName, type ViewStore } from '@trellis/event-sourcing';
import type { LearnerState } from '@trellis/views';
import { expectThat } from './promises.js';
import { numberOf, type ReferenceLog } from './reference-log.js';

export type LearnerProjection = Projection<LearnerState>;

export interface RowSources {
  readonly store: EventStore;
  readonly views: ViewStore;
  readonly codec: EventCodec;
}

/** The bytes of a row that holds these events, the whole of a stream up to some revision. */
export function foldOf(projection: LearnerProjection, codec: EventCodec, key: string, records: readonly Recorded[]): Uint8Array {
  const events = records.map((record) => codec.decode(record)).filter((event) => event !== null);
  return projection.encode(projection.refold(key, events));
}

export class RowChecks {
  /** The newest revision seen of each row, of the generation that is live. */
  private seen = new Map<string, number>();
  private generation = 0;

  constructor(
    private readonly log: ReferenceLog,
    /** As it should be, whatever the world was given to run with. */
    private readonly projection: LearnerProjection,
    private readonly codec: EventCodec,
  ) {}

  /** A crash may take rows back: they are derived. */
  forget(): void {
    this.seen = new Map();
  }

  /** What a reader gets is the fold of the whole stream as far as it says. */
  async checkLoad(sources: RowSources, projection: LearnerProjection, key: string): Promise<void> {
    const stream = `${projection.prefix}${key}` as StreamName; // a projection's prefix and key make a name
    const { state, revision } = await load(sources, projection, key);
    const loaded = projection.encode(state);
    if (revision >= 0) for await (const _ of sources.store.read(stream, { to: revision }));
    // Beside the process that writes, a row can be ahead of what its reader has heard of.
    const records = this.log.recordsOf(stream, revision);
    if (records !== null) this.compare(loaded, { what: `what was loaded of ${key} at revision ${revision}`, key, records });
  }

  /** `honest`: whatever follows the log gets all of it, so a row may not lack what its checkpoint covers. */
  async checkRows(views: ViewStore, { honest }: { readonly honest: boolean }): Promise<number> {
    const { name } = this.projection;
    const generation = await views.liveGeneration(name);
    const checkpoint = await views.checkpoint({ name, generation });
    const rows: KeyedRow[] = [];
    for await (const page of views.scan({ name, generation })) rows.push(...page);
    // A switch meanwhile has dropped what was being read.
    if ((await views.liveGeneration(name)) !== generation) return 0;
    if (generation !== this.generation) this.forget();
    this.generation = generation;
    for (const row of rows) this.checkRow(row);
    if (honest) this.checkCovered(rows, checkpoint);
    return rows.length;
  }

  private checkRow({ key, row }: KeyedRow): void {
    const stream = this.streamOf(key);
    const before = this.seen.get(key) ?? -1;
    expectThat(row.revision >= before, 'rows', () => `the row of ${key} at revision ${before} or later, where it was`, () => `it at ${row.revision}`);
    this.seen.set(key, row.revision);
    const records = this.log.recordsOf(stream, row.revision);
    if (row.version !== this.projection.versionFor(key)) return;
    expectThat(row.revision <= this.log.head(stream) || records !== null, 'rows', () => `the row of ${key} within its stream, which ends at ${this.log.head(stream)}`, () => `it at ${row.revision}`);
    if (records !== null) this.compare(row.bytes, { what: `the row of ${key} at revision ${row.revision}`, key, records });
  }

  private compare(bytes: Uint8Array, { what, key, records }: { readonly what: string; readonly key: string; readonly records: readonly Recorded[] }): void {
    const folded = foldOf(this.projection, this.codec, key, records);
    expectThat(Buffer.compare(bytes, folded) === 0, 'rows', () => `${what} to be the fold of its ${records.length} events`, () => 'other bytes');
  }

  private checkCovered(rows: readonly KeyedRow[], checkpoint: Position | null): void {
    const byKey = new Map(rows.map(({ key, row }) => [key, row.revision]));
    for (let position = 1; position <= numberOf(checkpoint); position++) {
      const known = this.log.at(position);
      if (known === undefined || !known.stream.startsWith(this.projection.prefix)) continue;
      const key = known.stream.slice(this.projection.prefix.length);
      const revision = byKey.get(key) ?? -1;
      expectThat(revision >= known.revision, 'rows', () => `the row of ${key} at revision ${known.revision} or later: the checkpoint is ${checkpoint}`, () => `it at ${revision}`);
    }
  }

  private streamOf(key: string): StreamName {
    return `${this.projection.prefix}${key}` as StreamName; // keys are what is left of such names
  }
}
