// The port to the truth. Every adapter passes `storeContract` in `testing/`.
import type { EventId, Outgoing, Position, Recorded, Revision, StreamName } from './records.js';

/** The revision the stream must have (`EMPTY` for none yet). `'any'` is for facts, which nothing can overtake. */
export type Expected = Revision | 'any';

export interface Appended {
  /** Of the last event of the append. */
  readonly revision: Revision;
  readonly position: Position;
  /** True when every id was in the stream already: nothing was written, the place is that of the first time. */
  readonly repeated: boolean;
}

export interface Observation {
  readonly stream: StreamName;
  readonly event: Outgoing;
}

/** `contradiction`: the id is known with another digest; what was recorded first stands. */
export type Outcome = 'accepted' | 'duplicate' | 'contradiction';

export interface Recording {
  /** One for each observation, in their order. */
  readonly outcomes: readonly Outcome[];
  /** The newest durable position that covers the whole batch, or null for an empty log. */
  readonly position: Position | null;
}

export interface FollowedPage {
  /** Matching records in the order of the log; may be empty. */
  readonly records: readonly Recorded[];
  /** Everything up to here has been seen; where to follow on from. */
  readonly position: Position | null;
  /** True when nothing durable lies behind `position`. */
  readonly caughtUp: boolean;
}

export interface FollowOptions {
  /** Exclusive; null starts at the first event. */
  readonly after: Position | null;
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Only streams whose name begins so, for example `course-`. */
  readonly prefix?: string;
}

export interface EventStore {
  /**
   * All or nothing. Resolves only when durable. `'conflict'` when the stream is not at `expected`, when some but not all
   * ids are in the stream, or when one is in another stream (where the store knows the ids of all); an append whose ids
   * are all there already is a repeat whatever is expected.
   */
  append(stream: StreamName, events: readonly Outgoing[], expected: Expected): Promise<Appended | 'conflict'>;

  /** Facts of many streams at once, each effective once per id. Resolves only when all are durable. */
  appendObservations(batch: readonly Observation[]): Promise<Recording>;

  /** Pages of a stream in revision order. `from` and `to` are inclusive. A stream that does not exist has no pages. */
  read(stream: StreamName, range?: { readonly from?: Revision; readonly to?: Revision }): AsyncIterable<readonly Recorded[]>;

  /** Pages of the whole log up to what was durable at the call. `after` is exclusive. */
  readAll(range?: { readonly after?: Position | null; readonly prefix?: string }): AsyncIterable<readonly Recorded[]>;

  /** Pages of the log, then of what is appended later, until the signal. */
  follow(options: FollowOptions): AsyncIterable<FollowedPage>;

  /** The record of this id in this stream, or null. */
  find(stream: StreamName, id: EventId): Promise<Recorded | null>;

  /** The newest durable position, or null for an empty log. */
  head(): Promise<Position | null>;

  /** How many events lie behind `after` up to what is durable now. Exact where positions are gapless, else an estimate. */
  lag(after: Position | null): Promise<number>;

  close(): Promise<void>;
}
