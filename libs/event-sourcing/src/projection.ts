// A row as a fold of one stream, and how to get it fresh: the row plus the stream's later events.
import type { Envelope, EventCodec, Reads } from './event-codec.js';
import type { EventStore } from './event-store.js';
import { EMPTY, type Recorded, type Revision, type StreamName } from './records.js';
import type { Row, ViewStore } from './view-store.js';

/** Pure. A state may be changed in place: whoever holds one owns it. */
export interface Projection<State> {
  /** The view's name. */
  readonly name: string;
  /** Of the fold and its parameters, as a row of this key should be now; rows of another version are folded again. */
  readonly versionFor: (key: string) => string;
  /** What a state was folded by. */
  readonly versionOf: (state: State) => string;
  /** The streams it folds: those whose name begins so. The rest of the name is the row's key. */
  readonly prefix: string;
  readonly initial: (key: string) => State;
  /** Of events that it reads little of: what. */
  readonly reads?: Reads;
  /** `'late'` when the event cannot be folded onto the state, as one that does not come after everything folded so far: the whole stream must be folded again. */
  readonly fold: (state: State, event: Envelope) => State | 'late';
  /** The same events in an order in which fewer of them are late; what they make of a state is the same. */
  readonly arrange?: (events: readonly Envelope[]) => readonly Envelope[];
  /** The same state from a whole stream, given in revision order: puts events in order and drops repeats. */
  readonly refold: (key: string, events: readonly Envelope[]) => State;
  readonly encode: (state: State) => Uint8Array;
  readonly decode: (bytes: Uint8Array, key: string) => State;
}

export interface Sources {
  readonly store: EventStore;
  readonly views: ViewStore;
  readonly codec: EventCodec;
}

export interface Loaded<State> {
  readonly state: State;
  /** The newest event that the state contains; `EMPTY` for a stream that does not exist. */
  readonly revision: Revision;
}

/** A reader that had to fold more events than this writes the row back for the next reader; so does one whose row was of another version. */
const FOLDED_EVENTS_KEPT = 200;
/** So many events are put in order together. */
const ARRANGED_EVENTS_MAX = 1_024;

export function streamOf(projection: Pick<Projection<unknown>, 'prefix'>, key: string): StreamName {
  // A projection's prefix and key make a name of its kind of stream by definition.
  return `${projection.prefix}${key}` as StreamName;
}

/** Row + tail: rests on every acknowledged event of the stream, however far projectors lag. */
export async function load<State>(sources: Sources, projection: Projection<State>, key: string): Promise<Loaded<State>> {
  const view = { name: projection.name };
  const [row] = await sources.views.read(view, [key]);
  const start = usable(projection, row ?? null, key);
  const isOutdated = row !== null && row !== undefined && row.version !== projection.versionFor(key);
  const { events, ...loaded } = await tailOn(sources, projection, key, start, {});
  if (events > FOLDED_EVENTS_KEPT || (isOutdated && loaded.revision >= row.revision)) {
    // A favour to the next reader. What keeps it from being written is told by the projector, which cannot do without.
    await sources.views.write(view, [{ key, row: rowOf(projection, loaded) }]).catch(() => undefined);
  }
  return loaded;
}

/** Row + tail up to a revision (inclusive), and one event more that is not in the log yet. */
export async function loadWith<State>(sources: Sources, projection: Projection<State>, key: string, to: Revision, event: Envelope): Promise<State> {
  const [row] = await sources.views.read({ name: projection.name }, [key]);
  const start = usable(projection, row ?? null, key);
  // A row may have been written meanwhile that is ahead.
  const from = start.revision <= to ? start : { state: projection.initial(key), revision: EMPTY };
  return (await tailOn(sources, projection, key, from, { to, event })).state;
}

/** Folds the events after `start`, to the end of the stream or to a revision (inclusive). */
export async function foldOn<State>(sources: Pick<Sources, 'store' | 'codec'>, projection: Projection<State>, key: string, start: Loaded<State>, to?: Revision): Promise<Loaded<State>> {
  const { state, revision } = await tailOn(sources, projection, key, start, to === undefined ? {} : { to });
  return { state, revision };
}

