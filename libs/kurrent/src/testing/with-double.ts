// One case on a double of its own, for the specs of faults.
import type { EventStore, FollowedPage, Recorded, StreamName } from '@trellis/event-sourcing';
import { openKurrent, type KurrentOptions } from '../open-kurrent.js';
import { openKurrentDouble, type KurrentDouble, type KurrentDoubleOptions } from './kurrent-double.js';

export const ana = 'learner-contract.ana' as StreamName; // names of ours by construction
export const ben = 'learner-contract.ben' as StreamName;
export const course = 'course-contract.algebra' as StreamName;

export interface Case {
  readonly double: KurrentDouble;
  readonly store: EventStore;
  /** Another store on the same double, as another process would have it. */
  another(): EventStore;
}

export function withDouble(use: (opened: Case) => Promise<void>, options: KurrentDoubleOptions & KurrentOptions = {}): () => Promise<void> {
  return async () => {
    const double = await openKurrentDouble(options);
    const stores: EventStore[] = [];
    const another = (): EventStore => {
      const { store } = openKurrent(double.connectionString, options);
      stores.push(store);
      return store;
    };
    try {
      await use({ double, store: another(), another });
    } finally {
      for (const store of stores) await store.close();
      await double.close();
    }
  };
}

/** Follows until `done` says so, and gives the pages. */
export async function followedUntil(store: EventStore, after: FollowedPage['position'], done: (records: readonly Recorded[], page: FollowedPage) => boolean, prefix = ''): Promise<FollowedPage[]> {
  const stop = new AbortController();
  const pages: FollowedPage[] = [];
  const records: Recorded[] = [];
  for await (const page of store.follow({ after, signal: stop.signal, prefix })) {
    pages.push(page);
    records.push(...page.records);
    if (done(records, page)) stop.abort();
  }
  return pages;
}
