// Walks all of the log and goes on behind whatever is damaged. Verification and repair decide what that means.
import { DamageError } from './errors.js';
import { frameLength } from './frame.js';
import { BATCH_HEADER_BYTES, SEGMENT_HEADER_BYTES, segmentFault, type Place } from './log-format.js';
import { frameFault, framesIn, nextBatch, type Positions, type WholeFrame } from './salvage.js';
import { SegmentScan, type ScannedBatch } from './segment-scan.js';
import type { Segments } from './segments.js';

/** Of one damaged segment so much is looked at, several times what a segment holds. */
const SEGMENT_READ_BYTES_MAX = 512 * 1_024 * 1_024;

export interface Damage {
  /** `position`: there is nothing at all between what came before and what the log goes on with. */
  readonly kind: 'segment' | 'batch' | 'frame' | 'position';
  /** The position that should come here. */
  readonly position: number;
  /** The position that the log goes on with behind the damage; null where nothing more is found. */
  readonly until: number | null;
  readonly place: Place;
  /** How much of the file is not as it was written. */
  readonly bytes: number;
  readonly detail: string;
  /** Of the positions in between, the events that are whole all the same. */
  readonly frames: readonly WholeFrame[];
}

/** A batch with every event in it verified, or damage in its place. */
export type Walked = { readonly batch: ScannedBatch } | { readonly damage: Damage };

/** All of the log from its first segment, or from a later one, up to a position if one is given. */
export async function* walkLog(segments: Segments, { from = 1, to = Infinity }: { readonly from?: number; readonly to?: number } = {}): AsyncGenerator<Walked> {
  const first = segments.bases.find((base) => base >= from);
  if (first === undefined) return;
  if (first !== from) {
    yield { damage: { kind: 'position', position: from, until: first, place: { base: first, offset: 0 }, bytes: 0, detail: 'the first segment of the log is missing', frames: [] } };
  }
  const walk = new Walk(segments, first, to);
  const fault = await headerFault(segments, first);
  if (fault !== null) yield { damage: await walk.badHeader(first, fault) };
  for (let walked = await walk.next(); walked !== 'end'; walked = await walk.next()) yield walked;
}

/** What was found, event by event: where each begins in `bytes`, and in its segment. */
export function eachFrame(walked: Walked, visit: (bytes: Uint8Array, at: number, offset: number) => void): void {
  if ('damage' in walked) {
    for (const { bytes, at, offset } of walked.damage.frames) visit(bytes, at, offset);
    return;
  }
  const { bytes, at, header, place } = walked.batch;
  let frame = at + BATCH_HEADER_BYTES;
  for (let n = 0; n < header.count; n++) {
    visit(bytes, frame, place.offset + frame - at);
    frame += frameLength(bytes, frame);
  }
}

/** The positions that damage has no event for; `end` is the last one that is known to have been there. */
export function lostIn({ position, until, frames }: Damage, end: number): readonly Positions[] {
  const ranges: Positions[] = [];
  let next = position;
  for (const frame of frames) {
    if (frame.position > next) ranges.push({ from: next, before: frame.position });
    next = frame.position + 1;
  }
  const before = until ?? end + 1;
  if (before > next) ranges.push({ from: next, before });
  return ranges;
}

interface Rest extends Place {
  readonly bytes: Uint8Array;
}

class Walk {
  private scan: SegmentScan;
  /** What is left of a damaged segment, read once for all the damage in it. */
  private rest: Rest | null = null;
  private ended = false;

  constructor(
    private readonly segments: Segments,
    first: number,
    private readonly to: number,
  ) {
    this.scan = new SegmentScan(segments, { base: first, offset: SEGMENT_HEADER_BYTES }, first);
  }

  async next(): Promise<Walked | 'end'> {
    if (this.ended || this.scan.position > this.to) return 'end';
    try {
      const found = await this.scan.next();
      if (found === 'end') return 'end';
      if ('fault' in found) return { damage: await this.pass(found.fault) };
      const damage = damageInside(found);
      return damage === null ? { batch: found } : { damage };
    } catch (error) {
      const base = this.segments.after(this.scan.place.base);
      if (!(error instanceof DamageError) || base === undefined) throw error;
      // The scan came to the end of a segment, and the header of the next one is not what it should be.
      const detail = (await headerFault(this.segments, base)) ?? error.message;
      this.scan = new SegmentScan(this.segments, { base, offset: SEGMENT_HEADER_BYTES }, base);
      return { damage: await this.badHeader(base, detail) };
    }
  }

  async badHeader(base: number, detail: string): Promise<Damage> {
    const bytes = await this.segments.size(base);
    // One that a crash left while it was being made is the last, and nothing was written to it.
    const isUnused = bytes <= SEGMENT_HEADER_BYTES && this.segments.after(base) === undefined;
    return { kind: 'segment', position: base, until: isUnused ? null : base, place: { base, offset: 0 }, bytes, detail, frames: [] };
  }

  /** Takes the scan behind the damage at its place. */
  private async pass(why: string): Promise<Damage> {
    const { place, position } = this.scan;
    const { base } = place;
    const ends = this.segments.after(base);
    const { bytes, offset } = await this.restOf(place);
    const from = place.offset - offset;
    const next = nextBatch(bytes, from, { from: position, before: Math.min(ends ?? Infinity, this.to + 1) });
    const until = next?.header.firstPosition ?? ends ?? null;
    const to = next?.at ?? bytes.length;
    const frames = framesIn(bytes, { from, to, offset }, { from: position, before: until ?? this.to + 1 });
    if (next !== null) this.scan = new SegmentScan(this.segments, { base, offset: offset + next.at }, next.header.firstPosition);
    // Where a segment's last position is reached, the scan goes on with the next one.
    else if (ends !== undefined) this.scan = new SegmentScan(this.segments, place, ends);
    else this.ended = true;
    return { kind: to > from ? 'batch' : 'position', position, until, place, bytes: to - from, detail: why, frames };
  }

  private async restOf({ base, offset }: Place): Promise<Rest> {
    if (this.rest?.base === base) return this.rest;
    const bytes = new Uint8Array(Math.min(SEGMENT_READ_BYTES_MAX, Math.max(0, (await this.segments.size(base)) - offset)));
    return (this.rest = { base, offset, bytes: bytes.subarray(0, await this.segments.read(base, bytes, offset)) });
  }
}

/** What is wrong with an event of a batch whose own checksum matches: nobody but the program that wrote it can have done that. */
function damageInside({ bytes, at, header, place }: ScannedBatch): Damage | null {
  const end = at + header.length;
  let frame = at + BATCH_HEADER_BYTES;
  let fault: string | null = null;
  for (let n = 0; n < header.count && fault === null; n++) {
    fault = frameFault(bytes, frame, { end, position: header.firstPosition + n });
    if (fault === null) frame += frameLength(bytes, frame);
  }
  if (fault === null && frame === end) return null;
  const until = header.firstPosition + header.count;
  const frames = framesIn(bytes, { from: at, to: end, offset: place.offset - at }, { from: header.firstPosition, before: until });
  return { kind: 'frame', position: header.firstPosition, until, place, bytes: header.length, detail: fault ?? 'the batch is longer than its events', frames };
}

async function headerFault(segments: Segments, base: number): Promise<string | null> {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  return segmentFault(bytes.subarray(0, await segments.read(base, bytes, 0)), base);
}
