// What every event store must do, as one suite. A store that needs more patience sets Jest's timeout around it.
import { appendContract } from './contract-appends.js';
import type { OpenedStore, WithStore } from './contract-events.js';
import { followContract } from './contract-follow.js';
import { readContract } from './contract-reads.js';

export type { OpenedStore } from './contract-events.js';

export interface StoreKnowledge {
  /** Whether the store looks an id up in every stream, or only in the one that is appended to. */
  readonly knowsAllIds?: boolean;
}

/** `open` gives an empty store each time. Uses Jest's globals. */
export function storeContract(name: string, open: () => Promise<OpenedStore>, { knowsAllIds = true }: StoreKnowledge = {}): void {
  const withStore: WithStore = (use) => async () => {
    const opened = await open();
    try {
      await use(opened);
    } finally {
      await opened.close();
    }
  };
  describe(`${name} as an event store`, () => {
    appendContract(withStore, { knowsAllIds });
    readContract(withStore);
    followContract(withStore);
  });
}
