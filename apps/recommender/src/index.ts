export { ClassroomDesk } from './classroom-desk.js';
export type { Enrolled } from './classroom-desk.js';
export { RecommenderModule } from './recommender.module.js';
