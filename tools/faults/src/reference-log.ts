// What anybody was ever told about the log: by an acknowledgement, a read or a follower of any process. From then on it
// must stay so, whatever crashes.
import type { EventId, Outgoing, Position, Recorded, StreamName } from '@trellis/event-sourcing';
import { expectThat, type Promised, Violation } from './promises.js';

/** An event at its place, as far as it is known. */
export interface Known {
  readonly position: number;
  readonly stream: StreamName;
  readonly revision: number;
  readonly id: EventId;
  /** Null until somebody has read it. */
  record: Recorded | null;
}

export type Place = Omit<Known, 'record'>;

export class ReferenceLog {
  /** The newest position that anybody was told of. */
  told = 0;
  toldBy = 'nobody';
  /** The newest position that an acknowledgement covers. */
  acknowledged = 0;
  private lives = 0;
  /** What was told and acknowledged before the life that is. */
  private before = { told: 0, acknowledged: 0 };
  private readonly byPosition = new Map<number, Known>();
  private readonly byId = new Map<EventId, Known>();
  private readonly streams = new Map<StreamName, Known[]>();

  /** Counts the openings of the log for writing. */
  get life(): number {
    return this.lives;
  }

  set life(life: number) {
    this.lives = life;
    this.before = { told: this.told, acknowledged: this.acknowledged };
  }

  /** The promise that is broken where this position is not as it was told. `now`: if that was in this life. */
  brokenAt(position: number, now: Promised): Promised {
    if (position <= this.before.acknowledged) return 'durable';
    if (position <= this.before.told) return 'readers';
    // Told, and not by an acknowledgement: somebody was shown what was not durable yet.
    return position <= this.told && position > this.acknowledged ? 'readers' : now;
  }

  /** Somebody was told that the log reaches this position. */
  tell(position: Position | null | number, by: string): void {
    const number = typeof position === 'number' ? position : numberOf(position);
    if (number <= this.told) return;
    this.told = number;
    this.toldBy = by;
  }

  acknowledge(place: Place): void {
    this.place(place);
    this.acknowledged = Math.max(this.acknowledged, place.position);
    this.tell(place.position, 'an acknowledgement');
  }

  /** A record that somebody was given; `isNew`: nobody was given it before, so what was sent is to be compared with it. */
  witness(record: Recorded, by: string): { readonly position: number; readonly isNew: boolean } {
    const position = numberOf(record.position);
    const known = this.place({ position, stream: record.stream, revision: record.revision, id: record.id });
    this.tell(position, by);
    if (known.record === null) {
      known.record = { ...record, bytes: record.bytes.slice() };
      this.checkTime(known.record, this.byPosition.get(position - 1)?.record ?? null);
      this.checkTime(this.byPosition.get(position + 1)?.record ?? null, known.record);
      return { position, isNew: true };
    }
    const sameTime = known.record.recordedAt === record.recordedAt;
    if (sameContent(known.record, record) && sameTime) return { position, isNew: false };
    if (sameContent(known.record, record)) throw new Violation('time', textOf(known.record), `${by} read ${textOf(record)}`);
    throw this.changed(known, `${by} read ${textOf(record)}`, textOf(known.record));
  }

  at(position: number): Known | undefined {
    return this.byPosition.get(position);
  }

  find(id: EventId): Known | undefined {
    return this.byId.get(id);
  }

  atRevision(stream: StreamName, revision: number): Known | undefined {
    return this.streams.get(stream)?.[revision];
  }

  /** The newest revision of a stream that is known, or -1. */
  head(stream: StreamName): number {
    return (this.streams.get(stream)?.length ?? 0) - 1;
  }

  /** All of a stream up to a revision, or null while some of it has not been read. */
  recordsOf(stream: StreamName, to: number): readonly Recorded[] | null {
    const known = this.streams.get(stream) ?? [];
    const records: Recorded[] = [];
    for (let revision = 0; revision <= to; revision++) {
      const record = known[revision]?.record;
      if (record === undefined || record === null) return null;
      records.push(record);
    }
    return records;
  }

  private place(place: Place): Known {
    const { position, id, stream, revision } = place;
    expectThat(Number.isSafeInteger(position) && position > 0, 'positions', () => 'a position from 1 on', () => String(position));
    const known = this.byPosition.get(position);
    if (known !== undefined) {
      if (known.id !== id || known.stream !== stream || known.revision !== revision) throw this.changed(known, placeText(place), placeText(known));
      return known;
    }
    const twice = this.byId.get(id);
    expectThat(twice === undefined, 'once', () => `${id} only at ${placeText(twice ?? place)}`, () => placeText(place));
    const beside = this.streams.get(stream)?.[revision];
    expectThat(beside === undefined, 'revisions', () => placeText(beside ?? place), () => `another event there, ${placeText(place)}`);
    const made: Known = { ...place, record: null };
    this.byPosition.set(position, made);
    this.byId.set(id, made);
    const inStream = this.streams.get(stream) ?? [];
    inStream[revision] = made;
    this.streams.set(stream, inStream);
    return made;
  }

  private changed(known: Known, found: string, expected: string): Violation {
    return new Violation(this.brokenAt(known.position, 'positions'), expected, found);
  }

  private checkTime(later: Recorded | null, earlier: Recorded | null): void {
    if (later === null || earlier === null) return;
    expectThat(
      later.recordedAt >= earlier.recordedAt,
      'time',
      () => `position ${later.position} recorded at ${earlier.recordedAt} or later, as ${earlier.position} was`,
      () => String(later.recordedAt),
    );
  }
}

export function numberOf(position: Position | null): number {
  return position === null ? 0 : Number(position);
}

export function sameContent(a: Outgoing, b: Outgoing): boolean {
  return a.id === b.id && a.type === b.type && a.digest === b.digest && Buffer.compare(a.bytes, b.bytes) === 0;
}

function placeText({ position, stream, revision, id }: Place): string {
  return `${id} at position ${position} as ${stream}@${revision}`;
}

export function textOf({ position, stream, revision, id, digest, recordedAt, bytes }: Recorded): string {
  return `${placeText({ position: numberOf(position), stream, revision, id })}, digest ${digest}, ${bytes.length} bytes, recorded at ${recordedAt}`;
}
