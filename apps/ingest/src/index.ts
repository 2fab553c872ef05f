export { CourseDesk, courseSchema } from './course-desk.js';
export type { Published } from './course-desk.js';
export { Edge } from './edge.js';
export { eventSchema } from './event.schema.js';
export type { EventInput } from './event.schema.js';
export { IngestModule } from './ingest.module.js';
export { BATCH_EVENTS_MAX, Intake, rowsOf } from './intake.js';
export type { Intaken, Rejection } from './intake.js';
