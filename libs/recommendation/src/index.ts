export { courseMap } from './course-map.js';
export { differences } from './differences.js';
export { decide, ENGINE_VERSION } from './engine.js';
export type { Circumstances } from './engine.js';
export { Recommender } from './recommender.js';
export type { Ask, AskRefusal, Made, Recomputed } from './recommender.js';
export { recommendationBody } from './wire.js';
export type { RecommendationBody } from './wire.js';
