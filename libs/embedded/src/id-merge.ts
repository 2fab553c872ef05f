// Several runs of ids into one, a few thousand entries at a time: the flushes between them must not wait.
import { getU32 } from './bytes.js';
import { blockKey, BLOCK_ENTRIES, compareIds, ENTRY_BYTES, ID_BYTES } from './id-entries.js';
import type { IdRun, RunBuilder } from './id-run.js';
import type { KeyValue } from './key-value.js';
import { BLOCKS_A_COMMIT } from './limits.js';

/** One source, block by block. */
class Source {
  bytes: Uint8Array = new Uint8Array(0);
  at = 0;
  /** Of the entry at `at`: what decides most comparisons. Behind every word once there is no entry left. */
  firstWord = 0;
  private block = 0;

  constructor(
    private readonly run: IdRun,
    private readonly keyValue: KeyValue,
  ) {
    this.read();
  }

  get isEmpty(): boolean {
    return this.firstWord === Infinity;
  }

  pass(): void {
    this.at += ENTRY_BYTES;
    if (this.at < this.bytes.length) this.firstWord = getU32(this.bytes, this.at);
    else this.read();
  }

  private read(): void {
    const { number, fences } = this.run;
    this.at = 0;
    if (this.block * ID_BYTES >= fences.length) {
      this.firstWord = Infinity;
      return;
    }
    const bytes = this.keyValue.get(blockKey(number, fences, ID_BYTES * this.block++));
    if (bytes === undefined) throw new Error(`the index lacks a block of the run ${number}`);
    this.bytes = bytes;
    this.firstWord = getU32(bytes, 0);
  }
}

export class IdMerge {
  /** The merged run, once all of it is written. */
  result: IdRun | null = null;
  private open: Source[] | null = null;

  /** `level` is that of the result. */
  constructor(
    readonly sources: readonly IdRun[],
    readonly level: number,
    private readonly builder: RunBuilder,
  ) {}

  /** One transaction's worth; answers how many entries it wrote. A merge that failed is not gone on with. */
  async step(keyValue: KeyValue): Promise<number> {
    const open = (this.open ??= this.sources.map((run) => new Source(run, keyValue)));
    const bytes = new Uint8Array(BLOCKS_A_COMMIT * BLOCK_ENTRIES * ENTRY_BYTES);
    let end = 0;
    for (let source = least(open); source !== null && end < bytes.length; source = least(open)) {
      for (let n = 0; n < ENTRY_BYTES; n++) bytes[end + n] = source.bytes[source.at + n] ?? 0;
      end += ENTRY_BYTES;
      source.pass();
    }
    await keyValue.commit((batch) => {
      for (let at = 0; at < end; at += BLOCK_ENTRIES * ENTRY_BYTES) this.builder.put(batch, bytes.subarray(at, Math.min(end, at + BLOCK_ENTRIES * ENTRY_BYTES)));
    });
    if (least(open) === null) this.result = this.builder.done(this.level);
    return end / ENTRY_BYTES;
  }
}

function least(sources: readonly Source[]): Source | null {
  let found: Source | null = null;
  for (const source of sources) {
    if (source.isEmpty) continue;
    if (found === null || source.firstWord < found.firstWord) found = source;
    else if (source.firstWord === found.firstWord && compareIds(source.bytes, source.at, found.bytes, found.at) < 0) found = source;
  }
  return found;
}
