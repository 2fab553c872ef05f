// What the log itself says, event by event: times, marks and revisions that do not fit each other, and how much there is of it.
import type { Recorded } from '@trellis/event-sourcing';
import { FRAME_KIND, frameKind, frameRecord } from './frame.js';
import { SEGMENT_HEADER_BYTES, type LogEnd, type Place } from './log-format.js';
import { eachFrame, lostIn, type Damage, type Walked } from './log-walk.js';
import type { Problems } from './problems.js';
import type { Positions } from './salvage.js';
import type { ScannedBatch } from './segment-scan.js';
import type { RevisionGap, StreamFacts, StreamLedger } from './stream-ledger.js';

/** An event in its place, with what is known of its stream now. */
export interface SeenEvent {
  readonly record: Recorded;
  readonly position: number;
  readonly facts: StreamFacts;
  readonly gap: RevisionGap | null;
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly offset: number;
}

export class LogFacts {
  events = 0;
  erased = 0;
  batches = 0;
  /** Positions that the log should have and has not, as ranges and in all. */
  readonly ranges: Positions[] = [];
  lost = 0;
  /** Behind everything that is known to have been durable: a crash left it, and the next opening cuts it. */
  unfinishedBytes = 0;
  /** The newest position that was walked over, whole or lost. */
  end = 0;
  /** Nothing in the way of the walk was damaged. */
  isWhole = true;
  /** When the last event so far was recorded. */
  lastTime = 0;
  private lastDurable = 0;

  /** `durable`: the highest position that something outside of the log knows to be durable. */
  constructor(
    private readonly ledger: StreamLedger,
    private readonly problems: Problems,
    public durable: number,
  ) {}

  /** False for what is no history, but what a crash left of a write. */
  take(walked: Walked, visit: (seen: SeenEvent) => void): boolean {
    if ('damage' in walked) return this.takeDamage(walked.damage, visit);
    this.takeBatch(walked, visit);
    return true;
  }

  /** Behind the last of the log. */
  finish(): void {
    if (this.end >= this.durable) return;
    const missing = this.durable - this.end;
    this.isWhole = false;
    this.lost += missing;
    this.ranges.push({ from: this.end + 1, before: this.durable + 1 });
    this.problems.add('position', this.end + 1, `the log ends before it, though ${this.durable} was durable: ${missing === 1 ? 'an event is' : `${missing} events are`} lost`);
    this.end = this.durable;
  }

  private takeBatch(walked: { readonly batch: ScannedBatch }, visit: (seen: SeenEvent) => void): void {
    const { firstPosition, count, recordedAt, durableBefore } = walked.batch.header;
    this.batches++;
    this.checkTime(recordedAt, firstPosition);
    if (durableBefore >= firstPosition || durableBefore < this.lastDurable) {
      this.problems.add('mark', firstPosition, `the batch says that ${durableBefore} was durable before it; it begins at ${firstPosition}, and the batch before it says ${this.lastDurable}`);
    } else {
      this.lastDurable = durableBefore;
      this.durable = Math.max(this.durable, durableBefore);
    }
    this.visitFrames(walked, visit);
    this.end = firstPosition + count - 1;
  }

  private takeDamage(found: Damage, visit: (seen: SeenEvent) => void): boolean {
    const damage = found.until === null ? this.withoutUnfinished(found) : found;
    if (damage === null) return false;
    this.isWhole = false;
    const { kind, position, until, detail, place } = damage;
    const where = kind === 'position' ? '' : ` (offset ${place.offset} of the segment from ${place.base})`;
    const ranges = lostIn(damage, this.durable);
    for (const { from, before } of ranges) {
      this.lost += before - from;
      this.ranges.push({ from, before });
      const which = before - from === 1 ? 'the event is lost' : `the events up to position ${before - 1} are lost`;
      this.problems.add(kind === 'position' ? 'position' : 'frame', from, `${which}: ${detail}${where}`);
    }
    if (ranges.length === 0) this.problems.add(kind, position, `${detail}${where}; its events are whole`);
    this.visitFrames({ damage }, visit);
    this.end = until === null ? Math.max(this.end, this.durable) : until - 1;
    return true;
  }

  /** What of damage at the very end was history; null where all of it is what a crash leaves of a write. */
  private withoutUnfinished(damage: Damage): Damage | null {
    if (damage.position > this.durable) {
      this.unfinishedBytes = damage.bytes;
      return null;
    }
    return { ...damage, frames: damage.frames.filter(({ position }) => position <= this.durable) };
  }

  private visitFrames(walked: Walked, visit: (seen: SeenEvent) => void): void {
    eachFrame(walked, (bytes, at, offset) => {
      const record = frameRecord(bytes, at);
      const position = Number(record.position);
      this.events++;
      if (frameKind(bytes, at) === FRAME_KIND.erased) this.erased++;
      this.checkTime(record.recordedAt, position);
      const { facts, gap, repeats } = this.ledger.note(record, position);
      if (repeats) this.problems.add('revision', position, `${record.stream} goes back to revision ${record.revision}`);
      // Where as many were lost since the stream's last event, they are why.
      else if (gap !== null && gap.before - gap.from > this.lostSince(gap.after)) this.problems.add('revision', position, `${record.stream} goes from revision ${gap.from - 1} to ${gap.before}`);
      visit({ record, position, facts, gap, bytes, at, offset });
    });
  }

  private lostSince(position: number): number {
    let lost = 0;
    for (let n = this.ranges.length - 1; n >= 0; n--) {
      const { from, before } = this.ranges[n] ?? { from: 0, before: 0 };
      if (before <= position) break;
      lost += before - from;
    }
    return lost;
  }

  private checkTime(recordedAt: number, position: number): void {
    if (recordedAt < this.lastTime) this.problems.add('time', position, `it was recorded at ${recordedAt}, what comes before it at ${this.lastTime} (milliseconds since 1970)`);
    else this.lastTime = recordedAt;
  }
}

/** Where the log goes on behind positions that somebody has a mark of. */
export class PlacesBehind {
  private readonly ends = new Map<number, LogEnd | null>();

  constructor(positions: readonly number[]) {
    for (const position of positions) this.ends.set(position, null);
  }

  note({ header, place }: ScannedBatch): void {
    const last = header.firstPosition + header.count - 1;
    if (this.ends.has(last)) this.ends.set(last, { base: place.base, offset: place.offset + header.length, recordedAt: header.recordedAt });
  }

  /** What is wrong with a mark that says that the log goes on at this place behind the position, or null. */
  fault(position: number, { base, offset }: Place, recordedAt?: number): string | null {
    const end = this.ends.get(position) ?? null;
    if (end === null) return `no batch ends at position ${position}`;
    const isNextSegment = base === position + 1 && offset === SEGMENT_HEADER_BYTES;
    if (!isNextSegment && (base !== end.base || offset !== end.offset)) return `position ${position} ends at offset ${end.offset} of the segment from ${end.base}, not at ${offset} of that from ${base}`;
    return recordedAt === undefined || recordedAt === end.recordedAt ? null : `position ${position} was recorded at ${end.recordedAt}, not at ${recordedAt}`;
  }
}
