// Up to which position of the log the projectors have written their rows: the relay says at which offsets a position was published,
// the group says which offsets it has committed.
import type { Published } from '@trellis/engine';
import type { Position } from '@trellis/event-sourcing';

interface Mark {
  readonly position: Position;
  /** What must be committed in each partition for the position to be covered. */
  readonly next: ReadonlyMap<number, bigint>;
}

/** When there are more, every other one is forgotten, never the newest: any may be covered, the others only say so sooner. */
const MARKS_MAX = 512;

export class Coverage {
  private readonly next = new Map<number, bigint>();
  private marks: Mark[] = [];

  /** Everything up to the position is published, the last of it there. */
  published(places: readonly Published[], position: Position | null): void {
    for (const { partition, offset } of places) if (offset >= (this.next.get(partition) ?? 0n)) this.next.set(partition, offset + 1n);
    if (position === null) return;
    this.marks.push({ position, next: new Map(this.next) });
    if (this.marks.length > MARKS_MAX) this.marks = this.marks.filter((_, at, { length }) => (length - 1 - at) % 2 === 0);
  }

  /** The newest position that is covered, or null where none is known yet. Older ones are forgotten. */
  covered(committed: ReadonlyMap<number, bigint>): Position | null {
    const at = this.marks.findLastIndex(({ next }) => [...next].every(([partition, offset]) => (committed.get(partition) ?? 0n) >= offset));
    const mark = this.marks[at];
    if (mark === undefined) return null;
    this.marks = this.marks.slice(at);
    return mark.position;
  }
}