/** As `foldOn`, to the end of the stream; 'late' where the state is too new for what is there, and is of no use any more. */
export async function follow<State>(sources: Pick<Sources, 'store' | 'codec'>, projection: Projection<State>, key: string, start: Loaded<State>): Promise<Loaded<State> | 'late'> {
  const { isLate, state, revision } = await foldTail(sources, projection, key, start, {});
  return isLate ? 'late' : { state, revision };
}

interface Tail {
  readonly to?: Revision;
  /** Folded with the rest although the log does not have it. */
  readonly event?: Envelope;
}

/** `events`: how many were folded for it. */
async function tailOn<State>(sources: Pick<Sources, 'store' | 'codec'>, projection: Projection<State>, key: string, start: Loaded<State>, tail: Tail): Promise<Loaded<State> & { readonly events: number }> {
  const { isLate, state, revision } = await foldTail(sources, projection, key, start, tail);
  if (!isLate) return { state, revision, events: revision - start.revision };
  return { state: await refold(sources, projection, key, revision, tail.event), revision, events: revision - EMPTY };
}

async function foldTail<State>(
  { store, codec }: Pick<Sources, 'store' | 'codec'>,
  projection: Projection<State>,
  key: string,
  start: Loaded<State>,
  { to, event }: Tail,
): Promise<Loaded<State> & { readonly isLate: boolean }> {
  let { state, revision } = start;
  let isLate = false;
  let waiting: Envelope[] = [];
  const foldWaiting = (): void => {
    for (const each of projection.arrange?.(waiting) ?? waiting) {
      const next = projection.fold(state, each);
      if (next === 'late') {
        isLate = true;
        break;
      }
      state = next;
    }
    waiting = [];
  };
  for await (const page of store.read(streamOf(projection, key), { from: start.revision + 1, ...(to === undefined ? {} : { to }) })) {
    for (const record of page) {
      revision = record.revision;
      if (isLate) continue;
      const next = codec.decode(record, projection.reads);
      if (next !== null) waiting.push(next);
      if (waiting.length >= ARRANGED_EVENTS_MAX) foldWaiting();
    }
  }
  if (event !== undefined) waiting.push(event);
  if (!isLate) foldWaiting();
  return { state, revision, isLate };
}

/** The whole stream up to a revision (inclusive), and perhaps one event more, in the order of what happened. */
export async function refold<State>(
  { store, codec }: Pick<Sources, 'store' | 'codec'>,
  projection: Projection<State>,
  key: string,
  to: Revision,
  event?: Envelope,
): Promise<State> {
  const events: Envelope[] = [];
  for await (const page of store.read(streamOf(projection, key), { to })) events.push(...known(codec, page, projection.reads));
  if (event !== undefined) events.push(event);
  return projection.refold(key, events);
}

/** Those of the records that the codec knows, decoded. */
export function known(codec: EventCodec, records: readonly Recorded[], reads?: Reads): readonly Envelope[] {
  const events: Envelope[] = [];
  for (const record of records) {
    const event = codec.decode(record, reads);
    if (event !== null) events.push(event);
  }
  return events;
}

/** What a row gives to start from; nothing, if it is absent, of another version, or cannot be read: the log has everything. */
export function usable<State>(projection: Projection<State>, row: Row | null, key: string): Loaded<State> {
  const none = (): Loaded<State> => ({ state: projection.initial(key), revision: EMPTY });
  if (row === null || row.version !== projection.versionFor(key)) return none();
  try {
    return { state: projection.decode(row.bytes, key), revision: row.revision };
  } catch {
    // A row is derived. What is wrong with this one is gone once it is written again.
    return none();
  }
}

export function rowOf<State>(projection: Projection<State>, { state, revision }: Loaded<State>): Row {
  return { revision, version: projection.versionOf(state), bytes: projection.encode(state) };
}

/** The key of the row that a record belongs to. */
export function keyOf(projection: Pick<Projection<unknown>, 'prefix'>, { stream }: Pick<Recorded, 'stream'>): string {
  return stream.slice(projection.prefix.length);
}
