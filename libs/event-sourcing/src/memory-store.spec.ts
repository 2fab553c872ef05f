import { MemoryStore } from './memory-store.js';
import { storeContract } from './testing/store-contract.js';

const NOON = Date.UTC(2026, 2, 2, 12);

storeContract('MemoryStore', () => {
  const store = new MemoryStore(() => NOON);
  return Promise.resolve({ store, close: () => store.close() });
});
