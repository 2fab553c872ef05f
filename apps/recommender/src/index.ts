export { askOf, askSchema, learnerSchema } from './ask.schema.js';
export type { AskBody } from './ask.schema.js';
export { ClassroomDesk } from './classroom-desk.js';
export type { Enrolled } from './classroom-desk.js';
export { masteryBody, MasteryHandler, MasteryQuery } from './mastery.query.js';
export type { MasteryBody } from './mastery.query.js';
export { RecommenderModule } from './recommender.module.js';
export { strategySchema } from './strategy.schema.js';
