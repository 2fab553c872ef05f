// Rows on Redis. Readers compare the live generation in the round trip that reads the rows, so they see a switch at once.
import type { KeyedRow, Position, Row, View, ViewStore } from '@trellis/event-sourcing';
import { BucketIndex } from './bucket-index.js';
import { Checkpoints } from './checkpoints.js';
import { call, command, type Command, type Connection, type Reply } from './connection.js';
import { RedisError } from './errors.js';
import { bucketOf, keyBytes, type Build, type Keys } from './keys.js';
import { PAGE_ROWS_MAX, READ_ROWS_MAX, SWITCHES_MAX, VIEWS_KNOWN_MAX } from './limits.js';
import { RowReads } from './row-reads.js';
import { readRow } from './row-value.js';
import { RowWrites } from './row-writes.js';
import { ACTIVATE, NEXT_GENERATION } from './scripts.js';
import { incarnationOf } from './server-state.js';

export interface Connections {
  /** Rows that are read do not wait behind rows that are written. */
  readonly reading: Connection;
  readonly writing: Connection;
}

export class RedisViews implements ViewStore {
  private readonly reads: RowReads;
  private readonly writes: RowWrites;
  private readonly writing: Connection;
  private readonly index: BucketIndex;
  private readonly checkpoints: Checkpoints;
  /** As last seen; every read compares it. */
  private readonly live = new Map<string, number>();

  constructor({ reading, writing }: Connections, private readonly keys: Keys) {
    this.writing = writing;
    this.reads = new RowReads(reading);
    this.writes = new RowWrites(writing, keys);
    this.index = new BucketIndex(this.reads, writing, keys);
    this.checkpoints = new Checkpoints(writing, keys);
  }

  async read(view: View, keys: readonly string[]): Promise<readonly (Row | null)[]> {
    if (keys.length === 0) return [];
    const { rows } = await this.rowsOf(view, keys.map(keyBytes), view.generation ?? this.live.get(view.name) ?? (await this.liveGeneration(view.name)));
    return rows;
  }

  /** Goes on in the new rows when readers are switched in between. */
  async *scan(view: View, prefix = ''): AsyncGenerator<readonly KeyedRow[]> {
    let generation = view.generation ?? (await this.liveGeneration(view.name));
    let after: Buffer | null = null;
    for (;;) {
      const found = await this.index.next({ name: view.name, generation }, { after, prefix: Buffer.from(prefix) });
      let switched = false;
      for (let at = 0; at < found.keys.length ; at += PAGE_ROWS_MAX) {
        const keys = found.keys.slice(at, at + PAGE_ROWS_MAX);
        const { rows, generation: now } = await this.rowsOf(view, keys, generation);
        switched = now !== generation;
        generation = now;
        // The rows that are live now may have other keys behind the last page.
        if (switched) break;
        after = keys.at(-1) ?? after;
        const page = rows.flatMap((row, n) => (row === null ? [] : [{ key: String(keys[n]), row }]));
        if (page.length > 0) yield page;
      }
      if (switched || found.more) continue;
      // Nothing was left; was that so in the rows that are live?
      if (view.generation !== undefined) return;
      const now = await this.liveGeneration(view.name);
      if (now === generation) return;
      generation = now;
    }
  }

  async write(view: View, rows: readonly KeyedRow[], checkpoint?: Position): Promise<void> {
    const build = await this.build(view);
    if (rows.length > 0) {
      await this.checkpoints.begin(build);
      await this.writes.write(build, rows);
    }
    if (checkpoint !== undefined) await this.checkpoints.write(build, checkpoint);
  }

  async checkpoint(view: View): Promise<Position | null> {
    return this.checkpoints.read(await this.build(view));
  }

  async moveCheckpoint(view: View, from: Position, to: Position): Promise<boolean> {
    return this.checkpoints.move(await this.build(view), from, to);
  }

  incarnation(): Promise<string> {
    return incarnationOf(this.writing, this.keys);
  }

