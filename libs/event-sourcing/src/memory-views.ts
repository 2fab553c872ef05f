// The view store in memory, with the guard and the generations that every view store has.
import type { Position } from './records.js';
import type { KeyedRow, Row, View, ViewStore } from './view-store.js';

const PAGE_ROWS = 512;

interface Build {
  readonly rows: Map<string, Row>;
  checkpoint: Position | null;
}

export class MemoryViews implements ViewStore {
  private readonly builds = new Map<string, Build>();
  private readonly live = new Map<string, number>();
  private readonly newest = new Map<string, number>();

  read(view: View, keys: readonly string[]): Promise<readonly (Row | null)[]> {
    const { rows } = this.build(view);
    return Promise.resolve(keys.map((key) => rows.get(key) ?? null));
  }

  async *scan(view: View, prefix = ''): AsyncGenerator<readonly KeyedRow[]> {
    const rows = [...this.build(view).rows].filter(([key]) => key.startsWith(prefix)).sort(([a], [b]) => (a < b ? -1 : 1));
    for (let at = 0; at < rows.length; at += PAGE_ROWS) yield rows.slice(at, at + PAGE_ROWS).map(([key, row]) => ({ key, row }));
  }

  write(view: View, rows: readonly KeyedRow[], checkpoint?: Position): Promise<void> {
    const build = this.build(view);
    for (const { key, row } of rows) if (replaces(row, build.rows.get(key))) build.rows.set(key, row);
    if (checkpoint !== undefined) build.checkpoint = checkpoint;
    return Promise.resolve();
  }

  checkpoint(view: View): Promise<Position | null> {
    return Promise.resolve(this.build(view).checkpoint);
  }

  moveCheckpoint(view: View, from: Position, to: Position): Promise<boolean> {
    const build = this.build(view);
    const isStill = build.checkpoint === from;
    if (isStill) build.checkpoint = to;
    return Promise.resolve(isStill);
  }

  incarnation(): Promise<string> {
    return Promise.resolve('memory');
  }

  count(view: View): Promise<number> {
    return Promise.resolve(this.build(view).rows.size);
  }

  liveGeneration(name: string): Promise<number> {
    return Promise.resolve(this.live.get(name) ?? 0);
  }

  nextGeneration(name: string): Promise<number> {
    const next = Math.max(this.live.get(name) ?? 0, this.newest.get(name) ?? 0) + 1;
    this.newest.set(name, next);
    return Promise.resolve(next);
  }

  async activate(name: string, generation: number): Promise<boolean> {
    const before = this.live.get(name) ?? 0;
    if (before > generation) return false;
    this.live.set(name, generation);
    if (before !== generation) await this.drop({ name, generation: before });
    return true;
  }

  drop({ name, generation }: View): Promise<void> {
    this.builds.delete(`${name}@${generation ?? this.live.get(name) ?? 0}`);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private build({ name, generation }: View): Build {
    const key = `${name}@${generation ?? this.live.get(name) ?? 0}`;
    const known = this.builds.get(key);
    if (known !== undefined) return known;
    const made: Build = { rows: new Map(), checkpoint: null };
    this.builds.set(key, made);
    return made;
  }
}

/** The guard of `ViewStore.write`. */
export function replaces(row: Row, before: Row | undefined): boolean {
  return before === undefined || row.revision > before.revision || (row.version !== before.version && row.revision >= before.revision);
}
