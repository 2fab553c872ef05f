// Rows on their way into Redis: in parts of bounded length, a few at a time.
import type { KeyedRow } from '@trellis/event-sourcing';
import { call, type Command, type Connection } from './connection.js';
import { bucketOf, keyBytes, type Build, type Keys } from './keys.js';
import { BATCH_BYTES_MAX, BATCH_ROWS_MAX, BATCHES_PARALLEL_MAX, BATCHES_WAITING_MAX } from './limits.js';
import { rowValue } from './row-value.js';
import { PUT_ROWS } from './scripts.js';
import { Gate } from './waiting.js';

export class RowWrites {
  private readonly gate = new Gate({ what: 'writes', parallelMax: BATCHES_PARALLEL_MAX, waitingMax: BATCHES_WAITING_MAX });

  constructor(
    private readonly connection: Connection,
    private readonly keys: Keys,
  ) {}

  /** Resolves once all of them are there, or better ones. After a failure nothing more is sent, and what was sent is waited for. */
  async write(build: Build, rows: readonly KeyedRow[]): Promise<void> {
    const failures: unknown[] = [];
    const sent: Promise<void>[] = [];
    for (let at = 0; at < rows.length && failures.length === 0; ) {
      const before = partEnd(rows, at);
      try {
        await this.gate.enter();
        const part = this.send(build, rows.slice(at, before)).finally(() => this.gate.leave());
        sent.push(part.catch((error: unknown) => void failures.push(error)));
      } catch (error) {
        failures.push(error);
      }
      at = before;
    }
    await Promise.all(sent);
    if (failures.length > 0) throw failures[0];
  }

  private async send(build: Build, rows: readonly KeyedRow[]): Promise<void> {
    await this.connection.run(`writing ${rows.length} rows of ${build.name}`, this.commands(build, rows));
  }

  /** One script for each bucket: its rows and its index in one step. Rows of the same key keep their order. */
  private commands(build: Build, rows: readonly KeyedRow[]): readonly Command[] {
    const buckets = new Map<number, { readonly keys: (string | Buffer)[]; readonly args: Buffer[] }>();
    for (const { key, row } of rows) {
      const bytes = keyBytes(key);
      const bucket = bucketOf(bytes);
      let found = buckets.get(bucket);
      if (found === undefined) buckets.set(bucket, (found = { keys: [this.keys.index(build, bucket)], args: [] }));
      found.keys.push(this.keys.row(build, bucket, bytes));
      found.args.push(bytes, rowValue(key, row));
    }
    return [...buckets.values()].map(({ keys, args }) => call(PUT_ROWS, keys, args));
  }
}

function partEnd(rows: readonly KeyedRow[], from: number): number {
  let bytes = 0;
  let at = from;
  while (at < rows.length && at - from < BATCH_ROWS_MAX) {
    bytes += rows[at]?.row.bytes.length ?? 0;
    if (bytes > BATCH_BYTES_MAX && at > from) break;
    at++;
  }
  return at;
}
