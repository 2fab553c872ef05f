// Known bugs of an event store, planted between the real one and whoever uses it.
import type { EventId, EventStore, Outgoing, Position, Recorded, StreamName } from '@trellis/event-sourcing';
import type { Setting } from './alterations.js';
import { collect } from './collect.js';
import { passedOnStore } from './passed-on.js';
import type { PlantedBug } from './planted-bug.js';

const CLOCK_OFF_MS = 5_000;
const INDEX_LAG_MS = 40;
/** Marks of the same id, taken a second time under another: what the readers see is the id as it was sent. */
const [FIRST, SECOND] = ['-8000-', '-9000-'] as const;

export const PLANTED_IN_STORE: readonly PlantedBug[] = [
  {
    name: 'read before durable',
    caughtBy: ['readers', 'positions', 'revisions', 'once', 'durable', 'conflict', 'time'],
    alterations: { store: withPending },
  },
  {
    name: 'duplicate accepted in the index lag',
    caughtBy: ['once'],
    alterations: { store: withIndexLag },
  },
  {
    name: 'truncated history',
    caughtBy: ['answers', 'rows'],
    alterations: {
      store: (store) =>
        passedOnStore(store, {
          async *read(stream, range) {
            const from = range?.from ?? 0;
            for await (const page of store.read(stream, range)) yield page.filter(({ revision }) => from > 0 || revision > 0 || page.length < 4);
          },
        }),
    },
  },
  {
    name: 'conflict ignored',
    caughtBy: ['conflict'],
    alterations: { store: (store) => passedOnStore(store, { append: (stream, events) => store.append(stream, events, 'any') }) },
  },
  {
    name: 'a batch appended in two halves',
    caughtBy: ['whole', 'once', 'conflict'],
    alterations: {
      store: (store) =>
        passedOnStore(store, {
          append: async (stream, events, expected) => {
            if (events.length < 2) return store.append(stream, events, expected);
            const first = await store.append(stream, events.slice(0, 1), expected);
            return first === 'conflict' ? first : store.append(stream, events.slice(1), 'any');
          },
        }),
    },
  },
  {
    name: 'times that go back',
    caughtBy: ['time'],
    alterations: {
      store: (store) =>
        passedOnStore(store, {
          async *readAll(range) {
            for await (const page of store.readAll(range)) yield page.map((record) => (Number(record.position) % 7 === 3 ? { ...record, recordedAt: record.recordedAt - CLOCK_OFF_MS } : record));
          },
        }),
    },
  },
  {
    name: 'a follower that goes on one too far',
    caughtBy: ['follow'],
    alterations: {
      store: (store) =>
        passedOnStore(store, {
          async *follow(options) {
            for await (const page of store.follow(options)) yield options.after === null ? page : { ...page, records: page.records.slice(1) };
          },
        }),
    },
  },
  {
    name: 'a follower that passes over the end of a long page',
    caughtBy: ['follow'],
    alterations: {
      store: (store) =>
        passedOnStore(store, {
          async *follow(options) {
            for await (const page of store.follow(options)) yield page.records.length < 6 ? page : { ...page, records: page.records.slice(0, -1) };
          },
        }),
    },
  },
  {
    name: 'an event found in another stream',
    caughtBy: ['answers'],
    alterations: {
      store: (store) => passedOnStore(store, { find: async (_stream, id) => (await collect(store.readAll())).find((record) => record.id === id) ?? null }),
    },
  },
  {
    name: 'a contradiction taken for a repeat',
    caughtBy: ['once'],
    alterations: {
      store: (store) =>
        passedOnStore(store, {
          appendObservations: async (batch) => {
            const recording = await store.appendObservations(batch);
            return { ...recording, outcomes: recording.outcomes.map((outcome) => (outcome === 'contradiction' ? 'duplicate' : outcome)) };
          },
        }),
    },
  },
];

/** What one store has been given and has not answered yet, for all that look at it. */
const pending = new WeakMap<EventStore, Map<StreamName, readonly Outgoing[]>>();

/** Shows what is on its way to the disk as if it were there. */
function withPending(store: EventStore, { clock }: Setting): EventStore {
  const waiting = pending.get(store) ?? new Map<StreamName, readonly Outgoing[]>();
  pending.set(store, waiting);
  return passedOnStore(store, {
    append: (stream, events, expected) => {
      waiting.set(stream, events);
      return store.append(stream, events, expected).finally(() => waiting.delete(stream));
    },
    async *read(stream, range) {
      let revision = -1;
      for await (const page of store.read(stream, range)) {
        revision = page.at(-1)?.revision ?? revision;
        yield page;
      }
      const events = waiting.get(stream) ?? [];
      if (events.length === 0 || range?.to !== undefined || revision < 0) return;
      const head = Number((await store.head()) ?? 0);
      yield events.map((event, n): Recorded => ({
        ...event,
        stream,
        revision: revision + 1 + n,
        // As the embedded store numbers them.
        position: String(head + 1 + n) as Position,
        recordedAt: clock(),
      }));
    },
  });
}

/** When ids were sent last, for all that use one store. */
const sentAt = new WeakMap<EventStore, Map<EventId, number>>();

/** Does not know an id that came in just now, because the index does not have it yet. */
function withIndexLag(store: EventStore, { clock }: Setting): EventStore {
  const sent = sentAt.get(store) ?? new Map<EventId, number>();
  sentAt.set(store, sent);
  const taken = (event: Outgoing): Outgoing => {
    const isNew = clock() - (sent.get(event.id) ?? -Infinity) < INDEX_LAG_MS;
    sent.set(event.id, clock());
    return isNew ? { ...event, id: event.id.replace(FIRST, SECOND) as EventId } : event;
  };
  const shown = (record: Recorded): Recorded => ({ ...record, id: record.id.replace(SECOND, FIRST) as EventId });
  return passedOnStore(store, {
    appendObservations: (batch) => store.appendObservations(batch.map(({ stream, event }) => ({ stream, event: taken(event) }))),
    async *read(stream, range) {
      for await (const page of store.read(stream, range)) yield page.map(shown);
    },
    async *readAll(range) {
      for await (const page of store.readAll(range)) yield page.map(shown);
    },
    async *follow(options) {
      for await (const page of store.follow(options)) yield { ...page, records: page.records.map(shown) };
    },
  });
}
