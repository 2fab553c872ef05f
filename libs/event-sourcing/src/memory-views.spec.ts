import { MemoryViews } from './memory-views.js';
import { viewStoreContract } from './testing/view-store-contract.js';

viewStoreContract('MemoryViews', () => {
  const views = new MemoryViews();
  return Promise.resolve({ views, close: () => views.close() });
});
