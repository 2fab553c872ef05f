export { live, specFor } from './spec-for.js';
export { storeContract } from './store-contract.js';
export type { OpenedStore } from './store-contract.js';
export { viewStoreContract } from './view-store-contract.js';
export type { OpenedViews } from './view-store-contract.js';
