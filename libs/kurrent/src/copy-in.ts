// Copies the log of another store into an empty KurrentDB, in its order, with ids, bytes, revisions and times as they were. Whatever the
// target holds already is compared instead of written, so a copy that broke off is simply run again.
import type { Position, Recorded } from '@trellis/event-sourcing';
import { newTag, Patience, type Writers } from './appending.js';
import { CopyDiffersError } from './errors.js';
import { COPY_PART_EVENTS, PART_BYTES } from './limits.js';
import { bytesOf, type Found } from './mapping.js';
import type { Place } from './place.js';
import type { Part, Tried } from './writes.js';

export interface Copied {
  /** As the source has it. */
  readonly record: Recorded;
  /** Where the target has it. */
  readonly position: Position;
}

const UNSUPPORTED: Tried = { kind: 'unsupported' };
const LAST: Place = { commit: 2n ** 64n - 1n, prepare: 2n ** 64n - 1n };

/**
 * Gives every record of the source with its position in the target, once it was read back from there and is equal in every field. The
 * target must hold the beginning of the source and nothing else of ours; where it differs, the copy ends with an error that names
 * the place in the source. Nothing else may write to the target meanwhile.
 */
export async function* copied(writers: Writers, source: AsyncIterable<readonly Recorded[]>): AsyncGenerator<readonly Copied[]> {
  const copy = new Copy(writers);
  for await (const page of source) {
    for (let from = 0; from < page.length; from += COPY_PART_EVENTS) yield* copy.part(page.slice(from, from + COPY_PART_EVENTS));
  }
}

class Copy {
  private readonly tag = newTag();
  private at: Place | null = null;
  /** Whether the target may hold records behind `at`, of an earlier run or of a try without an answer. */
  private mayHoldMore = true;
  private canAppendInOrder = true;

  constructor(private readonly writers: Writers) {}

  async *part(records: readonly Recorded[]): AsyncGenerator<readonly Copied[]> {
    let patience = new Patience('the copy', this.writers.closed);
    for (let rest = records; rest.length > 0; ) {
      if (this.mayHoldMore) {
        const missing = rest;
        const held = await patience.asked(() => this.held(missing));
        if (held.length > 0) patience = new Patience('the copy', this.writers.closed);
        this.mayHoldMore = held.length === rest.length;
        rest = rest.slice(held.length);
        if (held.length > 0) yield held;
        if (rest.length === 0) return;
      }
      const tried = await this.write(rest);
      this.mayHoldMore = true;
      if (tried !== null) await patience.after(tried);
    }
  }

  /** As many of the records as the target has, compared one by one. */
  private async held(records: readonly Recorded[]): Promise<readonly Copied[]> {
    const { pages } = this.writers;
    const held: Copied[] = [];
    for await (const page of pages.between(this.at, LAST, pages.names.prefixes())) {
      for (const found of page) {
        const record = records[held.length];
        if (record === undefined) return held;
        refuseDifference(record, found);
        held.push({ record, position: found.record.position });
        this.at = found.place;
      }
    }
    return held;
  }

  /** Writes the records in their order, and stops where one append was not acknowledged. */
  private async write(records: readonly Recorded[]): Promise<Tried | null> {
    const { writes } = this.writers;
    for (const part of partsOf(records)) {
      const tried = this.canAppendInOrder ? await writes.inOrder(part, this.tag) : UNSUPPORTED;
      if (tried.kind === 'written') continue;
      if (tried.kind !== 'unsupported') return tried;
      // Only one append after the other keeps the order then.
      this.canAppendInOrder = false;
      for (const run of runsOf(part)) {
        const single = await writes.one(run, this.tag);
        if (single.kind !== 'written') return single;
      }
    }
    return null;
  }
}

/** As many records as one append carries. */
function partsOf(records: readonly Recorded[]): Recorded[][] {
  const parts: Recorded[][] = [];
  let bytes = Infinity;
  for (const record of records) {
    bytes += bytesOf(record);
    const part = parts.at(-1);
    if (part !== undefined && bytes <= PART_BYTES) part.push(record);
    else {
      parts.push([record]);
      bytes = bytesOf(record);
    }
  }
  return parts;
}

/** Neighbours of one stream. */
function runsOf(records: readonly Recorded[]): Part[] {
  const runs: { stream: Recorded['stream']; events: Recorded[]; expected: number }[] = [];
  for (const record of records) {
    const run = runs.at(-1);
    if (run?.stream === record.stream) run.events.push(record);
    else runs.push({ stream: record.stream, events: [record], expected: record.revision - 1 });
  }
  return runs;
}

function refuseDifference(source: Recorded, { record: target }: Found): void {
  for (const field of ['stream', 'revision', 'id', 'type', 'digest', 'recordedAt'] as const) {
    if (source[field] !== target[field]) throw new CopyDiffersError(source.position, `${field} is ${JSON.stringify(source[field])} in the source, ${JSON.stringify(target[field])} in the target`);
  }
  if (Buffer.compare(source.bytes, target.bytes) !== 0) throw new CopyDiffersError(source.position, `the bytes of ${source.type} ${source.id} differ`);
}
