// Puts whole segments in the place of damaged ones, one after the other, each under its final name at once or not at all.
import type { EventId, StreamName } from '@trellis/event-sourcing';
import { keepAside } from './aside.js';
import type { Disk } from './disk.js';
import { frameRecord } from './frame.js';
import { walkLog } from './log-walk.js';
import { RepairedSegment } from './repaired-segment.js';
import type { WholeFrame } from './salvage.js';
import type { Segments } from './segments.js';

/** What takes the place of an event that was lost. */
export interface Replacement {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly id: EventId;
  /** Four words of the id, two of the digest. */
  readonly words: Uint32Array;
}

export interface Rewrite {
  readonly disk: Disk;
  readonly segments: Segments;
  readonly segmentBytes: number;
  /** By position. */
  readonly replacements: ReadonlyMap<number, Replacement>;
  readonly signal?: AbortSignal | undefined;
}

/** The type of an event of which nobody knows any more what it was. */
const LOST_TYPE = 'EventLost';

/** The positions from `base` to before `before`. Answers the copy of the damaged file, or null where there was none. */
export async function rewriteSegment(rewrite: Rewrite, { base, before, time }: { readonly base: number; readonly before: number; readonly time: number }): Promise<string | null> {
  const { disk, segments } = rewrite;
  const filling = new Filling(rewrite, base, time);
  try {
    await filling.begin();
    for await (const walked of walkLog(segments, { from: base, to: before - 1 })) {
      rewrite.signal?.throwIfAborted();
      if ('batch' in walked) {
        const { bytes, at, header } = walked.batch;
        await filling.batch(bytes.subarray(at, at + header.length), header);
      } else {
        for (const frame of walked.damage.frames) await filling.frame(frame);
      }
    }
    await filling.fill(before);
    await filling.end();
  } catch (error) {
    await filling.abandon();
    throw error;
  }
  const kept = segments.bases.includes(base) ? await keepAside(disk, segments.pathOf(base)) : null;
  // From the last: what the first of them no longer holds must have its place before.
  for (const made of filling.made.toReversed()) {
    await disk.rename(made.path, segments.pathOf(made.base));
    await disk.syncDirectory(segments.directory);
  }
  return kept;
}

class Filling {
  readonly made: RepairedSegment[] = [];
  private segment: RepairedSegment | null = null;
  private next: number;

  constructor(
    private readonly rewrite: Rewrite,
    base: number,
    private time: number,
  ) {
    this.next = base;
  }

  async begin(): Promise<RepairedSegment> {
    const { disk, segments } = this.rewrite;
    this.segment = await RepairedSegment.begin(disk, this.next, `${segments.pathOf(this.next)}.repaired`);
    this.made.push(this.segment);
    return this.segment;
  }

  async batch(bytes: Uint8Array, { firstPosition, count, recordedAt }: { readonly firstPosition: number; readonly count: number; readonly recordedAt: number }): Promise<void> {
    await this.fill(firstPosition);
    await (await this.room()).batch(bytes);
    this.next = firstPosition + count;
    this.time = recordedAt;
  }

  async frame({ bytes, at, length, position }: WholeFrame): Promise<void> {
    await this.fill(position);
    this.time = frameRecord(bytes, at).recordedAt;
    await (await this.room()).frame(bytes.subarray(at, at + length), { position, recordedAt: this.time });
    this.next = position + 1;
  }

  /** Replaces everything that was lost up to the position. */
  async fill(before: number): Promise<void> {
    for (; this.next < before; this.next++) {
      const lost = this.rewrite.replacements.get(this.next);
      if (lost === undefined) throw new Error(`position ${this.next} is neither in the log nor known as lost: the log has changed meanwhile`);
      const { position, stream, revision, id, words } = lost;
      await (await this.room()).erased({
        stream: stream as StreamName, // it was one when it was written, or was made to be one
        event: { id, type: LOST_TYPE, digest: '', bytes: new Uint8Array(0) },
        words,
        wordsAt: 0,
        position,
        revision,
        recordedAt: this.time,
      });
    }
  }

  async end(): Promise<void> {
    await this.segment?.finish();
  }

  async abandon(): Promise<void> {
    await this.segment?.close();
    for (const { path } of this.made) await this.rewrite.disk.remove(path);
  }

  /** Where much was lost, the events in its place may need more than one segment. */
  private async room(): Promise<RepairedSegment> {
    if (this.segment === null) return this.begin();
    if (this.segment.length < this.rewrite.segmentBytes) return this.segment;
    await this.segment.finish();
    return this.begin();
  }
}
