export { DataHeldError } from '@trellis/embedded';
export { engineOn, openEngine, pause } from './engine.js';
export type { Engine, EngineOptions, ViewProjector } from './engine.js';
