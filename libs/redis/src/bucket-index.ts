// The keys of a build's rows, bucket by bucket: in the order of their bytes, counted, and dropped.
import { call, command, type Connection, type Reply } from './connection.js';
import type { Build, Keys } from './keys.js';
import { BUCKETS, BUCKET_KEYS_MAX } from './limits.js';
import type { RowReads } from './row-reads.js';
import { DROP_ROWS } from './scripts.js';

const ALL = Array.from({ length: BUCKETS }, (_, bucket) => bucket);
/** Behind every key that begins with what stands before it: no text in UTF-8 has this byte. */
const LAST_BYTE = Buffer.of(255);

export interface KeyRange {
  /** Only keys behind this one. */
  readonly after: Buffer | null;
  readonly prefix: Buffer;
}

export class BucketIndex {
  constructor(
    private readonly reads: RowReads,
    private readonly writing: Connection,
    private readonly keys: Keys,
  ) {}

  /** The next keys in order, and whether there are more behind them. One round trip; at most 64 keys of each bucket. */
  async next(build: Build, { after, prefix }: KeyRange): Promise<{ readonly keys: readonly Buffer[]; readonly more: boolean }> {
    const from = after === null ? (prefix.length === 0 ? '-' : Buffer.concat([Buffer.from('['), prefix])) : Buffer.concat([Buffer.from('('), after]);
    const before = prefix.length === 0 ? '+' : Buffer.concat([Buffer.from('('), prefix, LAST_BYTE]);
    const found = await this.reads.run(
      `looking for rows of ${build.name}`,
      ALL.map((bucket) => command('zrange', this.keys.index(build, bucket), from, before, 'BYLEX', 'LIMIT', 0, BUCKET_KEYS_MAX)),
    );
    const buckets = found.map(buffers);
    // A bucket that was cut off may have keys right behind its last one: what lies behind that waits for the next round.
    const bound = buckets.filter(({ length }) => length === BUCKET_KEYS_MAX).flatMap((keys) => keys.at(-1) ?? []).sort(Buffer.compare)[0];
    const keys = buckets.flat().filter((key) => bound === undefined || Buffer.compare(key, bound) <= 0);
    return { keys: keys.sort(Buffer.compare), more: bound !== undefined };
  }

  async count(build: Build): Promise<number> {
    const counted = await this.reads.run(`counting rows of ${build.name}`, ALL.map((bucket) => command('zcard', this.keys.index(build, bucket))));
    return counted.reduce<number>((sum, rows) => sum + Number(rows), 0);
  }

  /** In steps that stop nobody for long. */
  async drop(build: Build): Promise<void> {
    const what = `dropping rows of ${build.name}`;
    for (;;) {
      const found = await this.writing.run(what, ALL.map((bucket) => command('zrange', this.keys.index(build, bucket), 0, BUCKET_KEYS_MAX - 1)));
      const drops = found.map(buffers).flatMap((keys, bucket) => {
        const rows = keys.map((key) => this.keys.row(build, bucket, key));
        return keys.length === 0 ? [] : [call(DROP_ROWS, [this.keys.index(build, bucket), ...rows], keys)];
      });
      if (drops.length === 0) return;
      await this.writing.run(what, drops);
    }
  }
}

function buffers(reply: Reply): readonly Buffer[] {
  return Array.isArray(reply) ? reply.filter((one) => Buffer.isBuffer(one)) : [];
}
