// Looks after rows that several projectors write: moves their checkpoints on, notices when rows were lost, and makes them again
// from the log. One process at a time does this.
import type { Position } from './records.js';
import type { EventStore } from './event-store.js';
import type { ViewStore } from './view-store.js';

/** A projector of one view; see `Projector`. */
export interface KeptView {
  readonly view: string;
  catchUp(signal: AbortSignal): Promise<void>;
  rebuild(signal: AbortSignal): Promise<void>;
}

/** What became of a view: `rebuilt` had no rows to go on with, `healed` may have lost the newest ones. */
export type Tended = 'nothing' | 'moved' | 'healed' | 'rebuilt';

/** The state of a view's rows as this keeper has left them. */
interface Known {
  readonly incarnation: string;
  readonly generation: number;
  readonly position: Position;
}

export class RowKeeper {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly store: EventStore,
    private readonly views: ViewStore,
  ) {}

  /**
   * `covered`: the projectors have written everything up to there into rows, since this keeper last healed or rebuilt the view; null
   * where that is not known. Without a checkpoint rows are made from the first event; where rows may have gone since the last
   * look, as after a restart of the view store, from the checkpoint that is left.
   */
  async tend(projector: KeptView, covered: Position | null, signal: AbortSignal): Promise<Tended> {
    const incarnation = await this.views.incarnation();
    const found = await this.look(projector.view, incarnation);
    const known = this.known.get(projector.view);
    if (found === null) {
      if ((await this.store.head()) === null) return 'nothing';
      await projector.rebuild(signal);
      return this.made(projector.view, 'rebuilt', incarnation, signal);
    }
    // Also after a rebuild by somebody else: whoever did it may have ended right after the switch, and what is known to be covered
    // was in the rows before.
    if (known === undefined || known.incarnation !== found.incarnation || known.generation !== found.generation || known.position !== found.position) {
      await projector.catchUp(signal);
      return this.made(projector.view, 'healed', incarnation, signal);
    }
    if (covered === null || covered === found.position) return 'nothing';
    return this.move(projector.view, found, covered);
  }

  private async move(name: string, known: Known, to: Position): Promise<Tended> {
    const view = { name, generation: known.generation };
    if (!(await this.views.moveCheckpoint(view, known.position, to))) return 'nothing';
    if ((await this.views.incarnation()) !== known.incarnation) {
      // Rows may have gone while the checkpoint went on. The next look finds that out from where it was.
      await this.views.moveCheckpoint(view, to, known.position);
      return 'nothing';
    }
    this.known.set(name, { ...known, position: to });
    return 'moved';
  }

  /** `incarnation`: of before; if it is another by now, the next look finds that. */
  private async made(name: string, how: 'healed' | 'rebuilt', incarnation: string, signal: AbortSignal): Promise<Tended> {
    const found = signal.aborted ? null : await this.look(name, incarnation);
    if (found === null) this.known.delete(name);
    else this.known.set(name, found);
    return how;
  }

  private async look(name: string, incarnation: string): Promise<Known | null> {
    const generation = await this.views.liveGeneration(name);
    const position = await this.views.checkpoint({ name, generation });
    return position === null ? null : { incarnation, generation, position };
  }
}
