// A small projection with late events, for specs of the runtime: which numbers a learner saw, in the order of their
// times, and how many notes somebody made beside that.
import { eventCodec, type Envelope } from '../event-codec.js';
import { MemoryStore } from '../memory-store.js';
import { MemoryViews } from '../memory-views.js';
import type { Projection, Sources } from '../projection.js';
import type { EventId, StreamName } from '../records.js';

export interface Tally {
  readonly seen: readonly number[];
  readonly newest: number;
  readonly notes: number;
}

const NOTHING: Tally = { seen: [], newest: -1, notes: 0 };

export function tally(version = '1'): Projection<Tally> {
  return {
    name: 'tally',
    versionFor: () => version,
    versionOf: () => version,
    prefix: 'learner-',
    initial: () => NOTHING,
    fold: (state, event) => (event.type === 'Seen' && event.meta.occurredAt <= state.newest ? 'late' : apply(state, event)),
    arrange: (events) => [...inOrder(events.filter(({ type }) => type === 'Seen')), ...events.filter(({ type }) => type !== 'Seen')],
    refold(_key, events) {
      const seen = new Map(events.filter(({ type }) => type === 'Seen').map((event) => [event.id, event]));
      return [...inOrder([...seen.values()]), ...events.filter(({ type }) => type !== 'Seen')].reduce(apply, NOTHING);
    },
    encode: (state) => new TextEncoder().encode(JSON.stringify(state)),
    // Only `encode` writes these bytes.
    decode: (bytes) => JSON.parse(new TextDecoder().decode(bytes)) as Tally,
  };
}

function inOrder(events: readonly Envelope[]): readonly Envelope[] {
  return events.toSorted((a, b) => a.meta.occurredAt - b.meta.occurredAt);
}

function apply(state: Tally, { type, data, meta }: Envelope): Tally {
  if (type === 'Noted') return { ...state, notes: state.notes + 1 };
  // Only `World.add` writes these events.
  return { ...state, seen: [...state.seen, (data as { n: number }).n], newest: meta.occurredAt };
}

export interface World extends Sources {
  readonly store: MemoryStore;
  readonly views: MemoryViews;
  /** Appends to one learner: a number is seen at that time, 'note' is a note. */
  add(key: string, ...what: readonly (number | 'note')[]): Promise<void>;
}

export function world({ store = new MemoryStore(() => 0), views = new MemoryViews() }: Partial<Pick<World, 'store' | 'views'>> = {}): World {
  const codec = eventCodec({ dictionary: ['n'], types: { Seen: [], Noted: [] } });
  let events = 0;
  return {
    store,
    views,
    codec,
    async add(key, ...what) {
      const outgoing = what.map((one) => {
        // A UUID by construction.
        const id = `00000000-0000-5000-8000-${(events++).toString(16).padStart(12, '0')}` as EventId;
        const event = one === 'note' ? { type: 'Noted', data: {} } : { type: 'Seen', data: { n: one } };
        return codec.encode(id, '0', event, { source: 'spec', occurredAt: one === 'note' ? 0 : one, schema: 1 });
      });
      await store.append(`learner-${key}` as StreamName, outgoing, 'any');
    },
  };
}
