// Rows on the key-value store. One loop writes, so the guard reads what the write before it left, and joins what waits.
import { replaces, type KeyedRow, type Position, type Row, type View, type ViewStore } from '@trellis/event-sourcing';
import { BusyError } from './errors.js';
import type { KeyValue, WriteBatch } from './key-value.js';
import { DROP_ROWS_MAX, PAGE_ROWS_MAX, WRITES_JOINED_MAX, WRITES_WAITING_MAX } from './limits.js';
import { buildOfCheckpoint, checkpointKey, CHECKPOINTS, generationValue, keyOfRow, liveKey, positionBytes, positionText, readGeneration, readRow, rowKey, rowsBehind, rowValue, type Build } from './row-entries.js';

interface Write {
  readonly build: Build;
  readonly rows: readonly KeyedRow[];
  readonly checkpoint: Position | undefined;
  settle(): void;
  fail(error: unknown): void;
}

export class EmbeddedViews implements ViewStore {
  private readonly waiting: Write[] = [];
  private last: Promise<void> = Promise.resolve();
  private scheduled = false;
  private closed = false;
  /** Rows of each build that somebody has asked about; counting them takes a walk over their keys. */
  private readonly counts = new Map<string, number>();
  /** Generations given out; what one that was broken off has left is dropped by whoever gets its number again. */
  private readonly newest = new Map<string, number>();

  /** `readOnly`: beside the process that keeps the rows. What a reader would write back is left to that process. */
  constructor(
    private readonly keyValue: KeyValue,
    private readonly options: { readonly readOnly: boolean },
  ) {}

  async read(view: View, keys: readonly string[]): Promise<readonly (Row | null)[]> {
    const build = this.build(view);
    return keys.map((key) => {
      const value = this.keyValue.get(rowKey(build, key));
      return value === undefined ? null : readRow(value);
    });
  }

  async *scan(view: View, prefix = ''): AsyncGenerator<readonly KeyedRow[]> {
    const build = this.build(view);
    const before = rowsBehind(build, prefix);
    for (let from = rowKey(build, prefix); ; ) {
      const entries = this.keyValue.range({ from, before, limit: PAGE_ROWS_MAX });
      const rows = entries.flatMap(({ key, value }) => {
        const row = readRow(value);
        return row === null ? [] : [{ key: keyOfRow(build, key), row }];
      });
      if (rows.length > 0) yield rows;
      const last = entries.at(-1);
      if (last === undefined || entries.length < PAGE_ROWS_MAX) return;
      // The least key behind it.
      from = new Uint8Array(last.key.length + 1);
      from.set(last.key);
    }
  }

  write(view: View, rows: readonly KeyedRow[], checkpoint?: Position): Promise<void> {
    // Rows that a reader folded anyway would be welcome, and are not needed. A checkpoint is a promise to keep them.
    if (this.options.readOnly) return checkpoint === undefined ? Promise.resolve() : Promise.reject(readOnly());
    return new Promise((settle, fail) => {
      if (this.closed) throw new Error('the view store is closed');
      if (this.waiting.length >= WRITES_WAITING_MAX) throw new BusyError(this.waiting.length);
      this.waiting.push({ build: this.build(view), rows, checkpoint, settle, fail });
      if (this.scheduled) return;
      this.scheduled = true;
      void this.inTurn(() => this.writeWaiting());
    });
  }

  async checkpoint(view: View): Promise<Position | null> {
    const value = this.keyValue.get(checkpointKey(this.build(view)));
    return value === undefined ? null : (positionText(value) as Position); // it was one when it was written
  }

  moveCheckpoint(view: View, from: Position, to: Position): Promise<boolean> {
    return this.inTurn(async () => {
      if ((await this.checkpoint(view)) !== from) return false;
      await this.keyValue.commit((batch) => batch.put(checkpointKey(this.build(view)), positionBytes(to)));
      return true;
    });
  }

  /** What a crash takes back is taken back before the store is open. */
  incarnation(): Promise<string> {
    return Promise.resolve('embedded');
  }

  async count(view: View): Promise<number> {
    const build = this.build(view);
    const count = (): number => this.keyValue.count(rowKey(build, ''), rowsBehind(build, ''));
    if (this.options.readOnly) return count();
    // In turn: no row is on its way while they are counted.
    return this.counts.get(nameOf(build)) ?? this.inTurn(async () => {
      const counted = count();
      this.counts.set(nameOf(build), counted);
      return counted;
    });
  }

