// Small events and readers for the contract suites: names and contents are numbered, so failures read well.
import type { EventId, Outgoing, Recorded, StreamName } from '../records.js';
import type { EventStore, FollowedPage } from '../event-store.js';

export interface OpenedStore {
  readonly store: EventStore;
  /** Closes the store and opens the same data again; absent where nothing outlives the process. */
  readonly reopen?: () => Promise<EventStore>;
  close(): Promise<void>;
}

/** Runs one case on a store of its own. */
export type WithStore = (use: (opened: OpenedStore) => Promise<void>) => () => Promise<void>;

/** Streams are named `{prefix}-contract.{name}`. */
export function streamNamed(name: string | number, prefix = 'learner'): StreamName {
  return `${prefix}-contract.${name}` as StreamName; // the contract makes its own names
}

export function idOf(n: number): EventId {
  return `00000000-0000-5000-8000-${n.toString(16).padStart(12, '0')}` as EventId; // a UUID by construction
}

/** The n-th event: its id, digest and bytes follow from `n`. */
export function eventOf(n: number, change: Partial<Outgoing> = {}): Outgoing {
  const bytes = new TextEncoder().encode(`{"n":${n}}`);
  return { id: idOf(n), type: n % 2 === 0 ? 'AnswerGiven' : 'HintTaken', digest: n.toString(16).padStart(16, '0'), bytes, ...change };
}

export function eventsOf(first: number, count: number): Outgoing[] {
  return Array.from({ length: count }, (_, index) => eventOf(first + index));
}

export async function collect(pages: AsyncIterable<readonly Recorded[]>): Promise<Recorded[]> {
  const records: Recorded[] = [];
  for await (const page of pages) records.push(...page);
  return records;
}

/** What came in, of what came out: for comparison with `eventOf`. */
export function outgoing({ id, type, digest, bytes }: Recorded): Outgoing {
  return { id, type, digest, bytes: Uint8Array.from(bytes) };
}

/** Takes pages until `done` says so, then ends the iteration through its signal. */
export async function followUntil(
  pages: AsyncIterable<FollowedPage>,
  stop: AbortController,
  done: (records: readonly Recorded[], page: FollowedPage) => boolean,
): Promise<Recorded[]> {
  const records: Recorded[] = [];
  for await (const page of pages) {
    records.push(...page.records);
    if (done(records, page)) stop.abort();
  }
  return records;
}