  async count(view: View): Promise<number> {
    return this.index.count(await this.build(view));
  }

  async liveGeneration(name: string): Promise<number> {
    return this.seen(name, await this.reads.one(`reading the live generation of ${name}`, 'get', this.keys.live(name)));
  }

  async nextGeneration(name: string): Promise<number> {
    return Number(await this.writing.one(`beginning a generation of ${name}`, call(NEXT_GENERATION, [this.keys.live(name), this.keys.newest(name)])));
  }

  async activate(name: string, generation: number): Promise<boolean> {
    const what = `switching ${name}`;
    const before = Number(await this.writing.one(what, call(ACTIVATE, [this.keys.live(name)], [String(generation)])));
    if (before > generation) return false;
    // Also what rebuilds that were broken off have left, and what a switch that was has not dropped any more.
    const begun = await this.writing.one(what, command('smembers', this.keys.builds(name)));
    const earlier = (Array.isArray(begun) ? begun : []).map(Number).filter((one) => one < generation);
    for (const one of new Set([...(before < generation ? [before] : []), ...earlier])) await this.drop({ name, generation: one });
    return true;
  }

  async drop(view: View): Promise<void> {
    const build = await this.build(view);
    // First what says that the rows are there.
    await this.writing.run(`dropping ${build.name}`, [command('del', this.keys.build(build))]);
    this.checkpoints.forget(build);
    await this.index.drop(build);
    await this.writing.run(`dropping ${build.name}`, [command('srem', this.keys.builds(build.name), String(build.generation))]);
  }

  async close(): Promise<void> {
    await Promise.all([this.reads.connection.close(), this.writing.close()]);
  }

  private async build({ name, generation }: View): Promise<Build> {
    return { name, generation: generation ?? (await this.liveGeneration(name)) };
  }

  /** Rows of one generation: of the view's own, or of the one that is live by the end, beginning with the one that was live last. */
  private async rowsOf(view: View, keys: readonly Buffer[], from: number): Promise<{ readonly rows: readonly (Row | null)[]; readonly generation: number }> {
    let generation = from;
    for (let switched = 0; switched <= SWITCHES_MAX; switched++) {
      const rows: (Row | null)[] = [];
      let now = generation;
      for (let at = 0; at < keys.length && now === generation; at += READ_ROWS_MAX) {
        const part = await this.partOf(view, generation, keys.slice(at, at + READ_ROWS_MAX));
        now = part.live;
        rows.push(...part.rows);
      }
      if (now === generation) return { rows, generation };
      generation = now;
    }
    throw new RedisError(`${view.name}: the live rows were switched ${SWITCHES_MAX + 1} times while rows were read`, true);
  }

  private async partOf({ name, generation: fixed }: View, generation: number, keys: readonly Buffer[]): Promise<{ rows: readonly (Row | null)[]; live: number }> {
    const build = { name, generation };
    const gets: Command[] = keys.map((key) => command('get', this.keys.row(build, bucketOf(key), key)));
    // Rows are dropped after the switch: as long as this generation is live after they were read, none of them was gone.
    if (fixed === undefined) gets.push(command('get', this.keys.live(name)));
    const replies = await this.reads.run(`reading ${keys.length} rows of ${name}`, gets);
    const rows = replies.slice(0, keys.length).map((reply) => (Buffer.isBuffer(reply) ? readRow(reply) : null));
    if (fixed !== undefined) return { rows, live: generation };
    const live = this.seen(name, replies[keys.length] ?? null);
    // The nodes of a cluster answer in any order.
    if (this.reads.connection.cluster && live === generation && rows.includes(null)) return { rows, live: await this.liveGeneration(name) };
    return { rows, live };
  }

  private seen(name: string, reply: Reply): number {
    const generation = reply === null ? 0 : Number(reply);
    if (!this.live.has(name) && this.live.size >= VIEWS_KNOWN_MAX) this.live.clear();
    this.live.set(name, generation);
    return generation;
  }
}