  async liveGeneration(name: string): Promise<number> {
    return readGeneration(this.keyValue.get(liveKey(name)));
  }

  async nextGeneration(name: string): Promise<number> {
    const next = Math.max(await this.liveGeneration(name), this.newest.get(name) ?? 0) + 1;
    this.newest.set(name, next);
    return next;
  }

  activate(name: string, generation: number): Promise<boolean> {
    return this.inTurn(async () => {
      const before = readGeneration(this.keyValue.get(liveKey(name)));
      if (before >= generation) return before === generation;
      await this.keyValue.commit((batch) => batch.put(liveKey(name), generationValue(generation)));
      await this.forget({ name, generation: before });
      return true;
    });
  }

  drop(view: View): Promise<void> {
    return this.inTurn(() => this.forget(this.build(view)));
  }

  /** Forgets every build whose checkpoint lies behind the end of the log: its rows are of another log than this one. */
  async forgetAhead(end: number): Promise<readonly Build[]> {
    const builds = this.keyValue
      .range({ ...CHECKPOINTS, limit: PAGE_ROWS_MAX })
      .filter(({ value }) => !(Number(positionText(value)) <= end))
      .map(({ key }) => buildOfCheckpoint(key));
    // The checkpoint last: should this break off, it says so at the next opening too.
    for (const build of builds) {
      await this.inTurn(async () => {
        await this.forgetRows(build);
        await this.forget(build);
      });
    }
    return builds;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.last;
  }

  /** One change after the other. */
  private inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    if (this.options.readOnly) return Promise.reject(readOnly());
    const done = this.last.then(change);
    // The caller sees the error; the next in turn does not.
    this.last = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  private async writeWaiting(): Promise<void> {
    this.scheduled = false;
    while (this.waiting.length > 0) {
      const writes = this.waiting.splice(0, WRITES_JOINED_MAX);
      try {
        const added = new Map<string, number>();
        await this.keyValue.commit((batch) => this.putAll(batch, writes, added));
        for (const [build, rows] of added) this.counts.set(build, (this.counts.get(build) ?? 0) + rows);
        for (const { settle } of writes) settle();
      } catch (error) {
        for (const { fail } of writes) fail(error);
      }
    }
  }

  /** `added` takes how many rows are new, of the builds whose rows are counted. */
  private putAll(batch: WriteBatch, writes: readonly Write[], added: Map<string, number>): void {
    // What this transaction has already put: it cannot be read back before it stands.
    const put = new Map<string, Row>();
    for (const { build, rows, checkpoint } of writes) {
      for (const { key, row } of rows) {
        const at = rowKey(build, key);
        const name = `${nameOf(build)} ${key}`;
        // Read at once and not kept, so it need not be a copy.
        const value = put.has(name) ? undefined : this.keyValue.peek(at);
        const before = put.get(name) ?? (value === undefined ? undefined : (readRow(value) ?? undefined));
        if (!replaces(row, before)) continue;
        batch.put(at, rowValue(row));
        if (value === undefined && !put.has(name) && this.counts.has(nameOf(build))) added.set(nameOf(build), (added.get(nameOf(build)) ?? 0) + 1);
        put.set(name, row);
      }
      if (checkpoint !== undefined) batch.put(checkpointKey(build), positionBytes(checkpoint));
    }
  }

  private async forget(build: Build): Promise<void> {
    await this.keyValue.commit((batch) => batch.remove(checkpointKey(build)));
    await this.forgetRows(build);
  }

  private async forgetRows(build: Build): Promise<void> {
    this.counts.delete(nameOf(build));
    for (;;) {
      const entries = this.keyValue.range({ from: rowKey(build, ''), before: rowsBehind(build, ''), limit: DROP_ROWS_MAX });
      if (entries.length === 0) return;
      await this.keyValue.commit((batch) => {
        for (const { key } of entries) batch.remove(key);
      });
    }
  }

  private build({ name, generation }: View): Build {
    return { name, generation: generation ?? readGeneration(this.keyValue.get(liveKey(name))) };
  }
}

function nameOf({ name, generation }: Build): string {
  return `${generation} ${name}`;
}

function readOnly(): Error {
  return new Error('the view store was opened read-only');
}
