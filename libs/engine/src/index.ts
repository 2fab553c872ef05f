export { DataHeldError } from '@trellis/embedded';
export { engineOn, openEngine } from './engine.js';
export type { Engine, EngineOptions, ViewProjector } from './engine.js';
