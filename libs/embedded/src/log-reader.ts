// Reads of the log: pages in its order, and single records by their place. From memory where it can, and always verified.
import type { Recorded } from '@trellis/event-sourcing';
import { DamageError } from './errors.js';
import type { Located } from './event-index.js';
import { FRAME_HEADER_BYTES, frameIsWhole, frameLength, framePosition, frameRecord, frameStreamBegins } from './frame.js';
import { FETCH_GAP_BYTES, FRAME_GUESS_BYTES, PAGE_BYTES, PAGE_EVENTS_MAX } from './limits.js';
import { BATCH_HEADER_BYTES, SEGMENT_HEADER_BYTES } from './log-format.js';
import type { Recent } from './recent.js';
import { SegmentScan } from './segment-scan.js';
import type { Segments } from './segments.js';
import type { Sparse } from './sparse.js';

export interface LogParts {
  readonly segments: Segments;
  readonly recent: Recent;
  readonly sparse: Sparse;
}

export interface LogPage {
  readonly records: readonly Recorded[];
  /** Everything up to here has been seen. */
  readonly position: number;
}

/** Frames of one batch that are still to be taken. */
interface Frames {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  position: number;
}

/** One reader's way through the log. */
export class LogCursor {
  private frames: Frames = { bytes: new Uint8Array(0), at: 0, end: 0, position: 0 };
  private scan: SegmentScan | null = null;
  /** What was durable at the page before. */
  private durable = 0;
  private readonly prefix: Uint8Array;

  /** `next` is the first position that it gives. */
  constructor(
    private readonly log: LogParts,
    private next: number,
    prefix: string,
  ) {
    this.prefix = new TextEncoder().encode(prefix);
  }

  /** The next page up to the durable position `to`; call it only with `to` >= the position it gives next. */
  async page(to: number): Promise<LogPage> {
    const records: Recorded[] = [];
    if (to > this.durable) this.scan?.forget();
    this.durable = to;
    for (let scanned = 0; this.next <= to && records.length < PAGE_EVENTS_MAX && scanned < PAGE_BYTES; ) {
      if (this.frames.at >= this.frames.end || this.frames.position !== this.next) await this.open();
      const before = this.frames.at;
      this.take(to, records);
      scanned += this.frames.at - before;
    }
    return { records, position: this.next - 1 };
  }

  /** Takes what it may of the open batch. */
  private take(to: number, records: Recorded[]): void {
    const { frames, prefix } = this;
    const { bytes, end } = frames;
    while (frames.at < end && frames.position <= to && records.length < PAGE_EVENTS_MAX) {
      if (prefix.length === 0 || frameStreamBegins(bytes, frames.at, prefix)) records.push(frameRecord(bytes, frames.at));
      frames.at += frameLength(bytes, frames.at);
      frames.position++;
    }
    this.next = frames.position;
  }

  private async open(): Promise<void> {
    const recent = this.log.recent.at(this.next);
    if (recent !== undefined) {
      this.frames = { bytes: recent.bytes, at: BATCH_HEADER_BYTES, end: recent.bytes.length, position: recent.firstPosition };
      this.scan = null;
    } else {
      this.frames = await this.openFromDisk();
    }
    while (this.frames.position < this.next) {
      this.frames.at += frameLength(this.frames.bytes, this.frames.at);
      this.frames.position++;
    }
  }

  private async openFromDisk(): Promise<Frames> {
    const { segments, sparse } = this.log;
    if (this.scan === null || this.scan.position !== this.next) {
      const base = segments.baseOf(this.next);
      const mark = sparse.floor(this.next);
      const place = mark !== undefined && mark.base === base ? mark : { base, offset: SEGMENT_HEADER_BYTES, position: base };
      if (place.position === base) await segments.checkHeader(base);
      this.scan = new SegmentScan(segments, place, place.position);
    }
    const { scan } = this;
    const found = await scan.next(this.next);
    if (found === 'end' || 'fault' in found) {
      throw new DamageError(String(scan.position), segments.pathOf(scan.place.base), found === 'end' ? 'the log ends before it' : found.fault);
    }
    const { bytes, at, header } = found;
    return { bytes, at: at + BATCH_HEADER_BYTES, end: at + header.length, position: header.firstPosition };
  }
}

/** The records at these places, which are in the order of the log. Neighbours are read together. */
export async function fetchRecords(log: LogParts, places: readonly Located[]): Promise<Recorded[]> {
  const records: Recorded[] = [];
  const reads: Promise<void>[] = [];
  for (let n = 0; n < places.length; ) {
    const place = places[n];
    if (place === undefined) break;
    const recent = log.recent.at(place.position);
    if (recent !== undefined) {
      records[n] = verified(log, place, { bytes: recent.bytes, at: place.offset - recent.offset });
      n++;
      continue;
    }
    const until = neighbours(log, places, n);
    reads.push(fetchTogether(log, places.slice(n, until), records, n));
    n = until;
  }
  await Promise.all(reads);
  return records;
}

/** How far one read reaches that begins with the place at `from`: the index behind its last place. */
function neighbours({ segments, recent }: LogParts, places: readonly Located[], from: number): number {
  const first = places[from];
  let last = first;
  for (let n = from + 1; n < places.length; n++) {
    const place = places[n];
    if (first === undefined || last === undefined || place === undefined) return n;
    const near = place.offset - last.offset <= FETCH_GAP_BYTES && place.offset - first.offset <= PAGE_BYTES;
    if (!near || place.offset <= last.offset || segments.baseOf(place.position) !== segments.baseOf(first.position)) return n;
    if (recent.at(place.position) !== undefined) return n;
    last = place;
  }
  return places.length;
}

async function fetchTogether(log: LogParts, places: readonly Located[], records: Recorded[], at: number): Promise<void> {
  const first = places[0];
  const last = places.at(-1);
  if (first === undefined || last === undefined) return;
  const base = log.segments.baseOf(first.position);
  const readFrom = async (offset: number, length: number): Promise<Uint8Array> => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, await log.segments.read(base, bytes, offset));
  };
  const bytes = await readFrom(first.offset, last.offset - first.offset + FRAME_GUESS_BYTES);
  for (const [n, place] of places.entries()) {
    const from = place.offset - first.offset;
    const length = from + FRAME_HEADER_BYTES <= bytes.length ? frameLength(bytes, from) : 0;
    // The guess was too short for the last frame of the read.
    const whole = from + length <= bytes.length ? { bytes, at: from } : { bytes: await readFrom(place.offset, Math.min(length, PAGE_BYTES)), at: 0 };
    records[at + n] = verified(log, place, whole);
  }
}

function verified({ segments }: LogParts, place: Located, { bytes, at }: { readonly bytes: Uint8Array; readonly at: number }): Recorded {
  const length = at + FRAME_HEADER_BYTES <= bytes.length ? frameLength(bytes, at) : 0;
  if (!frameIsWhole(bytes, at, length) || framePosition(bytes, at) !== place.position) {
    throw new DamageError(String(place.position), segments.pathOf(segments.baseOf(place.position)), 'the checksum of the event does not match');
  }
  return frameRecord(bytes, at);
}
