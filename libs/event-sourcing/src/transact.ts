// The only place where load, conflict and retry meet.
import { isRefusal, type Decider, type DomainEvent, type Refusal } from './decider.js';
import type { Appended } from './event-store.js';
import type { Loaded } from './projection.js';
import type { Position, Revision } from './records.js';

export interface Target<State, Event extends DomainEvent> {
  /** Row + tail. */
  readonly load: () => Promise<Loaded<State>>;
  /** Ids must be fixed before the first try, so that a try whose outcome got lost is a repeat and not a second event. */
  readonly append: (events: readonly Event[], expected: Revision) => Promise<Appended | 'conflict'>;
}

export interface Settled<Event> {
  /** Empty when it was already so. */
  readonly events: readonly Event[];
  readonly revision: Revision;
  /** Null when nothing had to be appended. */
  readonly position: Position | null;
}

const TRIES_MAX = 5;

/** Load, decide, append; on a conflict load again and decide again. */
export async function transact<Command, State, Event extends DomainEvent, Code extends string>(
  target: Target<State, Event>,
  decider: Pick<Decider<Command, State, Event, Code>, 'decide'>,
  command: Command,
): Promise<Settled<Event> | Refusal<Code>> {
  for (let tried = 1; tried <= TRIES_MAX; tried++) {
    const { state, revision } = await target.load();
    const events = decider.decide(command, state);
    if (isRefusal(events)) return events;
    if (events.length === 0) return { events, revision, position: null };
    const appended = await target.append(events, revision);
    if (appended !== 'conflict') return { events, revision: appended.revision, position: appended.position };
  }
  throw new ContentionError(`still in conflict after ${TRIES_MAX} tries`);
}

/** Others kept changing the stream between load and append. Trying later is safe. */
export class ContentionError extends Error {
  readonly retriable = true;
}
